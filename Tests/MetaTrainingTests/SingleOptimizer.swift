import Optimizers
import Problems
import TensorEngine

@testable import MetaTraining

/// What most tests want: one optimizer for all parameters, which nothing is wrong with.
extension BlockedUnroll {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, _ unroll: Unroll, secondDerivatives: Bool) {
        try! self.init(
            problem, ParameterGroups(optimizer), unroll, secondDerivatives: secondDerivatives)
    }

    convenience init<Whole: Objective & DataSource>(
        _ whole: Whole, _ optimizer: any Optimizer, _ unroll: Unroll, secondDerivatives: Bool
    ) {
        self.init(Problem(whole), optimizer, unroll, secondDerivatives: secondDerivatives)
    }
}

extension GeneralUnroll {
    convenience init(
        _ problem: Problem, _ optimizers: ParameterGroups, _ unroll: Unroll, secondDerivatives: Bool
    ) {
        self.init(
            try! DifferentiableStep(problem, optimizers, secondDerivatives: secondDerivatives),
            unroll)
    }

    convenience init(_ problem: Problem, _ optimizer: any Optimizer, _ unroll: Unroll, secondDerivatives: Bool) {
        self.init(problem, ParameterGroups(optimizer), unroll, secondDerivatives: secondDerivatives)
    }
}

extension ForwardUnroll {
    convenience init(
        _ problem: Problem, _ optimizers: ParameterGroups, _ unroll: Unroll
    ) {
        self.init(try! OptimizationStep(problem, optimizers), unroll)
    }

    convenience init(_ problem: Problem, _ optimizer: any Optimizer, _ unroll: Unroll) {
        self.init(problem, ParameterGroups(optimizer), unroll)
    }
}

extension EvolutionStrategies {
    convenience init(_ problem: Problem, _ optimizer: any Optimizer, _ unroll: Unroll, deviation: Double, pairs: Int) {
        self.init(
            ForwardUnroll(problem, optimizer, unroll),
            metaParameterCount: optimizer.metaParameters.elementCount, deviation: deviation, pairs: pairs)
    }
}

extension PersistentEvolutionStrategies {
    convenience init(
        _ problem: Problem, _ optimizer: any Optimizer, _ unroll: Unroll, deviation: Double, pairs: Int,
        keepsPerturbations: Bool = false
    ) {
        self.init(
            ForwardUnroll(problem, optimizer, unroll),
            metaParameterCount: optimizer.metaParameters.elementCount, deviation: deviation, pairs: pairs,
            keepsPerturbations: keepsPerturbations)
    }
}

extension Optimizee {
    convenience init(_ problem: Problem) {
        try! self.init(
            problem, ParameterLayout(problem, ParameterGroups(GradientDescent(learningRate: LearningRate(1)))))
    }
}
