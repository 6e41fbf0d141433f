import Optimizers
import Problems
import TensorEngine

@testable import MetaTraining

/// What most tests want: one optimizer for all parameters, which nothing is wrong with.
extension BlockedUnroll {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool) {
        try! self.init(problem, ParameterGroups(optimizer), steps: steps, secondDerivatives: secondDerivatives)
    }

    convenience init<Whole: Objective & DataSource>(
        _ whole: Whole, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool
    ) {
        self.init(Problem(whole), optimizer, steps: steps, secondDerivatives: secondDerivatives)
    }
}

extension GeneralUnroll {
    convenience init(
        _ problem: Problem, _ optimizers: ParameterGroups, steps: Int, secondDerivatives: Bool,
        lossWeights: LossWeights = .equal
    ) {
        self.init(
            try! DifferentiableStep(problem, optimizers, secondDerivatives: secondDerivatives), unrollLength: steps,
            lossWeights: lossWeights)
    }

    convenience init(_ problem: Problem, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool) {
        self.init(problem, ParameterGroups(optimizer), steps: steps, secondDerivatives: secondDerivatives)
    }
}

extension ForwardUnroll {
    convenience init(
        _ problem: Problem, _ optimizers: ParameterGroups, steps: Int, lossWeights: LossWeights = .equal
    ) {
        self.init(try! OptimizationStep(problem, optimizers), unrollLength: steps, lossWeights: lossWeights)
    }

    convenience init(_ problem: Problem, _ optimizer: any Optimizer, steps: Int) {
        self.init(problem, ParameterGroups(optimizer), steps: steps)
    }
}

extension EvolutionStrategies {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, steps: Int, deviation: Double, pairs: Int) {
        self.init(
            ForwardUnroll(problem, optimizer, steps: steps),
            metaParameterCount: optimizer.metaParameters.elementCount, deviation: deviation, pairs: pairs)
    }
}

extension PersistentEvolutionStrategies {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, steps: Int, deviation: Double, pairs: Int) {
        self.init(
            ForwardUnroll(problem, optimizer, steps: steps),
            metaParameterCount: optimizer.metaParameters.elementCount, deviation: deviation, pairs: pairs)
    }
}

extension Optimizee {
    convenience init(_ problem: Problem) {
        try! self.init(
            problem, ParameterLayout(problem, ParameterGroups(GradientDescent(learningRate: LearningRate(1)))))
    }
}
