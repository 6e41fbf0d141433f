import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

@Suite("Learning by solutions")
struct SolutionTests {
    private static let student = Problem.classification(
        dataset: Quarters.dataset,
        student: Student(inputs: 16, hidden: [5], classes: 4, activation: .tanh, initialization: .glorot), batchSize: 8)
    private static let key = RandomKey(seed: 4)
    private static let length = 3

    /// What derivatives are taken of, with all that they stop at held as it was without a change: the parameters before
    /// each step, the solutions and residuals that steps read, the losses before, and the weights.
    private struct Held {
        let inner: OptimizationStep<Double>
        let step: SolutionStep<Double>
        let optimizer: LearnedHessianFree
        var states: [InnerState<Double>] = []
        var weights: [Double] = []
        private let recalled: Int

        init(_ optimizer: LearnedHessianFree, _ learning: SolutionLearning, at values: [Double]) throws {
            self.optimizer = optimizer
            inner = try OptimizationStep(student, ParameterGroups(optimizer), inBlocks: false)
            step = SolutionStep(inner, optimizer, learning)
            recalled = 2 * student.parameters.elementCount
            let first = inner.makeState()
            inner.begin(first, key: key)
            states = [first]
            var (before, after) = ([Double](), [Double]())
            let gradient = ElementBuffer<Double>(count: first.parameters.count)
            for index in 0..<length {
                before.append(inner.loss(states[index], on: SerialPieces()))
                states.append(inner.makeState())
                _ = step.run(
                    from: states[index], to: states[index + 1], key: key, metaParameters: ElementBuffer(values),
                    on: SerialPieces())
                guard index < length - 1 else { continue }
                after.append(
                    inner.loss(
                        states[index + 1], onMinibatchOf: states[index], gradient: gradient, on: SerialPieces()))
            }
            weights = SolutionErrors(before: before, after: after).weights
        }

        /// The weighted losses, by which the damping learns, and the mean error of the solutions.
        func errors(at values: [Double]) -> (losses: Double, solutions: Double) {
            var (losses, solutions) = (0.0, 0.0)
            let (current, next) = (inner.makeState(), inner.makeState())
            let gradient = ElementBuffer<Double>(count: current.parameters.count)
            var remembered: [Double]?
            for index in 0..<length {
                current.copy(from: states[index])
                if let remembered {
                    for (offset, value) in remembered.enumerated() {
                        current.optimizerState.start[recalled + offset] = value
                    }
                }
                solutions += step.run(
                    from: current, to: next, key: key, metaParameters: ElementBuffer(values), on: SerialPieces())
                remembered = Array(next.optimizerState.elements.dropFirst(recalled))
                guard index < length - 1 else { continue }
                let after = inner.loss(next, onMinibatchOf: current, gradient: gradient, on: SerialPieces())
                losses += weights[index] * (after + inner.loss(next, on: SerialPieces())) / 2
            }
            return (losses, solutions / Double(length))
        }
    }

    @Test(arguments: [
        LearnedHessianFree(iterations: 2, units: [2, 2]),
        LearnedHessianFree(iterations: 3, preconditioner: .none, start: .gradient, units: [2]),
        LearnedHessianFree(iterations: 1, start: .learned, units: [2, 1]),
    ])
    func agreesWithCentralDifferences(_ optimizer: LearnedHessianFree) throws {
        // Steps are long enough to be shortened.
        let learning = SolutionLearning(longestStep: 0.05, lossScale: 3, penalty: 1e-3)
        let initial = ElementBuffer<Double>(count: optimizer.metaParameters.elementCount)
        optimizer.initializeMetaParameters(initial.start, key: RandomKey(seed: 2))
        let values = initial.elements
        let estimator = try SolutionEstimator<Double>(
            Self.student, ParameterGroups(optimizer), learning, memory: nil, Unroll(Self.length))
        let found = ElementBuffer<Double>(count: values.count)
        estimator.start(key: Self.key)
        _ = estimator.run(metaParameters: ElementBuffer(values), metaGradient: found, on: SerialPieces())

        let held = try Held(optimizer, learning, at: values)
        let shaping = optimizer.metaParameters.prefix(optimizer.shapingTensors).reduce(0) { $0 + $1.shape.count }
        let isThere = optimizer.metaParameters.flatMap { parameter in
            Array(repeating: parameter.name.contains("/dense"), count: parameter.shape.count)
        }
        var expected = values.indices.map { position in
            // Kinds of parameters that the student has none of learn nothing.
            guard isThere[position] else { return learning.penalty * values[position] }
            func errors(_ change: Double) -> (losses: Double, solutions: Double) {
                var changed = values
                changed[position] += change
                return held.errors(at: changed)
            }
            func slope(_ error: ((losses: Double, solutions: Double)) -> Double) -> Double {
                let step = 1e-4
                let (near, far) = (
                    error(errors(step)) - error(errors(-step)), error(errors(2 * step)) - error(errors(-2 * step))
                )
                return (8 * near - far) / (12 * step)
            }
            let own = position < shaping ? learning.lossScale * slope(\.losses) : slope(\.solutions)
            return own + learning.penalty * values[position]
        }
        #expect(expected.filter { abs($0) > 1e-6 }.count > 20)
        let (norm, bound) = (Self.norm(expected), Self.norm(values))
        if norm > bound { expected = expected.map { $0 * bound / norm } }
        #expect(largestError(found.elements, expected) < 1e-8)
    }

    private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    @Test func givesTheSameBitsOnAnyThreads() throws {
        let optimizer = LearnedHessianFree(units: [3])
        let values = ElementBuffer<Float>(count: optimizer.metaParameters.elementCount)
        optimizer.initializeMetaParameters(values.start, key: RandomKey(seed: 2))
        func run(on executor: any PieceExecutor) throws -> [Double] {
            let estimator = try SolutionEstimator<Float>(
                Self.student, ParameterGroups(optimizer),
                SolutionLearning(replay: .init(size: 4, keepProbability: 0.5)),
                memory: ReplayMemory(.init(size: 4, keepProbability: 0.5)), Unroll(3))
            let gradient = ElementBuffer<Float>(count: values.count)
            estimator.start(key: Self.key)
            return (0..<4).flatMap { _ in
                let loss = estimator.run(metaParameters: values, metaGradient: gradient, on: executor)
                return [loss] + gradient.elements.map(Double.init)
            }
        }
        #expect(try run(on: SerialPieces()) == run(on: ConcurrentPieces()))
    }

    /// States that share memory are computed again on the way back, to the same bits.
    @Test(arguments: 1...7)
    func givesTheSameBitsInLittleMemory(length: Int) throws {
        let optimizer = LearnedHessianFree(units: [3])
        let values = ElementBuffer<Float>(count: optimizer.metaParameters.elementCount)
        optimizer.initializeMetaParameters(values.start, key: RandomKey(seed: 2))
        func run(unshared: Int) throws -> [Double] {
            let estimator = try SolutionEstimator<Float>(
                Self.student, ParameterGroups(optimizer), SolutionLearning(), memory: nil, Unroll(length),
                unshared: unshared)
            let gradient = ElementBuffer<Float>(count: values.count)
            estimator.start(key: Self.key)
            return (0..<3).flatMap { _ in
                let loss = estimator.run(metaParameters: values, metaGradient: gradient, on: SerialPieces())
                return [loss] + gradient.elements.map(Double.init)
            }
        }
        #expect(try run(unshared: 0) == run(unshared: .max))
    }

    /// Of ten steps seven memories are kept: two windows of five steps, and the last state.
    @Test func keepsFewMemories() {
        func memories(_ length: Int, _ unshared: Int) -> Int {
            UnrollStates<Float>.memories(length: length, stateCount: 1, unshared: unshared)
        }
        #expect([1, 2, 10, 100].map { memories($0, .max) } == [2, 3, 11, 101])
        #expect([1, 2, 10, 100].map { memories($0, 0) } == [2, 3, 7, 20])
        #expect(memories(100, 4 * 60) == 60)
    }

    @Test func weighsErrorsByTheirSoftmax() {
        let errors = SolutionErrors(before: [2, 1.5, 1], after: [1, 1.25])
        #expect(abs(errors.weights.reduce(0, +) - 1) < 1e-15)
        // (1 + 1.5) / 2 - 2 = -0.75 and (1.25 + 1) / 2 - 1.5 = -0.375.
        #expect(abs(errors.weights[1] / errors.weights[0] - 1.4549914146182013) < 1e-13)
        #expect(abs(errors.mean - (-0.75 - 0.375 * 1.4549914146182013) / 2.4549914146182013) < 1e-14)
    }
}

@Suite("Replay memory")
struct ReplayMemoryTests {
    private func state(_ value: Double) throws -> InnerState<Double> {
        let problem = Problem(Quadratic(batchSize: 1, dimensions: 2))
        let inner = try OptimizationStep<Double>(problem, ParameterGroups(GradientDescent(learningRate: 0.1)))
        let state = inner.makeState()
        state.parameters.start.update(repeating: value, count: state.parameters.count)
        return state
    }

    /// Lower losses enter, unless their norm has grown by more than a fifth; others don't.
    @Test func keepsWhatIsNewAndGood() throws {
        let memory = ReplayMemory<Double>(.init(size: 10, keepProbability: 0))
        var stream = RandomStream(RandomKey(seed: 1))
        memory.begin(try state(1))
        for (value, loss, count) in [(2.0, 3.0, 2), (2.1, 4.0, 2), (2.1, 2.0, 3), (2.6, 1.0, 3), (2.5, 1.0, 4)] {
            memory.note(error: 0)
            memory.replace(try state(value), loss: loss, &stream)
            #expect(memory.buffers.count == count)
        }
        #expect(memory.buffers.map { $0.start[0] } == [1, 2, 2.1, 2.5])
        // The next epoch's initial state takes the first place.
        memory.begin(try state(7))
        #expect(memory.buffers.map { $0.start[0] } == [7, 2, 2.1, 2.5])
    }

    /// By rank to the power -0.7, from the largest error down.
    @Test func drawsByRank() throws {
        let memory = ReplayMemory<Double>(.init(size: 3, keepProbability: 0))
        var stream = RandomStream(RandomKey(seed: 1))
        memory.begin(try state(10))
        memory.note(error: -1)
        for value in [9.0, 8] { memory.replace(try state(value), loss: value, &stream) }
        var counts: [Double: Double] = [:]
        let draws = 4000
        for _ in 0..<draws {
            let place = try state(99)
            // Errors that follow from the state: 8 is the worst, then 9, then 10.
            memory.replace(place, loss: .infinity, &stream)
            counts[place.parameters.start[0], default: 0] += 1
            memory.note(error: 20 - place.parameters.start[0])
        }
        let shares = [1, 0.6155722066724582, 0.4634785478867]
        let sum = shares.reduce(0, +)
        for (value, share) in zip([8.0, 9, 10], shares) {
            let expected = share / sum
            #expect(abs(counts[value, default: 0] / Double(draws) - expected) < 4 * (0.25 / Double(draws)).squareRoot())
        }
    }

    @Test func isRestoredFromACheckpoint() throws {
        let replay = SolutionLearning.Replay(size: 3, keepProbability: 0)
        let memory = ReplayMemory<Double>(replay)
        var stream = RandomStream(RandomKey(seed: 1))
        memory.begin(try state(10))
        for value in [9.0, 8, 7] {
            memory.note(error: value)
            memory.replace(try state(value), loss: value, &stream)
        }
        let data = StateBytes.encoded(memory.numbers, memory.buffers)
        let other = ReplayMemory<Double>(replay)
        _ = try StateBytes.restore(data, numbers: other.numbers.count) { numbers in
            other.prepare(numbers, elements: data.count / 8)
            return other.buffers
        }
        #expect(StateBytes.encoded(other.numbers, other.buffers) == data)
        #expect(other.buffers.map { $0.start[0] } == [10, 7, 8])
        for wrong in [Double.nan, -1, 1e300, 4] {
            let none = ReplayMemory<Double>(replay)
            none.prepare([wrong] + memory.numbers.dropFirst(), elements: data.count / 8)
            #expect(none.buffers.isEmpty)
        }
        #expect(throws: TrialFailure.self) {
            try StateBytes.restore(data.dropLast(), numbers: other.numbers.count) { _ in other.buffers }
        }
    }
}
