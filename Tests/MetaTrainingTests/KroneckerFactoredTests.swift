import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

@Suite("Kronecker-factored curvature")
struct KroneckerFactoredTests {
    private func drawn(_ count: Int, seed: UInt64) -> [Double] {
        var stream = RandomStream(RandomKey(seed: seed))
        return (0..<count).map { _ in stream.normal() }
    }

    private func oneHot(_ examples: Int, classes: Int) -> [Double] {
        (0..<examples * classes).map { ($0 / classes) * 7 % 11 % classes == $0 % classes ? 1 : 0 }
    }

    /// Least squares: A ⊗ I is the Hessian, so a step of 1 ends where the gradient is 0, up to the least damping.
    @Test func aStepSolvesLeastSquares() {
        let objective = Classification(Student(inputs: 4, hidden: [], classes: 3), loss: .squaredError)
        let (images, labels) = (drawn(12 * 4, seed: 1), oneHot(12, classes: 3))
        let start = drawn(15, seed: 2)
        var run = GivenBatches(
            objective, KroneckerFactored(learningRate: 1.0, damping: 1e-12), examples: 12, from: [start])
        run.take(images: images, labels: labels)
        let plan = Plan<Double>(
            .tracing([[5, 3], [12, 4], [12, 3]]) {
                gradient(of: objective.loss(ObjectiveInputs([$0[0]], batch: Array($0[1...]))), withRespectTo: [$0[0]])
            })
        let (before, after) = (plan([start, images, labels])[0], plan([run.parameters[0], images, labels])[0])
        #expect(before.map(abs).max()! > 0.1)
        #expect(after.map(abs).max()! < 1e-4)
    }

    /// A softmax regression with weights of 0 finds all classes as probable whatever it sees: A ⊗ G is its Fisher matrix,
    /// which is its Gauss-Newton matrix, and the step has to be the inverse of that.
    @Test func aStepIsTheNaturalGradientOfASoftmaxRegression() {
        let objective = Classification(Student(inputs: 4, hidden: [], classes: 3))
        let (images, labels) = (drawn(12 * 4, seed: 3), oneHot(12, classes: 3))
        let zeros = [Double](repeating: 0, count: 15)
        var run = GivenBatches(
            objective, KroneckerFactored(learningRate: 1.0, damping: 1e-12), examples: 12, from: [zeros])
        run.take(images: images, labels: labels)
        let plan = Plan<Double>(
            .tracing([[5, 3], [12, 4], [12, 3], [5, 3]]) { all in
                let inputs = ObjectiveInputs([all[0]], batch: [all[1], all[2]])
                return gradient(of: objective.loss(inputs), withRespectTo: [all[0]])
                    + Curvature(objective, inputs).gaussNewtonProduct([all[3]])
            })
        let found = plan([zeros, images, labels, run.parameters[0].map { -$0 }])
        #expect(found[0].map(abs).max()! > 0.05)
        #expect(largestError(found[1], found[0]) < 1e-4)
    }

    private func optimize<Scalar: TensorScalar>(
        _: Scalar.Type, _ problem: Problem, _ optimizer: any Optimizer, steps: Int,
        on executor: any PieceExecutor = SerialPieces()
    ) throws -> [Double] {
        let inner = try OptimizationStep<Scalar>(problem, ParameterGroups(optimizer))
        let state = inner.makeState()
        inner.begin(state, key: RandomKey(seed: 3))
        let none = ElementBuffer<Scalar>(count: 0)
        var losses = [inner.loss(state, on: executor)]
        for _ in 0..<steps {
            inner.step(state, metaParameters: none, on: executor)
            losses.append(inner.loss(state, on: executor))
        }
        return losses + [inner.finalLoss(state, on: executor)]
    }

    private func problem(_ loss: ClassificationLoss = .crossEntropy) -> Problem {
        .classification(
            dataset: Quarters.dataset, student: Student(inputs: 16, hidden: [8], classes: 4, initialization: .glorot),
            batchSize: 64, loss: loss)
    }

    /// Averaged factors and minibatches' own, with either loss, in single precision; gradient descent at the best of some
    /// rates.
    @Test(arguments: [ClassificationLoss.crossEntropy, .squaredError], [640, 4])
    func learnsFasterThanGradientDescent(_ loss: ClassificationLoss, longestSide: Int) throws {
        let problem = problem(loss)
        let rule = KroneckerFactored(learningRate: 0.3, longestSide: longestSide)
        let found = try optimize(Float.self, problem, rule, steps: 20)
        let descents = try [0.1, 0.3, 1.0, 3.0].map {
            try optimize(Float.self, problem, GradientDescent(learningRate: LearningRate($0)), steps: 20).last!
        }
        #expect(found.last! < 0.7 * descents.filter(\.isFinite).min()!)
    }

    @Test func learnsAConvolutionalStudent() throws {
        let student = ConvolutionalStudent(
            images: .channelsLast(height: 4, width: 4, channels: 1),
            convolutions: [.init(size: 3, channels: 4, normalization: .init(), pooling: 2)], hidden: [], classes: 4,
            initialization: .glorot)
        let problem = Problem.classification(dataset: Quarters.dataset, student: student, batchSize: 32)
        let losses = try optimize(Float.self, problem, KroneckerFactored(learningRate: 0.1), steps: 20)
        #expect(losses.last! < 0.5 * losses[0])
    }

    /// Next to no damping, of factors that are singular: single precision knows no curvature in most directions.
    @Test(arguments: [640, 4]) func aStepStaysFinite(longestSide: Int) throws {
        let student = Student(inputs: 16, hidden: [40], classes: 4)
        let problem = Problem.classification(dataset: Quarters.dataset, student: student, batchSize: 8)
        let rule = KroneckerFactored(learningRate: 1e-3, damping: 1e-16, longestSide: longestSide)
        #expect(try optimize(Float.self, problem, rule, steps: 1).allSatisfy(\.isFinite))
    }

    @Test func givesTheSameBitsOnAnyThreads() throws {
        let rule = KroneckerFactored(learningRate: 0.3, momentum: 0.5, longestSide: 10)
        let alone = try optimize(Float.self, problem(), rule, steps: 3)
        #expect(try optimize(Float.self, problem(), rule, steps: 3, on: ConcurrentPieces()) == alone)
    }

    /// Layers don't know of each other: one of them alone is what it is among all.
    @Test func ofSomeLayersAlone() throws {
        let all = ParameterGroups(KroneckerFactored())
        let last = ParameterGroups([
            .init("dense2/*", KroneckerFactored()),
            .init("*", GradientDescent(learningRate: 0.1)),
        ])
        let steps = try [all, last].map { groups in
            let inner = try OptimizationStep<Double>(problem(), groups)
            let state = inner.makeState()
            inner.begin(state, key: RandomKey(seed: 3))
            inner.step(state, metaParameters: ElementBuffer(count: 0), on: SerialPieces())
            return inner.optimizee.layout.offsets.map { Array(state.parameters.elements[$0...].prefix(9 * 4)) }
        }
        #expect(largestError(steps[1][1], steps[0][1]) < 1e-12)
        #expect(largestError(steps[1][0], steps[0][0]) > 1e-3)
    }

    /// The rule of each parameter that belongs to no layer is gradient descent.
    @Test func otherParametersTakeGradientSteps() {
        let described = [Parameter("scale", [2], .normalizationScale), Parameter("free", [3], .convolutionBias)]
        let rule = KroneckerFactored(learningRate: 0.5)
        #expect(rule.state(of: described).isEmpty)
        let plan = Plan<Double>(
            .tracing([[2], [3], [2], [3], .scalar, .scalar, .scalar]) { all in
                rule.update(
                    OptimizationPoint(
                        described: described, parameters: Array(all[..<2]), gradient: Array(all[2..<4]), loss: all[4],
                        state: [], schedule: Array(all[4...]), landscape: NoLandscape()), metaParameters: []
                ).parameters
            })
        let found = plan([[1, 2], [3, 4, 5], [2, 4], [0, -2, 8]] + rule.scheduleValues(step: 1).map { [$0] })
        #expect(found == [[0, 0], [3, 5, 1]])
    }

    @Test func asksOnlyWhereThereIsAnAnswer() {
        let groups = ParameterGroups(KroneckerFactored())
        let scaled = RandomScaling(problem(), -1...1)
        for refused in [Problem(Quadratic()), Problem(Simple()), problem(.zeroOne), Problem(scaled, scaled)] {
            #expect(groups.misfit(with: refused)?.contains("what each layer sees") == true)
        }
        #expect(groups.misfit(with: problem()) == nil && groups.misfit(with: problem(.squaredError)) == nil)
        let learned = ParameterGroups(RecurrentOptimizer(layers: [2]))
        #expect(groups.misfit(withMetaParametersOf: learned)?.contains("meta-training cannot tell") == true)
    }
}
