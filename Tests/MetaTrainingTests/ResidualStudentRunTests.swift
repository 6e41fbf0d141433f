import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

/// Networks whose statistics go from step to step.
@Suite struct ResidualStudentRunTests {
    private let problem: Problem = {
        let student = ResidualStudent(
            ResidualArchitecture(layers: 8)!, images: .channelsLast(height: 4, width: 4, channels: 1), classes: 4)
        return .classification(dataset: Quarters.dataset, student: student, batchSize: 16)
    }()

    /// Loss and scores at a state on a batch, by plans of the test's own.
    private func evaluate(
        _ state: InnerState<Double>, _ batch: Batch, _ mode: ObjectiveMode, key: RandomKey
    ) -> (loss: Double, scores: [Double]) {
        let objective = problem.objective
        let (parameters, carried) = (objective.parameters.map(\.shape), objective.carried.map(\.shape))
        let plan = Plan<Double>(
            .tracing(parameters + carried + problem.data.shapes(of: batch)) { inputs in
                let batch = Array(inputs.suffix(2))
                let result = objective.evaluate(
                    ObjectiveInputs(
                        Array(inputs[..<parameters.count]),
                        carried: Array(inputs[parameters.count...].prefix(carried.count)), batch: batch, mode: mode))
                return [objective.loss(result.outputs, batch: batch)]
                    + objective.scores(result.outputs, batch: batch).map(\.sum)
            })
        let tensors = problem.data.shapes(of: batch).map { ElementBuffer<Double>(count: $0.count) }
        problem.data.fill(tensors.map(TensorElements.init), batch, key: key)
        func parts(_ elements: [Double], _ shapes: [Shape]) -> [[Double]] {
            var rest = elements[...]
            return shapes.map { shape in
                defer { rest = rest.dropFirst(shape.count) }
                return Array(rest.prefix(shape.count))
            }
        }
        let found = plan(
            parts(state.parameters.elements, parameters) + parts(state.carried.elements, carried)
                + tensors.map(\.elements)
        ).map { $0[0] }
        return (found[0], Array(found[1...]))
    }

    /// The final loss takes the batch's own statistics, the test split the running ones.
    @Test func finalLossAndTestScores() throws {
        let inner = try OptimizationStep<Double>(problem, ParameterGroups(GradientDescent(learningRate: 0.1)))
        let (state, key) = (inner.makeState(), RandomKey(seed: 1))
        inner.begin(state, key: key)
        #expect(state.carried.elements.allSatisfy { $0 == 0 })
        let before = inner.finalLoss(state, on: SerialPieces())
        for step in 1...30 {
            _ = inner.loss(state, on: SerialPieces())
            inner.step(state, metaParameters: ElementBuffer(count: 0), on: SerialPieces())
            var weight = 1.0
            for _ in 0..<step { weight *= 0.997 }
            #expect(abs(state.carried.elements[0] - (1 - weight)) < 1e-14)
        }
        let final = inner.finalLoss(state, on: SerialPieces())
        #expect(abs(final - evaluate(state, .fixed, .training, key: key).loss) < 1e-10)
        #expect(abs(final - evaluate(state, .fixed, .evaluation, key: key).loss) > 1e-3)
        let scores = inner.testScores(state, on: SerialPieces())
        let expected = evaluate(state, .chunk(0, of: .test), .evaluation, key: key).scores
        #expect(abs(scores[Score.loss]! - expected[0] / 400) < 1e-10)
        #expect(scores[Score.correct] == expected[1] / 400)
        #expect(final < 0.5 * before && scores[Score.correct]! > 0.7)
    }

    /// Meta-gradients of both unrolls agree where an objective carries statistics.
    @Test func blocksAndWholeTensorsAgree() throws {
        let learned = ParameterGroups(RecurrentOptimizer(layers: [2]))
        let count = learned.metaParameters.elementCount
        let metaParameters = ElementBuffer<Double>(count: count)
        learned.initializeMetaParameters(metaParameters.start, key: RandomKey(seed: 3))
        func run(_ unroll: any MetaGradientEstimator<Double>) -> [Double] {
            let gradient = ElementBuffer<Double>(count: count)
            unroll.start(key: RandomKey(seed: 1))
            return (0..<2).flatMap { _ in
                [unroll.run(metaParameters: metaParameters, metaGradient: gradient, on: SerialPieces())]
                    + gradient.elements
            }
        }
        let blocked = run(try BlockedUnroll(problem, learned, Unroll(2), secondDerivatives: true))
        let general = run(GeneralUnroll(problem, learned, Unroll(2), secondDerivatives: true))
        #expect(largestError(blocked, general) < 1e-9)
    }

    /// Parameters, statistics and losses of each part after some steps.
    private func run(_ problem: Problem, key: RandomKey) throws -> (
        parameters: [Double], carried: [Double], loss: Double
    ) {
        let inner = try OptimizationStep<Double>(problem, ParameterGroups(GradientDescent(learningRate: 0.05)))
        let state = inner.makeState()
        inner.begin(state, key: key)
        for _ in 0..<3 {
            _ = inner.loss(state, on: SerialPieces())
            inner.step(state, metaParameters: ElementBuffer(count: 0), on: SerialPieces())
        }
        return (
            Array(state.parameters.elements.prefix(problem.parameters.elementCount)), state.carried.elements,
            inner.finalLoss(state, on: SerialPieces())
        )
    }

    /// Each part of an ensemble goes its own way, statistics included.
    @Test func ensemblesCarryTheStatisticsOfEachPart() throws {
        let key = RandomKey(seed: 2)
        let parts = try (0..<2).map { try run(problem, key: Ensemble.key(ofProblem: $0, key)) }
        let together = try run(Problem(Ensemble([problem, problem], weights: [1, 1])), key: key)
        #expect(largestError(together.parameters, parts.flatMap(\.parameters)) < 1e-10)
        #expect(largestError(together.carried, parts.flatMap(\.carried)) < 1e-10)
        #expect(abs(together.loss - parts[0].loss - parts[1].loss) < 1e-10)
        #expect(parts[0].carried != parts[1].carried)
    }

    @Test func randomScalingCarriesStatistics() throws {
        let scaled = RandomScaling(problem, -0.5...0.5)
        let inner = try OptimizationStep<Double>(
            Problem(scaled, scaled), ParameterGroups(GradientDescent(learningRate: 0.1)))
        let state = inner.makeState()
        inner.begin(state, key: RandomKey(seed: 1))
        let first = inner.loss(state, on: SerialPieces())
        inner.step(state, metaParameters: ElementBuffer(count: 0), on: SerialPieces())
        #expect(first.isFinite && state.carried.elements[1...].contains { $0 != 0 })
        #expect(abs(state.carried.elements[0] - 0.003) < 1e-15)
    }
}
