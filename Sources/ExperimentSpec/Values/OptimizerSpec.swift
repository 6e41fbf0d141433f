import Nouns

/// An optimizer as an evaluation names it.
public struct OptimizerSpec: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        /// What the spec's meta-training makes: a certain generation, or the last.
        case trained(generation: Int?)
        /// A learned optimizer from the journal, by `NAME` or `NAME@HASH`.
        case stored(name: String)
        /// A hand-designed rule, some of whose settings may be tuned.
        case rule(kind: String, settings: [String: Setting])
    }

    /// A number, or the values from which tuning chooses one.
    public enum Setting: Sendable, Hashable {
        case fixed(Double)
        case tuned([Double])

        var values: [Double] {
            switch self {
            case .fixed(let value): [value]
            case .tuned(let values): values
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
        default:
            .rule(
                kind: kind,
                settings: settings.values.compactMapValues { value in
                    value.double.map { .fixed($0) } ?? value["tune"]?.array.map { .tuned($0.compactMap(\.double)) }
                })
        }
    }

    /// The settings that are tuned, in the order of their names.
    public var tunedSettings: [String] {
        guard case .rule(_, let settings) = source else { return [] }
        return settings.keys.sorted().filter { name in
            if case .tuned = settings[name] { true } else { false }
        }
    }

    /// The rules to choose from: the product of all tuned settings, the last one changing fastest.
    public var candidates: [UpdateRuleSpec] {
        guard case .rule(let kind, let settings) = source else { return [] }
        let products = settings.keys.sorted().reduce([[:]]) { products, name in
            products.flatMap { product in
                settings[name, default: .tuned([])].values.map { value in product.merging([name: value]) { $1 } }
            }
        }
        return products.map { UpdateRuleSpec(kind: kind, settings: $0) }
    }

    /// What decides its behaviour, so all but a label.
    var json: JSONValue {
        kind == "stored" ? settings.json : .object(settings.values.filter { $0.key != "name" })
    }
}

/// A hand-designed rule with all its numbers.
public struct UpdateRuleSpec: Sendable, Hashable {
    public let kind: String
    public let settings: [String: Double]

    public init(kind: String, settings: [String: Double]) {
        self.kind = kind
        self.settings = settings
    }

    public var json: JSONValue {
        .object(settings.mapValues { JSONValue($0) }.merging(["kind": .string(kind)]) { $1 })
    }
}
