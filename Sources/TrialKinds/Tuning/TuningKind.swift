import ExperimentSpec
import Formats
import Foundation
import MetaTraining
import Nouns

/// Tries one candidate of a tuned optimizer, on a seed that no evaluation uses. It is asked for by the evaluation of such
/// an optimizer.
public struct TuningKind: TrialKind {
    public let name = TrialKindName.tuning

    public init() {}

    public func field(_ vocabulary: Vocabulary) -> Field? { nil }

    public func trialCount(_ settings: ExperimentSettings) -> Double {
        guard let evaluation = settings.evaluation else { return 0 }
        let candidates = evaluation.optimizers.reduce(0.0) { count, optimizer in
            count + TuningGrid.candidateCount(optimizer, evaluation)
                * Double(settings.replicates(of: optimizer).count)
        }
        return candidates * Double(evaluation.tuningRepeats) * Double(evaluation.problems.count)
    }

    public func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] { [] }

    /// Plans the trials that try the candidates of an optimizer on a problem: those that the spec names, and those by which
    /// lists have grown, as far as is known what was best.
    ///
    /// Where the choice is made, what it was made from stands, whoever made it.
    ///
    /// - Parameter metaTraining: the trial that learns it, where it is learned here.
    func plan(_ place: EvaluatedPlace, learnedBy metaTraining: String?, _ planner: inout Planner) -> TuningGroup {
        let (vocabulary, precision) = (planner.vocabulary, place.settings.precision)
        var grid = TuningGrid(place.optimizer, place.evaluation, seed: place.settings.seed) { number, setting in
            vocabulary.fitted(number, to: setting, of: place.optimizer.kind, in: precision)
        }
        let chosenFrom = planner.candidatesChosenFrom(
            place.optimizer, replicate: place.replicate, on: place.problem, place.settings)
        var candidates = plan(grid.candidates, place, learnedBy: metaTraining, &planner)
        while let best = TuningGroup.best(of: candidates, planner.ranking) {
            let added = best.diverged ? [] : grid.grow(beyond: best.index)
            let areSettled = added.allSatisfy { settings in
                chosenFrom?.contains(place.optimizer.json(settings).canonicalText) ?? true
            }
            guard !added.isEmpty, areSettled else { return TuningGroup(candidates: candidates) }
            candidates += plan(added, place, learnedBy: metaTraining, &planner)
        }
        return TuningGroup(candidates: candidates, growing: grid.growing)
    }

    private func plan(
        _ candidates: [Settings], _ place: EvaluatedPlace, learnedBy metaTraining: String?, _ planner: inout Planner
    ) -> [TuningGroup.Candidate] {
        let asked = place.evaluation.tuningRepeats
        let repeats = place.repeats(asked)
        return candidates.map { settings in
            let (optimizer, content) = place.candidate(settings, learnedBy: metaTraining)
            let trials = (0..<repeats).map { index in
                let seed = place.settings.seeds.tuning(index)
                return planner.add(place.trial(self, optimizer, content: content, seed: seed, asked: asked))
            }
            let values = place.optimizer.tunedSettings.map { name, _ in
                let value = settings.values[name]
                return "\(name) \(value?.string ?? value?.canonicalText ?? "")"
            }
            return TuningGroup.Candidate(
                optimizer, place.optimizer.json(settings), label: values.joined(separator: ", "), trials: trials)
        }
    }

    public func activity(_ what: String) -> String { "tuning \(what)" }

    public func run(_ execution: TrialExecution, resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome
    {
        try execution.optimize(context)
    }

    public var summary: TrialKindSummary {
        TrialKindSummary(kind: name, title: "Tuning", isCompared: false, ranking: .finalLoss, curve: .loss)
    }
}

extension TrialKindName {
    public static let tuning: TrialKindName = "tuning"
}

extension TuningGroup {
    /// The candidate that would be chosen, and whether all diverged; nil where not all that they came to is known.
    fileprivate static func best(
        of candidates: [Candidate], _ loss: (String) -> Double?
    ) -> (index: Int, diverged: Bool)? {
        let means = candidates.compactMap { $0.meanFinalLoss(loss) }
        guard means.count == candidates.count else { return nil }
        let best = chooseCandidate(meanFinalLosses: means)
        return (best, !means[best].isFinite)
    }
}
