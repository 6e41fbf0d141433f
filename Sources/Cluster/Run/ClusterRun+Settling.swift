import JournalStore
import Wording

/// Sees what has become of tasks.
extension ClusterRun {
    /// Brings home the shards of shares that have come to their end, and notes why others have not.
    ///
    /// - Returns: what the journal has otherwise than a shard, a line each.
    /// - Throws: ``JournalError`` where the nodes' program is another one: then nothing of the run may run.
    func settle(_ tasks: [QueuedTask], into journal: Journal) throws -> [String] {
        let attempts = try files.attempts()
        let ours = tasks.filter { $0.jobName == manifest.jobName && $0.index != nil }
        let live = Set(ours.filter(\.isLive).compactMap(\.index))
        for task in ours where task.waitsForItsTime && requeued.insert(task.name).inserted {
            observer.message("Task \(task.index ?? 0), job \(task.name), was requeued by Slurm: its node was lost.")
            // Where the site forbids it, the task begins two minutes later.
            try? slurm.startNow(task)
        }
        let ended = Dictionary(grouping: ours.filter { !$0.isLive }) { $0.index ?? -1 }
        var finished: [Int] = []
        for share in shares.indices where shares[share].fate == .open {
            let reports = (attempts[share] ?? []).compactMap { files.report(share, attempt: $0) }
            shares[share].report = reports.last
            switch reports.last?.state {
            case .completed: finished.append(share)
            case .refused: try refuse(reports.last?.message ?? "the nodes' program refuses the run", tasks)
            default:
                guard !live.contains(share) else { continue }
                judge(share, reports, ended[share] ?? [])
            }
        }
        guard !finished.isEmpty else { return [] }
        let shards = finished.map { files.shard($0, attempt: attempts[$0]?.last ?? 0) }
        let outcome = try journal.merge(shards, areAtRest: true)
        // Trials that seem to be run here by another process are waited for until that is known to be gone.
        if outcome.busy == 0 { for share in finished { shares[share].fate = .done } }
        hasNews = true
        return outcome.faults.map(\.error.message)
            + outcome.conflicts.map { "\($0.experiment), \($0.subject), of \($0.path): \($0.difference)" }
    }

    private func refuse(_ message: String, _ tasks: [QueuedTask]) throws {
        try slurm.cancel(tasks.filter(\.isLive).map(\.job))
        throw JournalError(.usage, message)
    }

    /// Notes how the tasks of a share have ended that did not bring it to its end.
    ///
    /// - Parameters:
    ///   - reports: of its attempts, the newest last.
    ///   - ended: its tasks of which the queue still knows the end.
    private func judge(_ share: Int, _ reports: [TaskReport], _ ended: [QueuedTask]) {
        if var report = reports.last, shares[share].seen.insert("attempt \(report.attempt)").inserted {
            let task = ended.first { $0.name == report.job }
            if report.state == .running {
                report.state = .lost
                report.message = task.map(slurm.ending) ?? "it is gone, and the queue no longer knows why"
                // What is known of its end goes into the next attempt's shard, too.
                try? files.write(report)
                shares[share].report = report
            }
            // The attempts that were lost before this process began to wait count as well.
            let earlier = reports.dropLast().count { $0.state == .lost || $0.state == .failed }
            shares[share].failures = max(shares[share].failures, earlier)
            if report.isStoppedOnItsWay {
                tell(share, report, "told to stop, with checkpoints written")
            } else {
                fail(share, report, report.message ?? Self.tooShort)
            }
            if task?.state.hasPrefix("CANCELLED") == true, report.state != .stopped { shares[share].fate = .givenUp }
        }
        let known = Set(reports.map(\.job))
        for task in ended where !known.contains(task.name) && !task.isGivenUpByDependency {
            guard shares[share].seen.insert(task.name).inserted else { continue }
            // It never came to writing anything.
            let report = TaskReport(
                share: share, attempt: 0, job: task.name, node: task.node, state: .failed,
                message: "\(slurm.ending(of: task)); its messages are in \(files.logs)/\(task.name).txt")
            shares[share].report = report
            fail(share, report, report.message ?? "")
            if task.state.hasPrefix("CANCELLED") { shares[share].fate = .givenUp }
        }
    }

    private static let tooShort =
        "told to stop before it had completed a trial or written a checkpoint: give tasks more time (--time)"

    private func fail(_ share: Int, _ report: TaskReport, _ why: String) {
        shares[share].failures += 1
        if shares[share].failures >= ShareState.mostFailures { shares[share].fate = .givenUp }
        tell(share, report, why)
    }

    private func tell(_ share: Int, _ report: TaskReport, _ why: String) {
        hasNews = true
        let state = shares[share]
        let next = state.fate == .givenUp ? "it is given up" : "it is submitted again, and goes on where it was"
        let count = state.failures > 0 ? " (\(state.failures) of \(ShareState.mostFailures) failures)" : ""
        let node = report.node.isEmpty ? "" : " on \(report.node)"
        observer.message("Task \(share), job \(report.job)\(node), has ended: \(why); \(next)\(count).")
    }
}
