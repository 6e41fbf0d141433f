import Optimizers
import Problems
import TensorEngine

@testable import MetaTraining

/// What most tests want: one optimizer for all parameters, which nothing is wrong with.
extension BlockedUnroll {
    convenience init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool) {
        try! self.init(problem, ParameterGroups(optimizer), steps: steps, secondDerivatives: secondDerivatives)
    }
}

extension ForwardUnroll {
    convenience init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int) {
        try! self.init(problem, ParameterGroups(optimizer), steps: steps)
    }
}

extension EvolutionStrategies {
    convenience init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int, deviation: Double, pairs: Int) {
        try! self.init(problem, ParameterGroups(optimizer), steps: steps, deviation: deviation, pairs: pairs)
    }
}

extension PersistentEvolutionStrategies {
    convenience init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int, deviation: Double, pairs: Int) {
        try! self.init(problem, ParameterGroups(optimizer), steps: steps, deviation: deviation, pairs: pairs)
    }
}

extension Optimizee {
    convenience init(_ problem: any Problem) {
        try! self.init(
            problem, ParameterLayout(problem, ParameterGroups(GradientDescent(learningRate: LearningRate(1)))))
    }
}
