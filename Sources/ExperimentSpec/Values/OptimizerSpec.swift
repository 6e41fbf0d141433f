import Formats
import Nouns

/// An optimizer as an evaluation names it.
public struct OptimizerSpec: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        /// What the spec's meta-training makes: a certain generation, or the last.
        case trained(generation: Int?)
        /// A learned optimizer from the journal, by `NAME` or `NAME@HASH`.
        case stored(name: String)
        /// A hand-designed rule.
        case rule(kind: String, settings: [String: Setting])
    }

    /// A value, or those from which tuning chooses one.
    public enum Setting: Sendable, Hashable {
        case fixed(JSONValue)
        case tuned(Choices)
    }

    /// What tuning chooses from.
    public enum Choices: Sendable, Hashable {
        case listed([JSONValue])
        /// Numbers between two ends that lie evenly there, or whose logarithms do.
        case range(low: Double, high: Double, isLogarithmic: Bool)

        /// - Parameter tune: what stands at `tune`.
        fileprivate init?(_ tune: JSONValue) {
            if let values = tune.array {
                self = .listed(values)
            } else if let low = tune["low"]?.double, let high = tune["high"]?.double {
                self = .range(low: low, high: high, isLogarithmic: tune["scale"] == "log")
            } else {
                return nil
            }
        }
    }

    public let settings: Settings

    /// The `kind` of the spec: `trained`, `stored`, or the rule's.
    public var kind: String { settings.text("kind") }

    /// What it is called before it is told apart from others called alike.
    public var name: String { settings.text(ifGiven: "name") ?? kind }

    public var source: Source {
        switch kind {
        case "trained": .trained(generation: settings.integer(ifGiven: "generation"))
        case "stored": .stored(name: settings.text("name"))
        default: .rule(kind: kind, settings: set)
        }
    }

    /// What it is set by, each setting perhaps to be tuned: all of a rule's; of a learned optimizer what replaces a
    /// setting that it was learned with.
    private var set: [String: Setting] {
        settings.values.filter { !["kind", "name", "generation"].contains($0.key) }.mapValues { value in
            value["tune"].flatMap(Choices.init).map { .tuned($0) } ?? .fixed(value)
        }
    }

    /// The settings that are not tuned.
    public var fixedSettings: Settings {
        Settings(
            set.compactMapValues { setting in
                if case .fixed(let value) = setting { value } else { nil }
            })
    }

    /// The settings that are tuned, in the order of their names.
    public var tunedSettings: [(name: String, choices: Choices)] {
        self.set.sorted { $0.key < $1.key }.compactMap { name, setting in
            if case .tuned(let choices) = setting { (name, choices) } else { nil }
        }
    }

    /// What replaces settings that a learned optimizer was learned with; empty for a rule.
    var adjustments: [String: JSONValue] {
        if case .rule = source { return [:] }
        return settings.values.filter { !["kind", "name", "generation"].contains($0.key) }
    }

    /// What decides its behaviour, so all but a label.
    var json: JSONValue {
        kind == "stored" ? settings.json : .object(settings.values.filter { $0.key != "name" })
    }
}

/// A hand-designed rule with all its settings.
public struct UpdateRuleSpec: Sendable, Hashable {
    public let kind: String
    /// All but its kind.
    public let settings: Settings

    public init(kind: String, settings: Settings) {
        self.kind = kind
        self.settings = settings
    }

    /// - Parameter settings: with the kind among them.
    public init(_ settings: Settings) {
        kind = settings.text("kind")
        self.settings = Settings(settings.values.filter { $0.key != "kind" })
    }

    public var json: JSONValue { .object(settings.values.merging(["kind": .string(kind)]) { $1 }) }
}
