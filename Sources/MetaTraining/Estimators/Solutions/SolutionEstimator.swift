import Optimizers
import Problems
import TensorEngine

/// The meta-gradient of an optimizer whose steps solve linear systems (Chen, Lu and Fokoue 2018, section 3.3): what shapes
/// the systems learns from the losses along an unroll, what helps to solve them from the solutions themselves. Derivatives
/// stop at the optimizee's parameters, and at the solution and residual that a step reads of the step before; from step to
/// step they go through what the networks remember.
///
/// The meta-gradient is cut to the norm of the meta-parameters. Memory: ``UnrollStates``.
final class SolutionEstimator<Scalar: TensorScalar>: MetaGradientEstimator {
    private let learning: SolutionLearning
    private let inner: OptimizationStep<Scalar>
    private let step: SolutionStep<Scalar>
    private let memory: ReplayMemory<Scalar>?
    private let metaParameterCount: Int
    private var key = RandomKey(seed: 0)
    private let unroll: UnrollStates<Scalar>
    /// For each step but the last, the gradient after it on its own minibatch.
    private let gradientsAfter: [ElementBuffer<Scalar>]
    private let cotangents: SolutionStep<Scalar>.Cotangents

    /// - Parameters:
    ///   - memory: the states that are replayed, of this problem and those before it.
    ///   - unshared: what the optimizer's part of an unroll's states may take, in bytes, before they share memory.
    /// - Throws: `TrialFailure` where the optimizer solves no systems, or an unroll needs more memory than there is.
    init(
        _ problem: Problem, _ optimizers: ParameterGroups, _ learning: SolutionLearning,
        memory: ReplayMemory<Scalar>?, _ unroll: Unroll, unshared: Int = UnrollStates<Scalar>.unshared
    ) throws {
        guard let optimizer = optimizers.solving else { throw TrialFailure(optimizers.solvingObstacle ?? "") }
        inner = try OptimizationStep(problem, optimizers, inBlocks: false)
        let (layout, carried) = (inner.optimizee.layout, inner.optimizee.carried.elementCount)
        let memories = UnrollStates<Scalar>.memories(
            length: unroll.length, stateCount: layout.stateCount, unshared: unshared)
        let need = MemoryNeed(
            Scalar.self,
            elements: Double(unroll.length + 1) * Double(3 * layout.count + 2 * carried)
                + Double(memories) * Double(layout.stateCount))
        try need.check(for: "the states of an unroll of \(unroll.length) steps")
        self.learning = learning
        self.memory = memory
        metaParameterCount = optimizer.metaParameters.elementCount
        step = SolutionStep(inner, optimizer, learning)
        let makeState = inner.makeState(optimizerState:)
        self.unroll = UnrollStates(
            length: unroll.length, stateCount: layout.stateCount, unshared: unshared, make: makeState)
        gradientsAfter = (1..<unroll.length).map { _ in ElementBuffer(count: layout.count) }
        cotangents = step.makeCotangents()
    }

    private var states: [InnerState<Scalar>] { unroll.all }
    private var last: InnerState<Scalar> { unroll.last }

    func start(key: RandomKey) {
        self.key = key
        inner.begin(last, key: key)
        memory?.begin(last)
    }

    /// - Returns: the sum of the losses before each step.
    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        states[0].copy(from: last)
        var (before, after) = ([Double](), [Double]())
        for (index, state) in states.dropLast().enumerated() {
            before.append(inner.loss(state, on: executor))
            _ = step.run(from: state, to: states[index + 1], key: key, metaParameters: metaParameters, on: executor)
            guard index < gradientsAfter.count else { continue }
            after.append(
                inner.loss(
                    states[index + 1], onMinibatchOf: state, gradient: gradientsAfter[index], on: executor))
        }
        let errors = SolutionErrors(before: before, after: after)
        pullBack(errors, metaParameters, metaGradient, on: executor)
        regularize(metaGradient, metaParameters)
        replay(loss: before[before.count - 1], error: errors.mean)
        return before.reduce(0, +)
    }

    private func pullBack(
        _ errors: SolutionErrors, _ metaParameters: ElementBuffer<Scalar>, _ metaGradient: ElementBuffer<Scalar>,
        on executor: any PieceExecutor
    ) {
        metaGradient.clear()
        cotangents.clear()
        let qualityWeight = 1 / Double(states.count - 1)
        unroll.backwards { earlier, next in
            _ = step.run(from: earlier, to: next, key: key, metaParameters: metaParameters, on: executor)
        } _: { index in
            if index < gradientsAfter.count {
                let weight = Scalar(learning.lossScale * errors.weights[index] / 2)
                let (own, next) = (gradientsAfter[index].start, states[index + 1].gradient.start)
                for element in 0..<cotangents.parameters.count {
                    cotangents.parameters.start[element] = weight * (own[element] + next[element])
                }
            }
            step.pullBack(
                states[index], key: key, metaParameters: metaParameters, cotangents: cotangents,
                qualityWeight: qualityWeight, metaGradient: metaGradient, on: executor)
        }
    }

    /// Adds the penalty's gradient, and shortens the sum to the norm of the meta-parameters.
    private func regularize(_ metaGradient: ElementBuffer<Scalar>, _ metaParameters: ElementBuffer<Scalar>) {
        var (gradientSquare, parameterSquare) = (0.0, 0.0)
        for index in 0..<metaParameterCount {
            let value = metaParameters.start[index]
            metaGradient.start[index] += Scalar(learning.penalty) * value
            gradientSquare += Double(metaGradient.start[index]) * Double(metaGradient.start[index])
            parameterSquare += Double(value) * Double(value)
        }
        guard gradientSquare > parameterSquare else { return }
        let scale = Scalar((parameterSquare / gradientSquare).squareRoot())
        for index in 0..<metaParameterCount { metaGradient.start[index] *= scale }
    }

    /// Perhaps goes on elsewhere.
    ///
    /// - Parameters:
    ///   - loss: before the unroll's last step.
    ///   - error: the unroll's mean error.
    private func replay(loss: Double, error: Double) {
        guard let memory else { return }
        memory.note(error: error)
        var stream = RandomStream(key.derived("replay", UInt64(last.step)))
        guard stream.uniform() >= memory.keepProbability else { return }
        memory.replace(last, loss: loss, &stream)
        inner.optimizee.layout.initializeState(last.optimizerState)
        last.loss = nil
    }
}
