import Nouns

/// A hand-designed optimizer: its name and its numeric settings, the learning rate first.
public struct UpdateRule: Sendable {
    public let name: String
    public let summary: String
    public let settings: [NumericSetting]

    init(_ name: String, _ summary: String, learningRate: Double, _ others: [NumericSetting] = []) {
        self.name = name
        self.summary = summary
        settings = [NumericSetting("learningRate", .positive, learningRate, "The step size.")] + others
    }

    /// The rule as an evaluation names it, where every setting may be tuned.
    var evaluatedKind: Kind {
        Kind(name, summary, fields: [Vocabulary.label] + settings.map { $0.field(tunable: true) })
    }

    /// The rule where it stands beside learned optimizers, and nothing is tuned.
    var groupKind: Kind { Kind(name, summary, fields: settings.map { $0.field(tunable: false) }) }

    /// The rule as meta-training's own optimizer, whose learning rate is a field of `metaTraining`.
    var metaKind: Kind {
        let others = settings.filter { $0.name != "learningRate" }
        return Kind(name, summary, fields: others.map { $0.field(tunable: false) })
    }
}

/// A number that an update rule is set by.
public struct NumericSetting: Sendable {
    public let name: String
    public let range: NumberRange
    public let defaultValue: Double
    public let summary: String

    init(_ name: String, _ range: NumberRange, _ defaultValue: Double, _ summary: String) {
        self.name = name
        self.range = range
        self.defaultValue = defaultValue
        self.summary = summary
    }

    func field(tunable: Bool) -> Field {
        Field(name, tunable ? .tunable(range) : .number(range), default: JSONValue(defaultValue), summary)
    }

    static let momentum = NumericSetting("momentum", .decay, 0.9, "Share of the last change that is kept.")

    static func epsilon(_ value: Double) -> NumericSetting {
        NumericSetting("epsilon", .positive, value, "Added to the denominator.")
    }

    static let adam = [
        NumericSetting("beta1", .decay, 0.9, "Decay of the average of gradients."),
        NumericSetting("beta2", .decay, 0.999, "Decay of the average of squared gradients."),
        .epsilon(1e-8),
    ]
}
