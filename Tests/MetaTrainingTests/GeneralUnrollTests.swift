import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

/// Solves (G + e^a I) x = g by two iterations of conjugate gradients, remembers x, and steps e^b along x by the gradient's
/// own norm: everything that a coordinatewise optimizer can't do, with two meta-parameters.
private struct LearnedDamping: Optimizer {
    var metaParameters: [Parameter] { [Parameter("damping", []), Parameter("rate", [])] }
    var demands: Set<LandscapeDemand> { [.gaussNewtonProduct] }

    func state(of parameters: [Parameter]) -> [CarriedTensor] { parameters.map { CarriedTensor($0.name, $0.shape) } }

    func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let gradient = TensorVector(point.gradient)
        let damping = metaParameters[0].exponential()
        let solver = ConjugateGradients(iterations: 2) { vector in
            TensorVector(point.landscape.gaussNewtonProduct(vector.tensors)) + damping * vector
        }
        let solution = solver.iterates(gradient, from: 0.5 * TensorVector(point.state))[1].solution
        let rate = metaParameters[1].exponential() / (gradient.norm + 1)
        return .init(
            parameters: (TensorVector(point.parameters) - rate * solution).tensors, state: solution.tensors)
    }

    func initializeMetaParameters<Scalar: TensorScalar>(_ values: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        values[0] = -1
        values[1] = -0.5
    }
}

/// The squared distance of a point from the average of the data seen so far, which it carries.
private struct DistanceFromAverage: Objective, DataSource {
    var parameters: [Parameter] { [Parameter("point", [3])] }
    var carried: [CarriedTensor] { [CarriedTensor("average", [3], initial: 2)] }
    var isLossConvex: Bool { true }
    var isFresh: Bool { true }

    func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let average = 0.75 * inputs.carried[0] + 0.25 * inputs.batch[0]
        // In evaluation the average is used as it is.
        let target = inputs.mode == .training ? average : inputs.carried[0]
        return ObjectiveOutputs([inputs.parameters[0] - target], carried: [average])
    }

    func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { outputs[0].squared().sum() }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        parameters[0].set([1, -1, 0.5])
    }

    func shapes(of batch: Batch) -> [Shape] { [[3]] }

    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        guard case .minibatch(let step) = batch else { return }
        tensors[0].set([Double(step), 1, -Double(step)])
    }

    /// What it carries before a step.
    static func average(beforeStep step: Int) -> [Double] {
        var average = [2.0, 2, 2]
        for earlier in 0..<step {
            let data = [Double(earlier), 1, -Double(earlier)]
            for index in 0..<3 { average[index] = 0.75 * average[index] + 0.25 * data[index] }
        }
        return average
    }
}

@Suite("The general unroll")
struct GeneralUnrollTests {
    private let student = Problem.classification(
        dataset: Quarters.dataset,
        student: Student(inputs: 16, hidden: [5], classes: 4, activation: .tanh, initialization: .glorot), batchSize: 8)

    /// Meta-loss and meta-gradient of the second unroll, so that state carries over.
    private func metaGradient(
        _ problem: Problem, _ groups: ParameterGroups, at values: [Double], secondDerivatives: Bool = true, unrolls: Int
    ) -> (loss: Double, gradient: [Double]) {
        let unroll = GeneralUnroll<Double>(
            problem, groups, Unroll(3, lossWeights: LossWeights(exponent: 1, epochLength: 6)),
            secondDerivatives: secondDerivatives)
        let gradient = ElementBuffer<Double>(count: values.count)
        unroll.start(key: RandomKey(seed: 4))
        var loss = 0.0
        for _ in 0..<unrolls {
            loss = unroll.run(metaParameters: ElementBuffer(values), metaGradient: gradient, on: SerialPieces())
        }
        return (loss, gradient.elements)
    }

    /// Beside a rule for some of the parameters, whose block of the curvature is left out.
    private static let groups = [
        ParameterGroups(LearnedDamping()),
        ParameterGroups([.init("dense1/*", LearnedDamping()), .init("*", Adam(learningRate: 0.03))]),
        ParameterGroups([.init("dense1/*", LearnedDamping()), .init("*", RecurrentOptimizer(layers: [2]))]),
        ParameterGroups(
            ColumnRecurrentOptimizer(
                RecurrentNetwork(layers: [3, 2], averagingCells: 1, inputs: .identity, outputScale: 0.1), .coordinates)),
        ParameterGroups(PerceptronOptimizer(hidden: [3], outputScale: 0.1, exponentScale: 0.5)),
        ParameterGroups([
            .init("dense2/*", ColumnRecurrentOptimizer(RecurrentNetwork(layers: [2]), .tensors(elements: 24))),
            .init("*", ColumnRecurrentOptimizer(RecurrentNetwork(layers: [2]), .coordinates)),
        ]),
    ]

    @Test(arguments: groups.indices) func agreesWithCentralDifferences(index: Int) {
        let groups = Self.groups[index]
        let buffer = ElementBuffer<Double>(count: groups.metaParameters.elementCount)
        groups.initializeMetaParameters(buffer.start, key: RandomKey(seed: 2))
        let values = buffer.elements
        let (_, gradient) = metaGradient(student, groups, at: values, unrolls: 1)
        #expect(gradient.count >= 2 && gradient.allSatisfy { abs($0) > 1e-9 || index >= 2 })
        for position in values.indices {
            func loss(_ change: Double) -> Double {
                var changed = values
                changed[position] += change
                return metaGradient(student, groups, at: changed, unrolls: 1).loss
            }
            let difference = (loss(1e-5) - loss(-1e-5)) / 2e-5
            #expect(abs(gradient[position] - difference) < 1e-7 * max(1, abs(difference)))
        }
    }

    @Test(arguments: groups.indices) func givesTheSameBitsOnAnyThreads(index: Int) {
        let groups = Self.groups[index]
        let values = ElementBuffer<Float>(count: groups.metaParameters.elementCount)
        groups.initializeMetaParameters(values.start, key: RandomKey(seed: 2))
        func run(on executor: any PieceExecutor) -> [Double] {
            let unroll = GeneralUnroll<Float>(student, groups, Unroll(3), secondDerivatives: true)
            let gradient = ElementBuffer<Float>(count: values.count)
            unroll.start(key: RandomKey(seed: 4))
            let loss = unroll.run(metaParameters: values, metaGradient: gradient, on: executor)
            return [loss] + gradient.elements.map(Double.init)
        }
        #expect(run(on: SerialPieces()) == run(on: ConcurrentPieces()))
    }

    /// Without second derivatives, what the objective tells of derivatives is data. On a quadratic, whose curvature is
    /// the same everywhere, what is left out is the gradient's dependence on the parameters alone.
    @Test func leavesOutWhatItSaysOtherwise() {
        let groups = Self.groups[0]
        let (full, first) = (
            metaGradient(student, groups, at: [-1, -0.5], unrolls: 2),
            metaGradient(student, groups, at: [-1, -0.5], secondDerivatives: false, unrolls: 2)
        )
        #expect(full.loss == first.loss)
        #expect(largestError(full.gradient, first.gradient) > 1e-4)
    }

    /// Every optimization carries on what its own steps saw, whoever runs it; evaluating twice doesn't count twice.
    @Test func carriesStateFromStepToStep() throws {
        let problem = Problem(DistanceFromAverage())
        let rules = ParameterGroups(GradientDescent(learningRate: 0.1))
        let learned = ParameterGroups(RecurrentOptimizer(layers: [2]))
        let inner = try OptimizationStep<Double>(problem, rules)
        let state = inner.makeState()
        inner.begin(state, key: RandomKey(seed: 1))
        var point = [1, -1, 0.5]
        for step in 0..<5 {
            let next = DistanceFromAverage.average(beforeStep: step + 1)
            let expected = zip(point, next).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            #expect(largestError(state.carried.elements, DistanceFromAverage.average(beforeStep: step)) < 1e-12)
            for _ in 0..<2 { #expect(abs(inner.loss(state, on: SerialPieces()) - expected) < 1e-12) }
            inner.step(state, metaParameters: ElementBuffer(count: 0), on: SerialPieces())
            point = zip(point, next).map { $0 - 0.2 * ($0 - $1) }
        }
        // The final loss is that of a step on the first step's data.
        let average = zip(DistanceFromAverage.average(beforeStep: 5), [0, 1, 0]).map { 0.75 * $0 + 0.25 * $1 }
        let final = zip(point, average).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(abs(inner.finalLoss(state, on: SerialPieces()) - final) < 1e-12)

        for second in [false, true] {
            let count = learned.metaParameters.elementCount
            let metaParameters = ElementBuffer<Double>(count: count)
            learned.initializeMetaParameters(metaParameters.start, key: RandomKey(seed: 3))
            func run(_ unroll: any MetaGradientEstimator<Double>) -> [[Double]] {
                let gradient = ElementBuffer<Double>(count: count)
                unroll.start(key: RandomKey(seed: 1))
                return (0..<3).map { _ in
                    let loss = unroll.run(metaParameters: metaParameters, metaGradient: gradient, on: SerialPieces())
                    return [loss] + gradient.elements
                }
            }
            let blocked = run(try BlockedUnroll(problem, learned, Unroll(4), secondDerivatives: second))
            let general = run(GeneralUnroll(problem, learned, Unroll(4), secondDerivatives: second))
            #expect(largestError(blocked.flatMap(\.self), general.flatMap(\.self)) < 1e-10)
        }
    }

    /// The estimator that a spec asks for takes blocks where all optimizers have them.
    @Test func isTakenWhereThereAreNoBlocks() throws {
        let estimation = MetaGradientEstimation.truncatedBackpropagation(secondDerivatives: false)
        func estimator(_ optimizer: any Optimizer) throws -> any MetaGradientEstimator<Float> {
            try estimation.estimator(student, ParameterGroups(optimizer), Unroll(2))
        }
        #expect(try estimator(LearnedDamping()) is GeneralUnroll<Float>)
        #expect(try estimator(RecurrentOptimizer(layers: [2])) is BlockedUnroll<Float>)
    }
}
