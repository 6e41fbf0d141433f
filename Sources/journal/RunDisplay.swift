import Dispatch
import Locking
import Report
import Scheduler

/// Shows on standard error how a run goes. (The clock is set once, and its methods may be called from any thread.)
final class RunDisplay: RunObserver, @unchecked Sendable {
    private let showsProgress: Bool
    private let terminal = Terminal.standardError
    private let display = Locked<ProgressDisplay?>(nil)
    private let clock = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "journal.progress"))

    /// - Parameter showsProgress: whether to show remarks, and how far it has come; messages are always shown.
    init(showsProgress: Bool) {
        self.showsProgress = showsProgress
        // A long step tells nothing meanwhile, and time passes all the same.
        clock.setEventHandler { [weak self] in self?.display.withLock(\.self)?.tick() }
        clock.schedule(deadline: .now() + 1, repeating: 1)
        clock.activate()
    }

    deinit { clock.cancel() }

    func begin(total: Double, done: Double) {
        guard showsProgress else { return }
        display.withLock {
            $0 = ProgressDisplay(
                total: total, done: done, unit: "step", drawsBar: terminal.obeysEscapeCodes,
                usesUnicode: terminal.usesUnicode, width: Terminal.standardError.width, write: StandardError.write,
                now: { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 })
        }
    }

    func extend(total: Double) { display.withLock(\.self)?.extend(total: total) }

    func update(done: Double, label: String) {
        display.withLock(\.self)?.update(done: done, label: terminal.spelled(label))
    }

    func message(_ text: String) {
        if let display = display.withLock(\.self) {
            display.message(text)
        } else {
            StandardError.write(text + "\n")
        }
    }

    func remark(_ text: String) {
        if showsProgress { message(text) }
    }

    func end() {
        display.withLock { display in
            display?.finish()
            display = nil
        }
    }
}
