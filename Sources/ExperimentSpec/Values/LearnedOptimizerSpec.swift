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

    /// The optimizers that are learned: this one, or those among the groups'.
    var learned: [LearnedOptimizerSpec] {
        guard let groups else { return [self] }
        return groups.compactMap { if case .learned(let optimizer) = $0.optimizer { optimizer } else { nil } }
    }

    /// The settings of the coordinatewise LSTM; `nil` for another kind.
    public var lstm: LSTMOptimizerSpec? { kind == "lstm" ? LSTMOptimizerSpec(settings: settings) : nil }
}

/// Some of a problem's parameters and what updates them.
public struct ParameterGroupSpec: Sendable, Hashable {
    public enum Optimizer: Sendable, Hashable {
        case learned(LearnedOptimizerSpec)
        case rule(UpdateRuleSpec)
    }

    public let settings: Settings

    /// A pattern for the names of its parameters.
    public var match: String { settings.text("match") }
    public var optimizer: Optimizer {
        let optimizer = settings.settings("optimizer")
        let kind = optimizer.text("kind")
        guard Vocabulary.updateRules.contains(where: { $0.name == kind }) else {
            return .learned(LearnedOptimizerSpec(settings: optimizer))
        }
        return .rule(UpdateRuleSpec(kind: kind, settings: optimizer.values.compactMapValues(\.double)))
    }
}

/// The coordinatewise LSTM of Andrychowicz et al. 2016.
public struct LSTMOptimizerSpec: Sendable, Hashable {
    public enum Inputs: Sendable, Hashable {
        case identity
        case logAndSign(k: Double)
    }

    /// λ of θ' = θ + g + λ θ, where g is the network's change of a parameter θ.
    public enum Lambda: Sendable, Hashable {
        case fixed(Double)
        /// Put out by the network for each parameter and step.
        case learned
    }

    /// What the weights are before meta-training.
    public enum Initial: String, Sendable, CaseIterable {
        case truncatedNormal, zeros
    }

    public let settings: Settings

    /// Hidden units of each layer.
    public var layers: [Int] { settings.integers("layers") }
    /// How many cells of each layer average what they put out over all parameters; at most the units of any layer.
    public var averagingCells: Int { settings.integer(ifGiven: "averagingCells") ?? 0 }
    public var outputScale: Double { settings.number("outputScale") }
    public var inputs: Inputs {
        let inputs = settings.settings("inputs")
        return inputs.text("kind") == "logAndSign" ? .logAndSign(k: inputs.number("k")) : .identity
    }
    public var lambda: Lambda {
        settings.text(ifGiven: "lambda") == nil ? .fixed(settings.number(ifGiven: "lambda") ?? 0) : .learned
    }
    public var initial: Initial { settings.choice(ifGiven: "initial") ?? .truncatedNormal }
}
