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
            guard !optimizer.tunedSettings.isEmpty else { return count }
            return count + Double(optimizer.candidates.count) * Double(settings.replicates(of: optimizer).count)
        }
        return candidates * Double(evaluation.tuningRepeats) * Double(evaluation.problems.count)
    }

    public func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] { [] }

    /// Plans the trials that try the candidates of an optimizer on a problem.
    ///
    /// - Parameter metaTraining: the trial that learns it, where it is learned here.
    func plan(_ place: EvaluatedPlace, learnedBy metaTraining: String?, _ planner: inout Planner) -> TuningGroup {
        let asked = place.evaluation.tuningRepeats
        let repeats = planner.repeats(asked, on: place.problem)
        let candidates = place.optimizer.candidates.map { settings in
            let (optimizer, content) = place.candidate(settings, learnedBy: metaTraining)
            let trials = (0..<repeats).map { index in
                let seed = place.settings.seeds.tuning(index)
                return planner.add(place.trial(self, optimizer, content: content, seed: seed, asked: asked, planner))
            }
            let values = place.optimizer.tunedSettings.map { name in
                let value = settings.values[name]
                return "\(name) \(value?.string ?? value?.canonicalText ?? "")"
            }
            return TuningGroup.Candidate(
                optimizer, place.optimizer.json(settings), label: values.joined(separator: ", "), trials: trials)
        }
        return TuningGroup(candidates: candidates)
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
