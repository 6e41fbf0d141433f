import TensorEngine

/// Has an optimizee's next minibatch filled as one more piece of a computation that doesn't read it: filling alone, one
/// thread would work while the others wait.
final class MinibatchAhead<Scalar: TensorScalar>: PieceExecutor, @unchecked Sendable {
    private let optimizee: OptimizeeRun<Scalar>
    private var executor: any PieceExecutor = SerialPieces()
    private var step = 0

    init(_ optimizee: OptimizeeRun<Scalar>) {
        self.optimizee = optimizee
    }

    /// The executor of the computation, and the minibatch of a step beside it.
    func filling(step: Int, beside executor: any PieceExecutor) -> MinibatchAhead {
        self.step = step
        self.executor = executor
        return self
    }

    var hasHelpers: Bool { executor.hasHelpers }

    func run(pieces count: Int, _ body: @Sendable (Int) -> Void) {
        executor.run(pieces: count + 1) { piece in
            if piece == 0 {
                optimizee.hold(step: step)
            } else {
                body(piece - 1)
            }
        }
    }
}
