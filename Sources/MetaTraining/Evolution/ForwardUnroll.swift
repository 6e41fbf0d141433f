import Optimizers
import Problems
import TensorEngine

/// Some steps of a learned optimizer on an optimizee, and their losses: what estimators without derivatives run.
///
/// What is compiled is shared with its copies; each has working memory of its own, so that copies may run at once.
/// Memory: one gradient's and one update's, whatever the number of steps.
final class ForwardUnroll<Scalar: TensorScalar> {
    let blocks: CoordinateBlocks
    let steps: Int
    private let optimizee: Optimizee<Scalar>
    private let optimizer: any Optimizer
    private let update: UpdateProgram<Scalar>
    private let schedule: ElementBuffer<Scalar>
    private var run: OptimizeeRun<Scalar>
    private var key = RandomKey(seed: 0)

    init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int) {
        let optimizee = Optimizee<Scalar>(problem)
        self.optimizee = optimizee
        self.optimizer = optimizer
        self.steps = steps
        blocks = CoordinateBlocks(
            parameterCount: optimizee.parameterCount, features: optimizer.stateFeatures.reduce(0, +),
            isLearned: true)
        update = UpdateProgram(optimizer, blocks: blocks)
        schedule = ElementBuffer(count: optimizer.scheduleCount)
        run = OptimizeeRun(optimizee, key: key)
    }

    init(copying other: ForwardUnroll) {
        optimizee = other.optimizee
        optimizer = other.optimizer
        steps = other.steps
        blocks = other.blocks
        update = other.update.copy()
        schedule = ElementBuffer(count: other.schedule.count)
        run = OptimizeeRun(other.optimizee, key: key)
    }

    /// Begins an epoch: its data are those of the key.
    func start(key: RandomKey) {
        self.key = key
        run = OptimizeeRun(optimizee, key: key)
    }

    /// The epoch's initial parameters, and state 0.
    func initialize(_ state: InnerState<Scalar>) {
        optimizee.problem.initialize(state.parameters.start, key: key)
        state.optimizerState.clear()
    }

    /// Takes the steps.
    ///
    /// - Parameters:
    ///   - state: where they begin; afterwards, where they end.
    ///   - epochStep: how many steps of the epoch were taken before; at 0 the state's loss and gradient are yet unknown.
    /// - Returns: the sum of the losses before each step and after the last.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        _ state: InnerState<Scalar>, metaParameters: ElementBuffer<Scalar>, epochStep: Int,
        on executor: any PieceExecutor
    ) -> Double {
        if epochStep == 0 { evaluate(state, step: 0, on: executor) }
        var metaLoss = state.loss
        for step in epochStep..<epochStep + steps {
            for (index, value) in optimizer.scheduleValues(step: step + 1).enumerated() {
                schedule.start[index] = Scalar(value)
            }
            update.run(
                .init(
                    metaParameters: metaParameters.start, schedule: schedule.start, gradient: state.gradient.start,
                    parameters: state.parameters.start, state: state.optimizerState.start,
                    newParameters: state.parameters.start, newState: state.optimizerState.start),
                on: executor)
            evaluate(state, step: step + 1, on: executor)
            metaLoss += state.loss
        }
        return metaLoss
    }

    private func evaluate(_ state: InnerState<Scalar>, step: Int, on executor: any PieceExecutor) {
        state.loss = run.evaluate(
            step: step, parameters: state.parameters.start, gradient: state.gradient.start, on: executor)
    }
}
