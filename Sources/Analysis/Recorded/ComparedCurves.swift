import JournalStore
import Nouns
import Wording

/// The curves of trials that are compared: the one that is drawn, and the one that is to reach a target.
struct ComparedCurves {
    /// What is to be reached; nil where that was not asked.
    let target: Target?
    private var drawn: [Int64: RecordedCurve] = [:]
    private var aimed: [Int64: RecordedCurve]?
    /// The metric whose curve was looked for at a person's word, and found.
    private var named: Metric?

    /// Reads the curves. The target is for the curve of the metric that was asked for, if trials have one, and
    /// otherwise for the one that is drawn.
    ///
    /// - Throws: ``JournalError`` where there is no curve to reach the target.
    init(
        _ experiments: [ExperimentTrials], in journal: Journal, kinds: [TrialKindSummary], _ request: ComparisonRequest
    ) throws {
        func curves(_ metric: (TrialKindSummary) -> Metric) throws -> [Int64: RecordedCurve] {
            try experiments.reduce(into: [:]) { curves, experiment in
                for kind in kinds {
                    let found = try journal.curves(of: experiment.record.id, kind: kind.kind, metric: metric(kind))
                    if curves.isEmpty { curves = found } else { curves.merge(found) { $1 } }
                }
            }
        }
        drawn = try curves(\.curve)
        guard let value = request.target else {
            target = nil
            return
        }
        let usual =
            kinds.first { kind in
                experiments.contains { $0.evaluations.contains { $0.kind == kind.kind } }
            }?.curve ?? .loss
        if let metric = request.metric, metric != usual {
            let found = try curves { _ in metric }
            if !found.isEmpty { (aimed, named) = (found, metric) }
        } else if request.metric == usual, !drawn.isEmpty {
            named = usual
        }
        target = Target(value, of: ComparisonMetric(named ?? usual, of: kinds), window: request.window)
        if aimed?.isEmpty ?? drawn.isEmpty, experiments.contains(where: { !$0.completed.isEmpty }) {
            throw JournalError(
                .usage, "no trial of \(experiments.map(\.label).joined(by: "and")) has a curve to reach a target")
        }
    }

    /// Whether trials have a curve of this metric, which was asked for.
    func has(curveOf metric: Metric) -> Bool { named == metric }

    /// The curve of a trial that is drawn; empty where it has none.
    subscript(_ trial: TrialRecord) -> [Double] { drawn[trial.id]?.values ?? [] }

    /// When a trial reached the target; nil where none was asked for, or it has no curve.
    func reach(of trial: TrialRecord) -> TargetReach? {
        guard let target, let results = trial.results, let curve = aimed.map({ $0[trial.id] }) ?? drawn[trial.id] else {
            return nil
        }
        return TargetReach(target, by: curve, steps: results.steps, seconds: results.seconds)
    }
}
