import Problems
import TensorEngine

/// x² of a point (x, y, …) that begins at (1, 1, …): there is never a gradient by y.
struct Valley: Problem {
    var dimensions = 2

    var parameters: [Parameter] { [Parameter("point", [dimensions])] }
    var hasFreshData: Bool { false }
    var finalExamples: Int? { nil }
    var test: (any TestSplit)? { nil }
    func dataShapes(examples: Int?) -> [Shape] { [] }
    func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor { parameters[0].sliced(0..<1).squared().sum() }

    func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        for index in 0..<dimensions { parameters[index] = 1 }
    }

    func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {}
}
