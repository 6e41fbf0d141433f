import ExperimentSpec
import JournalStore
import MetaTraining
import Nouns
import Registry
import TrialKinds

extension TrialDescription {
    /// The trial as the journal lists it before it runs.
    ///
    /// - Parameters:
    ///   - steps: of its work.
    ///   - content: the hash of what decides its results, where results may be taken over.
    ///   - stored: the learned optimizers of other experiments, by the names that the spec has for them.
    func registration(
        steps: Int, dataset: DatasetRecord?, content: String? = nil, _ stored: [String: StoredOptimizer] = [:]
    ) -> TrialRegistration {
        let settings = optimizer.settings.canonicalText
        return TrialRegistration(
            identity: id, kind: kind, problem: problemLabel, problemSettings: problem.json.canonicalText,
            optimizer: optimizerLabel, optimizerSettings: settings, replicate: replicate, seed: Int(seed), steps: steps,
            precision: precision.rawValue, dataset: dataset, standsFor: standsFor,
            content: content.map { hash in
                if case .tuned = optimizer { return TrialContent(hash: hash, optimizerSettings: nil) }
                let begun = StoredOptimizer.settings(of: optimizer, stored) ?? settings
                return TrialContent(hash: hash, optimizerSettings: begun)
            },
            position: index)
    }
}

extension TrialOptimizer {
    /// All that is known of it before its trial runs.
    var settings: JSONValue {
        switch self {
        case .learned(let spec, let generation): spec.settings(of: generation)
        case .trained(let trial): ["kind": "trained", "trial": .string(trial)]
        case .stored(let name): ["kind": "stored", "name": .string(name)]
        case .rule(let rule): rule.json
        case .several(let parts): .object(parts.mapValues(\.settings))
        case .tuned(let group): ["tune": .array(group.candidates.map(\.json))]
        case .adjusted(let learned, let own):
            .object((learned.settings.object ?? [:]).merging(own.values) { $1 })
        }
    }
}

extension MetaTrainingSpec {
    /// The settings, with what teaches a generation after the first.
    func settings(of generation: Generation) -> JSONValue {
        guard let teacher = generation.teacher, var members = settings.json.object else { return settings.json }
        members["generation"] = .integer(generation.number)
        members["metaOptimizer"] = ["kind": "trained", "trial": .string(teacher)]
        return .object(members)
    }
}
