import Optimizers
import Problems
import TensorEngine

/// A truncated unroll: some steps of an optimizer on an optimizee, and the derivative of the losses on the way, and
/// after the last step, by the meta-parameters. Parameters and state carry over from one unroll to the next.
protocol Unroll<Scalar>: AnyObject {
    associatedtype Scalar: TensorScalar

    /// Begins an epoch: new initial parameters and data, by the key, and state 0.
    func start(key: RandomKey)

    /// Runs the next unroll of the epoch.
    ///
    /// - Parameters:
    ///   - metaParameters: the optimizer's, one after the other; what lies behind them is left alone.
    ///   - metaGradient: where the derivative of the meta-loss goes; as many elements, or more.
    /// - Returns: the meta-loss: the sum of the optimizee's losses before each step and after the last.
    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double
}
