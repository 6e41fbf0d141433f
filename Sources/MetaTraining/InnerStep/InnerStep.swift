import TensorEngine

/// What is repeated: one step of an optimization. Evaluations, tuning, evolution strategies, imitation and the general
/// unroll all run on it, and know no problem and no optimizer beside.
///
///     let state = inner.makeState()
///     inner.begin(state, key: key)
///     for _ in 0..<100 {
///         losses.append(inner.loss(state, on: executor))
///         inner.step(state, metaParameters: metaParameters, on: executor)
///     }
protocol InnerStep<Scalar>: AnyObject {
    associatedtype Scalar: TensorScalar

    /// Memory for a state.
    func makeState() -> InnerState<Scalar>

    /// Makes a state that of a new optimization: initial parameters, nothing remembered. Steps see the key's data from
    /// then on.
    func begin(_ state: InnerState<Scalar>, key: RandomKey)

    /// The loss at the state's parameters, on the minibatch of the step to come. It is computed once.
    func loss(_ state: InnerState<Scalar>, on executor: any PieceExecutor) -> Double

    /// Takes a step.
    ///
    /// - Parameter metaParameters: the optimizers', one tensor after the other.
    func step(_ state: InnerState<Scalar>, metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor)

    /// The same inner step, which may run at the same time: only what is compiled is shared.
    func copy() -> Self
}
