import Formats

/// An optimizer that meta-training makes: a kind of the vocabulary and its settings.
public struct LearnedOptimizerSpec: Sendable, Hashable {
    public let settings: Settings

    /// - Parameter settings: all of them, as a checked spec has them: those of a journal's learned optimizer, say.
    public init(settings: Settings) {
        self.settings = settings
    }

    public var kind: String { settings.text("kind") }

    /// The kind of optimizers that share a problem's parameters.
    static let groupedKind = "parameterGroups"

    /// What stands in place of one optimizer for all parameters; `nil` where there is one.
    public var groups: [ParameterGroupSpec]? {
        settings.list(ifGiven: "parameterGroups")?.map(ParameterGroupSpec.init(settings:))
    }
}

/// Some of a problem's parameters and what updates them.
public struct ParameterGroupSpec: Sendable, Hashable {
    public let settings: Settings

    /// A pattern for the names of its parameters.
    public var match: String { settings.text("match") }
    /// The kind and the settings of a learned optimizer or a hand-designed rule.
    public var optimizer: Settings { settings.settings("optimizer") }
}
