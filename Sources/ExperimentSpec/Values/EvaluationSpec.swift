import Formats

/// How optimizers are compared.
public struct EvaluationSpec: Sendable, Hashable {
    public let settings: Settings

    /// Steps that each optimizer takes.
    public var steps: Int { settings.integer("steps") }
    /// Trials of each optimizer on each problem.
    public var repeats: Int { settings.integer("repeats") }
    /// Trials of each tuning candidate on each problem.
    public var tuningRepeats: Int { settings.settings("tuning").integer("repeats") }
    /// How often a list of tuned numbers grows while its best lies at an edge.
    public var tuningGrowth: Int { settings.settings("tuning").integer(ifGiven: "growth") ?? Self.usualTuningGrowth }
    package static let usualTuningGrowth = 3
    /// How many points of the ranges that are searched are tried; `nil` where none is.
    public var tuningBudget: Int? { settings.settings("tuning").integer(ifGiven: "budget") }
    /// Steps from one recording of the optimizee's parameters to the next; `nil` for the start and the end only.
    public var snapshotEvery: Int? { settings.integer(ifGiven: "snapshotEvery") }

    public var optimizers: [OptimizerSpec] {
        (settings.values["optimizers"]?.array ?? []).compactMap(\.object).map { OptimizerSpec(settings: Settings($0)) }
    }

    /// The problems, each whole: the spec's `problem` with the named fields replaced.
    public var problems: [ProblemSpec] {
        (settings.values["problems"]?.array ?? []).compactMap(\.object).map { ProblemSpec(Settings($0)) }
    }
}
