import ExperimentSpec
import MetaTraining
import Optimizers
import Problems

/// Makes optimizers of what specs say of them.
enum OptimizerFactory {
    /// A hand-designed rule.
    ///
    /// - Parameters:
    ///   - decay: how its learning rate falls.
    ///   - steps: over how many steps it falls.
    static func rule(_ spec: UpdateRuleSpec, decay: LearningRate.Decay = .none, steps: Int = 1)
        -> any CoordinatewiseOptimizer
    {
        func setting(_ name: String) -> Double {
            guard let value = spec.settings[name] else { preconditionFailure("\(spec.kind) has no setting \(name)") }
            return value
        }
        let rate = LearningRate(setting("learningRate"), decay: decay, steps: steps)
        switch spec.kind {
        case "sgd": return GradientDescent(learningRate: rate)
        case "momentum": return Momentum(learningRate: rate, momentum: setting("momentum"))
        case "nesterov": return Momentum(learningRate: rate, momentum: setting("momentum"), isNesterov: true)
        case "adagrad": return Adagrad(learningRate: rate, epsilon: setting("epsilon"))
        case "rmsprop":
            return RootMeanSquarePropagation(learningRate: rate, decay: setting("decay"), epsilon: setting("epsilon"))
        case "adam", "adamw":
            return Adam(
                learningRate: rate, beta1: setting("beta1"), beta2: setting("beta2"), epsilon: setting("epsilon"),
                weightDecay: spec.kind == "adamw" ? setting("weightDecay") : 0)
        case "deltaRule":
            guard let tanh = Activation.allCases.firstIndex(of: .tanh) else { preconditionFailure("tanh is a case") }
            let placeRows = LocalFeature.place.rows(ofExamples: false)
            return DeltaRule(
                learningRate: rate, biasRate: setting("biasRate"), growth: setting("growth"),
                deviation: setting("deviation"), tanhRow: placeRows - Activation.allCases.count + tanh,
                placeRows: placeRows)
        default: preconditionFailure("nothing makes the update rule \(spec.kind) of the vocabulary")
        }
    }

    /// A learned optimizer, or several side by side, whose weights are kept apart.
    static func learned(_ spec: LearnedOptimizerSpec) -> ParameterGroups {
        guard let groups = spec.groups else { return ParameterGroups(network(spec)) }
        return ParameterGroups(
            groups.map { group in
                let optimizer =
                    switch group.optimizer {
                    case .learned(let spec): network(spec)
                    case .rule(let spec): rule(spec)
                    }
                return ParameterGroups.Group(NamePattern(group.match), optimizer)
            })
    }

    private static func network(_ spec: LearnedOptimizerSpec) -> any Optimizer {
        if let lstm = spec.lstm { return RecurrentOptimizer(lstm) }
        let settings = spec.settings
        switch spec.kind {
        case "rnnprop":
            return RelativeGradientOptimizer(
                preprocessing: settings.integer("preprocessing"), layers: settings.integers("layers"),
                beta1: settings.number("beta1"), beta2: settings.number("beta2"), epsilon: settings.number("epsilon"),
                outputScale: settings.number("outputScale"))
        case "mlp":
            return PerceptronOptimizer(
                hidden: settings.integers("hidden"), outputScale: settings.number("outputScale"),
                exponentScale: settings.number("exponentScale"))
        case "teacher": return TeacherOptimizer(settings)
        default: preconditionFailure("nothing makes the learned optimizer \(spec.kind) of the vocabulary")
        }
    }
}

extension TeacherOptimizer {
    init(_ settings: Settings) {
        let inputs = settings.texts("inputs")
        guard let output = Output(rawValue: settings.text("output")) else {
            preconditionFailure("a teacher has no output of the kind \(settings.text("output"))")
        }
        let ofExamples = settings.flag("perSample")
        self.init(
            localInputs: inputs.compactMap(LocalFeature.init(rawValue:)).map {
                LocalInput($0.rawValue, rows: $0.rows(ofExamples: ofExamples))
            },
            looksAtExamples: ofExamples, looksAtValue: inputs.contains("value"),
            looksAtGradient: inputs.contains("gradient"), history: settings.numbers("history"),
            recurrentUnits: settings.integer("recurrentUnits"), hidden: settings.integers("hidden"), output: output,
            outputScale: settings.number("outputScale"))
    }
}

extension RecurrentOptimizer {
    init(_ spec: LSTMOptimizerSpec) {
        let inputs: GradientInputs =
            switch spec.inputs {
            case .identity: .identity
            case .logAndSign(let k): .logAndSign(k: k)
            }
        let feedback: ParameterFeedback =
            switch spec.lambda {
            case .fixed(let factor): .fixed(factor)
            case .learned: .learned
            }
        let initialWeights: InitialWeights =
            switch spec.initial {
            case .truncatedNormal: .truncatedNormal
            case .zeros: .zeros
            }
        self.init(
            layers: spec.layers, averagingCells: spec.averagingCells, inputs: inputs, outputScale: spec.outputScale,
            feedback: feedback, initialWeights: initialWeights)
    }
}

extension MetaTrainingSettings {
    init(_ spec: MetaTrainingSpec) {
        let decay: LearningRate.Decay =
            switch spec.learningRateDecay {
            case .none: .none
            case .cosine: .cosine
            case .exponential: .exponential
            }
        self.init(
            epochs: spec.epochs, steps: spec.steps, unrollLength: spec.unrollLength,
            curriculum: spec.curriculum.map { CurriculumStage(untilEpoch: $0.until, steps: $0.steps) },
            randomScaling: spec.randomScaling, metaOptimizer: Self.unsettled,
            estimation: MetaGradientEstimation(spec),
            lossWeights: LossWeights(exponent: spec.lossWeightExponent, steps: spec.steps),
            gradientClip: spec.gradientClip, averaging: spec.averaging,
            evaluationEvery: spec.evaluation.every, evaluationEpochs: spec.evaluation.epochs)
        guard case .rule(let rule) = spec.metaOptimizer else { return }
        metaOptimizer = MetaOptimizer(OptimizerFactory.rule(rule, decay: decay, steps: metaSteps))
    }

    /// Changes nothing: stands where a learned meta-optimizer is to come.
    private static let unsettled = MetaOptimizer(GradientDescent(learningRate: 0.0))
}

extension MetaGradientEstimation {
    init(_ spec: MetaTrainingSpec) {
        self =
            switch spec.estimator {
            case .truncatedBackpropagation: .truncatedBackpropagation(secondDerivatives: spec.secondDerivatives)
            case .evolutionStrategies(let deviation, let pairs):
                .evolutionStrategies(deviation: deviation, pairs: pairs)
            case .persistentEvolutionStrategies(let deviation, let pairs):
                .persistentEvolutionStrategies(deviation: deviation, pairs: pairs)
            case .imitation(let guide, let poolSize, let pairsPerStep, let batchSize, let ownShare):
                .imitation(
                    Imitation(
                        guide: OptimizerFactory.rule(guide), poolSize: poolSize, pairsPerStep: pairsPerStep,
                        batchSize: batchSize, ownShare: ownShare))
            }
    }
}
