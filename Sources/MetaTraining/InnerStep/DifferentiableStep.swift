import Optimizers
import Problems
import TensorEngine

/// An inner step that can be walked back.
protocol DifferentiableInnerStep<Scalar>: InnerStep {
    /// Memory for cotangents of a state.
    func makeCotangents() -> InnerCotangents<Scalar>

    /// Takes derivatives by the state after a step to those by the state before it and by the meta-parameters, and adds
    /// those of the loss before the step.
    ///
    /// - Parameters:
    ///   - state: before the step.
    ///   - lossWeight: how much the loss there counts.
    ///   - cotangents: by the state after the step; afterwards by the state before it.
    ///   - metaGradient: what derivatives by the meta-parameters are added to.
    func pullBack(
        _ state: InnerState<Scalar>, lossWeight: Double, metaParameters: ElementBuffer<Scalar>,
        cotangents: InnerCotangents<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor)
}

/// Derivatives of a meta-loss by a state's parameters and by what the optimizer remembers, laid out as these are.
struct InnerCotangents<Scalar: TensorScalar> {
    let parameters: ElementBuffer<Scalar>
    let optimizerState: ElementBuffer<Scalar>

    func clear() {
        parameters.clear()
        optimizerState.clear()
    }
}

/// The inner step of any optimizers, on whole tensors, with the way back: the step is computed again there.
///
/// What an objective carries is data on the way back. Memory: one step's, forward and back.
final class DifferentiableStep<Scalar: TensorScalar>: DifferentiableInnerStep {
    private let forward: OptimizationStep<Scalar>
    private let backward: StepPullback<Scalar>

    /// - Parameter secondDerivatives: whether derivatives go through the optimizee's gradient and curvature.
    /// - Throws: `TrialFailure` where a parameter has no optimizer.
    init(_ problem: Problem, _ optimizers: ParameterGroups, secondDerivatives: Bool) throws {
        forward = try OptimizationStep(problem, optimizers, inBlocks: false)
        backward = StepPullback(problem, forward.optimizee.layout, secondDerivatives: secondDerivatives)
    }

    private init(copying other: DifferentiableStep) {
        forward = other.forward.copy()
        backward = StepPullback(copying: other.backward)
    }

    func copy() -> DifferentiableStep { DifferentiableStep(copying: self) }

    func makeState() -> InnerState<Scalar> { forward.makeState() }

    func makeCotangents() -> InnerCotangents<Scalar> {
        let layout = forward.optimizee.layout
        return InnerCotangents(
            parameters: ElementBuffer(count: layout.count), optimizerState: ElementBuffer(count: layout.stateCount))
    }

    func begin(_ state: InnerState<Scalar>, key: RandomKey) { forward.begin(state, key: key) }

    func loss(_ state: InnerState<Scalar>, on executor: any PieceExecutor) -> Double {
        forward.loss(state, on: executor)
    }

    func step(_ state: InnerState<Scalar>, metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        forward.step(state, metaParameters: metaParameters, on: executor)
    }

    func pullBack(
        _ state: InnerState<Scalar>, lossWeight: Double, metaParameters: ElementBuffer<Scalar>,
        cotangents: InnerCotangents<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) {
        backward.run(
            state, minibatch: forward.minibatch(ofStep: state.step), lossWeight: lossWeight,
            metaParameters: metaParameters, cotangents: cotangents, metaGradient: metaGradient, on: executor)
    }
}
