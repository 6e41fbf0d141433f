import Dispatch
import Locking
import Scheduler

/// Writes down how far a task has come, now and then, for whoever waits on another machine.
final class TaskObserver: RunObserver {
    private struct State {
        var report: TaskReport
        var writtenAt = DispatchTime.now()
    }

    /// Seconds from one report to the next.
    private static let period = 5.0

    private let folder: RunFolder
    private let log: @Sendable (String) -> Void
    private let state: Locked<State>

    init(_ report: TaskReport, _ folder: RunFolder, log: @escaping @Sendable (String) -> Void) {
        self.folder = folder
        self.log = log
        state = Locked(State(report: report))
    }

    func begin(total: Double, done: Double) {
        state.withLock { state in
            (state.report.total, state.report.done) = (total, done)
            write(&state)
        }
    }

    func extend(total: Double) { state.withLock { $0.report.total = total } }

    func update(done: Double, label: String) {
        state.withLock { state in
            (state.report.done, state.report.label) = (done, label)
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - state.writtenAt.uptimeNanoseconds) * 1e-9
            if seconds > Self.period { write(&state) }
        }
    }

    func message(_ text: String) { log(text) }

    func remark(_ text: String) { log(text) }

    func end() {}

    /// Writes down how the task ends.
    func finish(_ ending: TaskReport.State, isAhead: Bool = false, _ message: String? = nil) {
        state.withLock { state in
            (state.report.state, state.report.isAhead, state.report.message) = (ending, isAhead, message)
            write(&state)
        }
    }

    /// That a report cannot be written stops no work: the shard has the results.
    private func write(_ state: inout State) {
        do { try folder.write(state.report) } catch { log("The report cannot be written: \(error)") }
        state.writtenAt = DispatchTime.now()
    }
}
