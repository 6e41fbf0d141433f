import Optimizers
import Problems
import TensorEngine

/// Some steps of a learned optimizer on an optimizee, and their losses: what estimators without derivatives run.
///
/// What is compiled is shared with its copies; each has working memory of its own, so that copies may run at once.
/// Memory: one gradient's and one update's, whatever the number of steps.
final class ForwardUnroll<Scalar: TensorScalar> {
    let layout: ParameterLayout
    let steps: Int
    private let lossWeights: LossWeights
    private let optimizee: Optimizee<Scalar>
    private let update: OptimizerStep<Scalar>
    private var run: OptimizeeRun<Scalar>
    private var key = RandomKey(seed: 0)

    /// - Throws: `TrialFailure` where a parameter has no optimizer.
    init(
        _ problem: any Problem, _ optimizers: ParameterGroups, steps: Int, lossWeights: LossWeights = .equal
    ) throws {
        self.lossWeights = lossWeights
        layout = try ParameterLayout(problem, optimizers)
        optimizee = try Optimizee(problem, layout)
        self.steps = steps
        update = OptimizerStep(layout)
        run = OptimizeeRun(optimizee, key: key)
    }

    init(copying other: ForwardUnroll) {
        optimizee = other.optimizee
        steps = other.steps
        lossWeights = other.lossWeights
        layout = other.layout
        update = OptimizerStep(copying: other.update)
        run = OptimizeeRun(other.optimizee, key: key)
    }

    /// Begins an epoch: its data are those of the key.
    func start(key: RandomKey) {
        self.key = key
        run = OptimizeeRun(optimizee, key: key)
    }

    /// The epoch's initial parameters, and state 0.
    func initialize(_ state: InnerState<Scalar>) {
        optimizee.initialize(state.parameters.start, key: key)
        state.optimizerState.clear()
    }

    /// Takes the steps.
    ///
    /// - Parameters:
    ///   - state: where they begin; afterwards, where they end.
    ///   - epochStep: how many steps of the epoch were taken before; at 0 the state's loss and gradient are yet unknown.
    /// - Returns: the sum of the losses before each step and after the last, by their weights.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        _ state: InnerState<Scalar>, metaParameters: ElementBuffer<Scalar>, epochStep: Int,
        on executor: any PieceExecutor
    ) -> Double {
        if epochStep == 0 { evaluate(state, step: 0, on: executor) }
        var metaLoss = lossWeights.weight(afterStep: epochStep) * state.loss
        for step in epochStep..<epochStep + steps {
            update.run(
                step: step + 1, metaParameters: metaParameters.start, gradient: state.gradient.start,
                local: state.local.start, parameters: state.parameters.start, state: state.optimizerState.start,
                on: executor)
            evaluate(state, step: step + 1, on: executor)
            metaLoss += lossWeights.weight(afterStep: step + 1) * state.loss
        }
        return metaLoss
    }

    private func evaluate(_ state: InnerState<Scalar>, step: Int, on executor: any PieceExecutor) {
        state.loss = run.evaluate(
            step: step, parameters: state.parameters.start, gradient: state.gradient.start,
            local: state.local.start, on: executor)
    }
}
