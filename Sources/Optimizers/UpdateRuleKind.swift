import Formats
import Nouns

/// A hand-designed optimizer as specs name it: its format, and how it is made of settings.
///
/// It is written beside the optimizer, in one file, and one line in `Registry.standard` names it:
///
///     extension UpdateRuleKind {
///         public static let signDescent = UpdateRuleKind(
///             "signDescent", "Steps of one length, by the sign of the gradient.", learningRate: 0.001
///         ) { rate, _ in SignDescent(learningRate: rate) }
///     }
///
/// Then it can be compared and tuned, be a meta-optimizer, update a group of parameters, and, where it is coordinatewise,
/// guide an imitation.
public struct UpdateRuleKind: Sendable {
    /// Name, sentence and fields, the learning rate first.
    public let kind: Kind
    /// Whether it treats every coordinate alike, so that it can guide an imitation.
    public let isCoordinatewise: Bool
    private let make: @Sendable (LearningRate, Settings) -> any Optimizer

    /// - Parameters:
    ///   - name: what specs call it.
    ///   - summary: one sentence.
    ///   - learningRate: the default.
    ///   - fields: what else it is set by. Where evaluations name it, numbers among them may be tuned.
    ///   - check: finds what is wrong between settings that are each right by themselves.
    ///   - make: the optimizer with a learning rate that may change, and its settings, all of which are there.
    public init<Rule: Optimizer>(
        _ name: String, _ summary: String, learningRate: JSONValue, fields: [Field] = [],
        check: @escaping @Sendable (CheckedObject) -> [Slip] = { _ in [] },
        make: @escaping @Sendable (LearningRate, Settings) -> Rule
    ) {
        let rate = Field("learningRate", .number(.positive), default: learningRate, "The step size.")
        kind = Kind(name, summary, fields: [rate] + fields, check: check)
        isCoordinatewise = Rule.self is any CoordinatewiseOptimizer.Type
        self.make = make
    }

    /// The optimizer of these settings.
    ///
    /// - Parameters:
    ///   - schedule: how its learning rate changes, where the settings don't say.
    ///   - steps: over how many steps.
    public func optimizer(
        _ settings: Settings, schedule: LearningRateSchedule = .constant, steps: Int = 1
    ) -> any Optimizer {
        let schedule = LearningRateSchedule(in: settings) ?? schedule
        return make(LearningRate(settings.number("learningRate"), schedule: schedule, steps: steps), settings)
    }
}

extension Field {
    /// λ of rules whose weight decay is decoupled from the gradient.
    static func weightDecay(_ value: JSONValue) -> Field {
        Field(
            "weightDecay", .number(.nonNegative), default: value,
            "A parameter shrinks by learningRate times this a step.")
    }

    /// ε of rules that divide by the root of an average.
    static func epsilon(_ value: JSONValue) -> Field {
        Field("epsilon", .number(.positive), default: value, "Added to the denominator.")
    }
}
