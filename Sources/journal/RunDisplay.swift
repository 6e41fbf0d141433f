import Dispatch
import Report
import Scheduler
import Synchronization

/// Shows on standard error how a run goes.
final class RunDisplay: RunObserver {
    private let showsProgress: Bool
    private let display = Mutex<ProgressDisplay?>(nil)

    /// - Parameter showsProgress: whether to show how far it has come; messages are always shown.
    init(showsProgress: Bool) {
        self.showsProgress = showsProgress
    }

    func begin(total: Double, done: Double) {
        guard showsProgress else { return }
        let terminal = Terminal.standardError
        display.withLock {
            $0 = ProgressDisplay(
                total: total, done: done, unit: "steps", isTerminal: terminal.isTerminal,
                usesUnicode: terminal.usesUnicode, width: Terminal.standardError.width, write: StandardError.write,
                now: { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 })
        }
    }

    func update(done: Double, label: String) {
        display.withLock(\.self)?.update(done: done, label: label)
    }

    func message(_ text: String) {
        if let display = display.withLock(\.self) {
            display.message(text)
        } else {
            StandardError.write(text + "\n")
        }
    }

    func end() {
        display.withLock { display in
            display?.finish()
            display = nil
        }
    }
}
