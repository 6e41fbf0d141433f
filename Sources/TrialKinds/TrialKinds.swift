import ExperimentSpec
import Nouns
import Registry

/// The kinds of trials that there are: the one list that plans, runs and comparisons get.
public struct TrialKinds: Sendable {
    /// Trials stand in plans in this order, so each kind comes after those that it needs.
    public let all: [any TrialKind]

    /// - Parameter all: kinds of different names.
    public init(_ all: [any TrialKind]) {
        precondition(Set(all.map(\.name)).count == all.count, "two kinds of trials have one name")
        self.all = all
    }

    /// Those of the program.
    public static let standard = TrialKinds([
        MetaTrainingKind(), TuningKind(), EvaluationKind(), SelfTuningKind(),
    ])

    /// What specs may name with these kinds and a registry.
    public func vocabulary(_ registry: Registry) -> Vocabulary {
        var vocabulary = registry.vocabulary
        vocabulary.trialKinds = all
        return vocabulary
    }

    /// How the results of each are told.
    public var summaries: [TrialKindSummary] { all.map(\.summary) }

    /// The kind of a planned trial.
    public subscript(name: TrialKindName) -> any TrialKind {
        guard let kind = all.first(where: { $0.name == name }) else {
            preconditionFailure("nothing runs trials of the kind \(name)")
        }
        return kind
    }
}

extension Vocabulary {
    /// What the program knows.
    public static let standard = TrialKinds.standard.vocabulary(.standard)
}
