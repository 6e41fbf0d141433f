import Optimizers
import Problems
import TensorEngine

@testable import MetaTraining

/// What most tests want: one optimizer for all parameters, which nothing is wrong with.
extension BlockedUnroll {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, unrollLength: Int, secondDerivatives: Bool) {
        try! self.init(
            problem, ParameterGroups(optimizer), unrollLength: unrollLength, secondDerivatives: secondDerivatives)
    }

    convenience init<Whole: Objective & DataSource>(
        _ whole: Whole, _ optimizer: any Optimizer, unrollLength: Int, secondDerivatives: Bool
    ) {
        self.init(Problem(whole), optimizer, unrollLength: unrollLength, secondDerivatives: secondDerivatives)
    }
}

extension GeneralUnroll {
    convenience init(
        _ problem: Problem, _ optimizers: ParameterGroups, unrollLength: Int, secondDerivatives: Bool,
        lossWeights: LossWeights = .equal
    ) {
        self.init(
            try! DifferentiableStep(problem, optimizers, secondDerivatives: secondDerivatives),
            unrollLength: unrollLength,
            lossWeights: lossWeights)
    }

    convenience init(_ problem: Problem, _ optimizer: any Optimizer, unrollLength: Int, secondDerivatives: Bool) {
        self.init(problem, ParameterGroups(optimizer), unrollLength: unrollLength, secondDerivatives: secondDerivatives)
    }
}

extension ForwardUnroll {
    convenience init(
        _ problem: Problem, _ optimizers: ParameterGroups, unrollLength: Int, lossWeights: LossWeights = .equal
    ) {
        self.init(try! OptimizationStep(problem, optimizers), unrollLength: unrollLength, lossWeights: lossWeights)
    }

    convenience init(_ problem: Problem, _ optimizer: any Optimizer, unrollLength: Int) {
        self.init(problem, ParameterGroups(optimizer), unrollLength: unrollLength)
    }
}

extension EvolutionStrategies {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, unrollLength: Int, deviation: Double, pairs: Int) {
        self.init(
            ForwardUnroll(problem, optimizer, unrollLength: unrollLength),
            metaParameterCount: optimizer.metaParameters.elementCount, deviation: deviation, pairs: pairs)
    }
}

extension PersistentEvolutionStrategies {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, unrollLength: Int, deviation: Double, pairs: Int) {
        self.init(
            ForwardUnroll(problem, optimizer, unrollLength: unrollLength),
            metaParameterCount: optimizer.metaParameters.elementCount, deviation: deviation, pairs: pairs)
    }
}

extension Optimizee {
    convenience init(_ problem: Problem) {
        try! self.init(
            problem, ParameterLayout(problem, ParameterGroups(GradientDescent(learningRate: LearningRate(1)))))
    }
}
