import Datasets
import Dispatch
import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

struct ConcurrentPieces: PieceExecutor {
    var hasHelpers: Bool { true }

    func run(pieces count: Int, _ body: @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }
}

@Suite("The blocked unroll")
struct UnrollTests {
    private func metaGradients<Scalar: TensorScalar>(
        _ unroll: any MetaGradientEstimator<Scalar>, _ optimizers: ParameterGroups, unrolls: Int,
        on executor: any PieceExecutor = SerialPieces()
    ) -> (losses: [Double], gradients: [[Double]]) {
        let key = RandomKey(seed: 5)
        let metaParameters = ElementBuffer<Scalar>(count: optimizers.metaParameters.elementCount)
        let metaGradient = ElementBuffer<Scalar>(count: metaParameters.count)
        Self.draw(optimizers, metaParameters, key: key)
        unroll.start(key: key)
        var (losses, gradients): ([Double], [[Double]]) = ([], [])
        for _ in 0..<unrolls {
            losses.append(unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: executor))
            gradients.append(metaGradient.elements.map(Double.init))
        }
        return (losses, gradients)
    }

    private static let optimizers: [(String, any Optimizer)] = [
        ("two layers", RecurrentOptimizer(layers: [4, 3], inputs: .logAndSign(k: 5), outputScale: 0.1)),
        ("one layer", RecurrentOptimizer(layers: [5], inputs: .identity, outputScale: 0.1)),
        ("linear", RecurrentOptimizer(layers: [], inputs: .logAndSign(k: 10), outputScale: 0.01)),
        ("fixed lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .fixed(-0.05))),
        ("learned lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .learned)),
        ("rnnprop", RelativeGradientOptimizer(preprocessing: 3, layers: [4, 3])),
        ("rnnprop without LSTM", RelativeGradientOptimizer(preprocessing: 5, layers: [])),
    ]

    /// Meta-parameters of which none is 0, as biases and the weights of a learned λ are at first.
    private static func draw<Scalar: TensorScalar>(
        _ optimizers: ParameterGroups, _ values: ElementBuffer<Scalar>, key: RandomKey
    ) {
        optimizers.initializeMetaParameters(values.start, key: key)
        var stream = RandomStream(key.derived("nudge"))
        for index in 0..<values.count { values.start[index] += Scalar(0.2 * stream.normal()) }
    }

    /// Over several unrolls, so that state and parameters carry over, and more coordinates than one block has.
    @Test(arguments: optimizers.map(\.0)) func equalsTheGeneralPath(_ name: String) {
        let optimizer = Self.optimizers.first { $0.0 == name }!.1
        let problem = Problem(Quadratic(batchSize: 30, dimensions: 5))
        for (steps, second) in [(1, false), (4, false), (10, false), (1, true), (7, true)] {
            let blocked = metaGradients(
                BlockedUnroll<Double>(problem, optimizer, Unroll(steps), secondDerivatives: second),
                ParameterGroups(optimizer), unrolls: 3)
            let whole = metaGradients(
                GeneralUnroll<Double>(problem, optimizer, Unroll(steps), secondDerivatives: second),
                ParameterGroups(optimizer), unrolls: 3)
            #expect(largestError(blocked.losses, whole.losses) < 1e-12)
            #expect(largestError(blocked.gradients, whole.gradients) < 1e-10)
        }
    }

    /// A student whose parameters belong to different optimizers, first and last to the same, and losses that count
    /// the more the later they come.
    @Test(arguments: [false, true]) func groupsAndWeightsEqualTheGeneralPath(_ second: Bool) throws {
        let problem = Problem(
            Ensemble(
                [
                    Problem(SimpleMulti(dimensions: 3)), Problem(Quadratic(batchSize: 20, dimensions: 5)),
                    Problem(Lasso(batchSize: 7)),
                ], weights: [1, 0.5, 0.25]))
        let groups = ParameterGroups([
            .init("1/x_1", Adam(learningRate: 0.03)),
            .init("1/*", RecurrentOptimizer(layers: [3], inputs: .identity, outputScale: 0.1)),
            .init("nothing", RecurrentOptimizer(layers: [2])),
            .init("2/*", RelativeGradientOptimizer(preprocessing: 3, layers: [4])),
            .init("*", RecurrentOptimizer(layers: [4], outputScale: 0.1)),
        ])
        let weights = LossWeights(exponent: 2, epochLength: 12)
        let blocked = metaGradients(
            try BlockedUnroll<Double>(
                problem, groups, Unroll(4, lossWeights: weights), secondDerivatives: second),
            groups, unrolls: 3)
        let whole = metaGradients(
            GeneralUnroll<Double>(problem, groups, Unroll(4, lossWeights: weights), secondDerivatives: second),
            groups,
            unrolls: 3)
        let forward = ForwardUnroll<Double>(problem, groups, Unroll(4, lossWeights: weights))
        #expect(largestError(blocked.losses, whole.losses) < 1e-12)
        #expect(largestError(blocked.losses, metaLosses(forward, groups, unrolls: 3)) < 1e-12)
        #expect(largestError(blocked.gradients, whole.gradients) < 1e-10)
        #expect(whole.gradients.allSatisfy { $0.contains { $0 != 0 } })
    }

    /// Over three weight matrices, of which one belongs to Adam, so that blocks hold parts of several.
    @Test func aTeacherEqualsTheGeneralPath() throws {
        let split = Split(
            features: 9, images: (0..<9 * 40).map { UInt8(37 * $0 % 256) }, labels: (0..<40).map { UInt8($0 % 3) })
        let dataset = Dataset(
            name: "stripes", origin: .synthetic(seed: 0), checksum: "", classes: 3, shape: [3, 3], training: split,
            test: split)
        let problem = Problem.classification(
            dataset: dataset,
            student: Student(inputs: 9, hidden: [7, 5], classes: 3, initialization: .glorot), batchSize: 10)
        func inputs(ofExamples: Bool) -> [LocalInput] {
            LocalFeature.allCases.map { LocalInput($0.rawValue, rows: $0.rows(ofExamples: ofExamples)) }
        }
        let teachers = [
            TeacherOptimizer(
                localInputs: inputs(ofExamples: false), looksAtGradient: true, history: [0.5, 0.9], hidden: [6, 5],
                outputScale: 0.1),
            TeacherOptimizer(localInputs: inputs(ofExamples: false), hidden: [6], output: .value, outputScale: 0.1),
            TeacherOptimizer(
                localInputs: inputs(ofExamples: false), recurrentUnits: 4, hidden: [6], output: .relativeDelta,
                outputScale: 0.1),
            TeacherOptimizer(
                localInputs: inputs(ofExamples: true), looksAtExamples: true, history: [0.9], recurrentUnits: 3,
                hidden: [6], outputScale: 0.1),
        ]
        for teacher in teachers {
            let groups = ParameterGroups([.init("dense2/*", Adam(learningRate: 0.03)), .init("*", teacher)])
            let blocked = metaGradients(
                try BlockedUnroll<Double>(problem, groups, Unroll(4), secondDerivatives: false), groups,
                unrolls: 2)
            let whole = metaGradients(
                GeneralUnroll<Double>(problem, groups, Unroll(4), secondDerivatives: false), groups, unrolls: 2)
            let forward = ForwardUnroll<Double>(problem, groups, Unroll(4))
            #expect(largestError(blocked.losses, whole.losses) < 1e-12)
            #expect(largestError(blocked.losses, metaLosses(forward, groups, unrolls: 2)) < 1e-12)
            #expect(largestError(blocked.gradients, whole.gradients) < 1e-10)
            #expect(whole.gradients.allSatisfy { $0.contains { $0 != 0 } })
        }
    }

    /// Two of five pixels are always black, and each of the others is lit in one image of 60 alone: weights are reached
    /// never, or not after some step. Rectified units are switched off by some images: weights wake one by one.
    @Test(arguments: [false, true], [Activation.sigmoid, .relu])
    func whatNothingReachesCanBeLeftOut(_ second: Bool, activation: Activation) throws {
        let (pixels, images) = (100, 60)
        let split = Split(
            features: pixels, images: (0..<images * pixels).map { $0 % pixels == $0 / pixels ? 200 : 0 },
            labels: (0..<images).map { UInt8($0 % 3) })
        let dataset = Dataset(
            name: "dots", origin: .synthetic(seed: 0), checksum: "", classes: 3, shape: [10, 10], training: split,
            test: split)
        let problem = Problem.classification(
            dataset: dataset,
            student: Student(
                inputs: pixels, hidden: [7], classes: 3, activation: activation, initialization: .glorot),
            batchSize: 2)
        for optimizer in [
            RecurrentOptimizer(layers: [4, 3], outputScale: 0.1, feedback: .learned),
            RelativeGradientOptimizer(preprocessing: 3, layers: [4]),
        ] as [any Optimizer] {
            let groups = ParameterGroups([.init("dense1/*", optimizer), .init("*", RecurrentOptimizer(layers: [2]))])
            let blocked = metaGradients(
                try BlockedUnroll<Double>(problem, groups, Unroll(10), secondDerivatives: second), groups,
                unrolls: 3)
            let concurrent = metaGradients(
                try BlockedUnroll<Double>(problem, groups, Unroll(10), secondDerivatives: second), groups,
                unrolls: 3,
                on: ConcurrentPieces())
            #expect(blocked.losses == concurrent.losses && blocked.gradients == concurrent.gradients)
            let whole = metaGradients(
                GeneralUnroll<Double>(problem, groups, Unroll(10), secondDerivatives: second), groups, unrolls: 3)
            #expect(largestError(blocked.losses, whole.losses) < 1e-12)
            #expect(largestError(blocked.gradients, whole.gradients) < 1e-10)
            #expect(whole.gradients.allSatisfy { $0.contains { $0 != 0 } })
        }
    }

    private func metaLosses(
        _ unroll: ForwardUnroll<Double>, _ optimizers: ParameterGroups, unrolls: Int
    ) -> [Double] {
        let key = RandomKey(seed: 5)
        let metaParameters = ElementBuffer<Double>(count: optimizers.metaParameters.elementCount)
        Self.draw(optimizers, metaParameters, key: key)
        let state = unroll.inner.makeState()
        unroll.inner.begin(state, key: key)
        return (0..<unrolls).map { _ in
            unroll.run(state, metaParameters: metaParameters, on: SerialPieces())
        }
    }

    @Test func aParameterInNoGroupIsRefused() {
        let groups = ParameterGroups([.init("x_0", Adam(learningRate: 0.03))])
        #expect(throws: TrialFailure.self) { try ParameterLayout(Problem(SimpleMulti()), groups) }
    }

    @Test(arguments: [false, true]) func givesTheSameBitsOnAnyThreads(_ second: Bool) {
        let optimizer = RecurrentOptimizer(layers: [6, 4], inputs: .logAndSign(k: 10), outputScale: 0.1)
        let problem = Quadratic(batchSize: 300, dimensions: 7)
        let serial = metaGradients(
            BlockedUnroll<Float>(problem, optimizer, Unroll(10), secondDerivatives: second),
            ParameterGroups(optimizer),
            unrolls: 2)
        let concurrent = metaGradients(
            BlockedUnroll<Float>(problem, optimizer, Unroll(10), secondDerivatives: second),
            ParameterGroups(optimizer),
            unrolls: 2, on: ConcurrentPieces())
        #expect(serial.losses == concurrent.losses)
        #expect(serial.gradients == concurrent.gradients)
    }

    /// The derivative of the meta-loss itself, where it goes through the optimizee's gradient.
    @Test(arguments: optimizers.map(\.0)) func secondDerivativesAgreeWithCentralDifferences(_ name: String) {
        let optimizer = Self.optimizers.first { $0.0 == name }!.1
        let problem = Problem(Quadratic(batchSize: 2, dimensions: 3))
        let key = RandomKey(seed: 8)
        let count = optimizer.metaParameters.elementCount
        let metaParameters = ElementBuffer<Double>(count: count)
        Self.draw(ParameterGroups(optimizer), metaParameters, key: key)
        let gradient = ElementBuffer<Double>(count: count)
        let scratch = ElementBuffer<Double>(count: count)
        let unroll = GeneralUnroll<Double>(problem, optimizer, Unroll(4), secondDerivatives: true)
        func loss(_ into: ElementBuffer<Double>) -> Double {
            unroll.start(key: key)
            return unroll.run(metaParameters: metaParameters, metaGradient: into, on: SerialPieces())
        }
        _ = loss(gradient)
        for index in 0..<count {
            let value = metaParameters.start[index]
            metaParameters.start[index] = value + 1e-5
            let high = loss(scratch)
            metaParameters.start[index] = value - 1e-5
            let low = loss(scratch)
            metaParameters.start[index] = value
            #expect(abs(gradient.start[index] - (high - low) / 2e-5) < 1e-7 * max(1, abs(gradient.start[index])))
        }
    }
}
