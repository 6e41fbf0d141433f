import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Meta-training on a loss without derivatives")
struct ZeroOneTests {
    private func problem(_ activation: Activation) -> Problem {
        Problem.classification(
            dataset: Quarters.dataset, student: student(activation), batchSize: 32, loss: .zeroOne)
    }

    private func student(_ activation: Activation) -> Student {
        Student(inputs: 16, hidden: [30], classes: 4, activation: activation, initialization: .glorot)
    }

    /// What is measured is the share of wrong answers; what the optimizer is given is the cross-entropy's gradient.
    @Test func theGradientIsThatOfTheSurrogate() {
        let key = RandomKey(seed: 1)
        func evaluate(_ problem: Problem) -> (loss: Double, gradient: [Float]) {
            let optimizee = Optimizee<Float>(problem)
            let inner = OptimizationStep(optimizee, OptimizerStep(optimizee.layout, problem))
            let state = inner.makeState()
            inner.begin(state, key: key)
            let loss = inner.loss(state, on: SerialPieces())
            return (loss, state.gradient.elements)
        }
        let crossEntropy = Problem.classification(
            dataset: Quarters.dataset, student: student(.tanh), batchSize: 32, loss: .crossEntropy)
        let (zeroOne, smooth) = (evaluate(problem(.tanh)), evaluate(crossEntropy))
        #expect(zeroOne.gradient == smooth.gradient)
        #expect(abs((zeroOne.loss * 32).rounded() - zeroOne.loss * 32) < 1e-4)
        #expect(zeroOne.loss != smooth.loss)
        let ensemble = Problem(Ensemble([Problem(Simple()), problem(.tanh)], weights: [1, 0.5]))
        #expect(evaluate(ensemble).gradient.dropFirst().contains { $0 != 0 })
    }

    @Test(arguments: [
        MetaGradientEstimation.evolutionStrategies(deviation: 0.05, pairs: 8),
        .persistentEvolutionStrategies(deviation: 0.05, pairs: 8),
    ])
    func wrongAnswersBecomeFewer(_ estimation: MetaGradientEstimation) throws {
        let trial = MetaTrainingTrial<Float>(
            family: FixedProblem(problem(.step)),
            optimizer: RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1),
            settings: MetaTrainingSettings(
                EpochSchedule(epochs: 120, epochLength: 20, unrollLength: 5),
                metaOptimizer: MetaOptimizer(
                    Adam(learningRate: LearningRate(0.015, schedule: .init(.cosine), steps: 480))),
                estimation: estimation,
                gradientClip: nil, averaging: 0.9, evaluationEvery: 20, evaluationEpochs: 8))
        let record = Record()
        let outcome = try trial.run(seed: 1, record.context())
        let evaluations = record.points(.evaluationLoss)
        #expect(evaluations[0] > 0.6)
        #expect(evaluations.last! < 0.4)
        #expect(outcome.evaluationLoss <= evaluations.last!)
    }
}
