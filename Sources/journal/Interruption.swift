import Dispatch
import Foundation
import Scheduler

/// Has a run stop in good order when it is told to by a signal; told a second time, it ends at once.
final class Interruption: @unchecked Sendable {
    static let exitCode: Int32 = 130

    private let stop: StopFlag
    private let notice: @Sendable () -> Void
    private let queue = DispatchQueue(label: "journal.interruption")
    private var sources: [any DispatchSourceSignal] = []

    /// Watches for signals from now on.
    ///
    /// - Parameters:
    ///   - stop: what the first signal sets.
    ///   - notice: tells the person that the first signal was heard.
    init(_ stop: StopFlag, notice: @escaping @Sendable () -> Void) {
        self.stop = stop
        self.notice = notice
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            let wasIgnored =
                unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
            // What nohup has ignored stays so. (Shells have background jobs ignore SIGINT; sent to one, it is meant.)
            if wasIgnored, number == SIGHUP { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [unowned self] in heard() }
            source.resume()
            return source
        }
    }

    private func heard() {
        if stop.isSet {
            if isatty(STDERR_FILENO) == 1 { StandardError.write("\n") }
            _exit(Self.exitCode)
        }
        stop.set()
        notice()
    }
}
