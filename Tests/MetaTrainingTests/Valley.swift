import Problems
import TensorEngine

/// x² of a point (x, y, …) that begins at (1, 1, …): there is never a gradient by y.
struct Valley: FunctionObjective {
    var dimensions = 2

    var parameters: [Parameter] { [Parameter("point", [dimensions])] }

    func loss(_ parameters: [Tensor]) -> Tensor { parameters[0].sliced(0..<1).squared().sum() }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        parameters[0].fill(1)
    }
}
