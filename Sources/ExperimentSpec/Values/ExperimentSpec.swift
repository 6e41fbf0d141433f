import Formats
import Nouns

/// An experiment as its spec describes it, checked, with all defaults filled in.
public struct ExperimentSpec: Sendable, Hashable {
    public let name: String
    public let question: String?
    /// The spec after overrides as one line of JSON, keys sorted. Reading it gives an equal spec.
    public let canonicalText: String
    /// SHA-256, in hexadecimal, of what the spec means: spelled-out defaults, the order of keys, `question`,
    /// `cluster`, `$schema` and `$comment` make no difference. The version of the experiment in `NAME@HASH`.
    public let hash: String
    /// What is varied, in the order of the paths; empty without a sweep.
    public let sweep: [SweepAxis]
    /// The experiment at each point of the sweep; one point without a sweep.
    public let points: [SweepPoint]
    /// What it asks of a cluster's queue, where it is run on one.
    public let cluster: ClusterSettings

    /// The spec after overrides over several lines, as a file that gives this very spec.
    public var indentedText: String { (JSONValue(parsing: canonicalText) ?? .null).indentedText }
}

/// The values that a sweep sets at one path.
public struct SweepAxis: Sendable, Hashable {
    /// The dotted path as the spec spells it.
    public let path: String
    public let values: [JSONValue]
}

/// An experiment at one point of its sweep.
public struct SweepPoint: Sendable, Hashable {
    /// What the sweep sets here; empty without a sweep.
    public let values: [SweepValue]
    public let settings: ExperimentSettings
}

/// A value that a sweep sets at a path.
public struct SweepValue: Sendable, Hashable {
    public let path: String
    public let value: JSONValue
}

/// All of a spec but its name, question and sweep.
public struct ExperimentSettings: Sendable, Hashable {
    public enum Precision: String, Sendable, CaseIterable {
        case single, double
    }

    public let settings: Settings

    public var seed: Int { settings.integer("seed") }
    public var precision: Precision { settings.choice("precision") }
    public var problem: ProblemSpec { ProblemSpec(settings.settings("problem")) }
    public var metaTraining: MetaTrainingSpec? {
        settings.settings(ifGiven: "metaTraining").map(MetaTrainingSpec.init(settings:))
    }
    public var evaluation: EvaluationSpec? {
        settings.settings(ifGiven: "evaluation").map(EvaluationSpec.init(settings:))
    }
}
