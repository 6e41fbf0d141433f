import Analysis
import JournalStore
import Nouns
import Report
import Scheduler
import Wording

/// What a person is told when an experiment's run has ended.
struct RunSummary {
    let request: RunRequest
    let report: RunReport
    let journal: Journal

    private var reference: String { "\(request.spec.name)@\(request.spec.hash.prefix(12))" }

    /// How many trials came to what.
    var line: String {
        let completed = report.completed + report.completedBefore
        if report.completedBefore == report.total, !request.startsOver {
            let all = report.total == 1 ? "its trial is" : "all \(report.total) trials are"
            return "\(reference): nothing left to do; \(all) completed (--fresh starts over)."
        }
        var parts = ["\(completed) of \(counted(report.total, "trial")) completed"]
        if report.completedBefore > 0 { parts[0] += ", \(report.completedBefore) of them before" }
        if report.failed > 0 { parts.append("\(counted(report.failed, "trial")) failed") }
        if report.blocked > 0 {
            let need = plural(report.blocked, "it needs", "they need")
            parts.append("\(counted(report.blocked, "trial")) not run, as \(need) one that failed")
        }
        if report.interrupted > 0 { parts.append("\(counted(report.interrupted, "trial")) interrupted") }
        if report.notBegun > 0 { parts.append("\(counted(report.notBegun, "trial")) not begun") }
        var end =
            report.wasStopped ? "Interrupted; the same command goes on from here." : "Recorded in \(journal.path)."
        if report.keepsOldResults { end += " Until it is complete, the old results stand." }
        return "\(reference): \(parts.joined(separator: "; ")). \(end)"
    }

    /// The results: the comparison, or what was learned.
    func results() throws -> String {
        let name = "\(request.spec.name)@\(request.spec.hash)"
        let summaries = request.kinds.summaries
        let compared = Set(summaries.filter(\.isCompared).map(\.kind))
        if request.plan.trials.contains(where: { compared.contains($0.kind) }) {
            return try Comparison(name, in: journal, kinds: summaries).text(for: .standardOutput)
        }
        let experiment = try journal.experiment(named: name)
        let told = try journal.learners(of: experiment.id).compactMap { trial in
            try journal.learnedOptimizer(trainedBy: trial.id).map { text(of: $0, trial) }
        }
        guard !told.isEmpty else { return "" }
        let which = told.count > 1 ? ", of which it takes the one with the lowest loss" : ""
        return told.joined()
            + "Another spec compares it with {\"kind\": \"stored\", \"name\": \"\(request.spec.name)\"}\(which).\n"
    }

    private func text(of learned: LearnedOptimizerRecord, _ trial: TrialRecord) -> String {
        let loss = learned.evaluationLoss.map { "evaluation loss \($0)" } ?? "no evaluation loss"
        let replicate = trial.replicate.map { ", replicate \($0)" } ?? ""
        let what = (trial.optimizer == "trained" ? "an optimizer" : trial.optimizer) + replicate
        return "\(reference) learned \(what) (\(learned.kind)) on \(trial.problem): \(loss).\n"
    }
}
