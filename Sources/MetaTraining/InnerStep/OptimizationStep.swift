import Optimizers
import Problems
import TensorEngine

/// The inner step of one problem and the optimizers of its parameters: evaluate, and update.
///
/// Memory: one gradient's and one update's.
final class OptimizationStep<Scalar: TensorScalar>: InnerStep {
    let optimizee: Optimizee<Scalar>
    private let update: OptimizerStep<Scalar>
    private var run: OptimizeeRun<Scalar>?
    private var key = RandomKey(seed: 0)

    /// - Parameter update: its own; it runs one at a time.
    init(_ optimizee: Optimizee<Scalar>, _ update: OptimizerStep<Scalar>) {
        self.optimizee = optimizee
        self.update = update
    }

    /// - Parameter inBlocks: whether coordinatewise optimizers work on blocks; if not, all work on whole tensors.
    /// - Throws: `TrialFailure` where a parameter has no optimizer, or a step would need more memory than there is.
    convenience init(_ problem: Problem, _ optimizers: ParameterGroups, inBlocks: Bool = true) throws {
        let layout = try ParameterLayout(problem, optimizers, inBlocks: inBlocks)
        self.init(try Optimizee(problem, layout), OptimizerStep(layout, problem))
    }

    func copy() -> OptimizationStep { OptimizationStep(optimizee, OptimizerStep(copying: update)) }

    func makeState() -> InnerState<Scalar> { makeState(optimizerState: nil) }

    /// Memory for a state.
    ///
    /// - Parameter optimizerState: memory for what the optimizers remember; its own without one.
    func makeState(optimizerState: ElementBuffer<Scalar>?) -> InnerState<Scalar> {
        InnerState(
            optimizee.layout, carriedCount: optimizee.carried.elementCount, optimizerState: optimizerState)
    }

    func begin(_ state: InnerState<Scalar>, key: RandomKey) {
        self.key = key
        if let run { run.begin(key: key) } else { run = OptimizeeRun(optimizee, key: key) }
        state.parameters.clear()
        optimizee.initialize(state.parameters.start, carried: state.carried.start, key: key)
        optimizee.layout.initializeState(state.optimizerState)
        state.step = 0
        state.loss = nil
    }

    /// - Precondition: an optimization was begun.
    private var begun: OptimizeeRun<Scalar> {
        guard let run else { preconditionFailure("no optimization was begun") }
        return run
    }

    func loss(_ state: InnerState<Scalar>, on executor: any PieceExecutor) -> Double {
        if let loss = state.loss { return loss }
        let loss = begun.evaluate(
            step: state.step,
            .init(
                parameters: state.parameters.start, carried: state.carried.start, newCarried: state.nextCarried.start,
                gradient: state.gradient.start, local: state.local.start), on: executor)
        state.loss = loss
        return loss
    }

    /// The loss at a state's parameters on the minibatch of a step before it, and its gradient; nothing is carried on.
    func loss(
        _ state: InnerState<Scalar>, onMinibatchOf earlier: InnerState<Scalar>, gradient: ElementBuffer<Scalar>,
        on executor: any PieceExecutor
    ) -> Double {
        begun.evaluate(
            step: earlier.step,
            .init(
                parameters: state.parameters.start, carried: earlier.carried.start,
                newCarried: state.nextCarried.start, gradient: gradient.start, local: state.local.start),
            on: executor)
    }

    func step(_ state: InnerState<Scalar>, metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        let loss = loss(state, on: executor)
        update.run(
            step: state.step + 1,
            .init(
                metaParameters: metaParameters.start, gradient: state.gradient.start, local: state.local.start,
                loss: loss, parameters: state.parameters.start, state: state.optimizerState.start,
                carried: state.carried.start, minibatch: update.asksForMinibatch ? minibatch(ofStep: state.step) : []),
            on: executor)
        state.carried.copy(from: state.nextCarried)
        state.step += 1
        state.loss = nil
    }

    /// The tensors of a step's minibatch, until that of another is asked for.
    func minibatch(ofStep step: Int) -> [UnsafeMutablePointer<Scalar>] {
        begun.hold(step: step)
        return begun.minibatchStarts
    }

    /// The parameters that the optimizers are judged by: the state's own, or a copy of those in their place.
    func judged(_ state: InnerState<Scalar>) -> ElementBuffer<Scalar> {
        guard update.isJudgedElsewhere else { return state.parameters }
        let parameters = ElementBuffer<Scalar>(count: state.parameters.count)
        parameters.copy(from: state.parameters)
        update.judge(parameters.start, state: state.optimizerState.start)
        return parameters
    }

    /// The loss on the final batch.
    func finalLoss(_ state: InnerState<Scalar>, on executor: any PieceExecutor) -> Double {
        begun.finalLoss(parameters: judged(state).start, carried: state.carried.start, on: executor)
    }

    /// Means over the test split, by name; empty where there is none.
    func testScores(_ state: InnerState<Scalar>, on executor: any PieceExecutor) -> [String: Double] {
        begun.testScores(parameters: judged(state).start, carried: state.carried.start, on: executor)
    }
}
