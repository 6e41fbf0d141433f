import Formats
import TensorEngine

/// The sum of squares of coordinates that are parameters of their own, `x_0`, `x_1` and so on, each from 1
/// (`simple_multi_optimizer` of the code published with Andrychowicz et al. 2016): so that each may have an optimizer
/// of its own.
public struct SimpleMulti: FunctionObjective {
    public let dimensions: Int

    public init(dimensions: Int = 2) {
        self.dimensions = dimensions
    }

    /// One of shape `[1]` for each coordinate.
    public var parameters: [Parameter] { (0..<dimensions).map { Parameter("x_\($0)", [1]) } }

    public func loss(_ parameters: [Tensor]) -> Tensor {
        Tensor.concatenating(parameters).squared().sum()
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        for parameter in parameters { parameter.fill(1) }
    }
}

extension ProblemKind {
    public static let simpleMulti = ProblemKind(
        "simple-multi", "The sum of squares of coordinates that are parameters of their own, each from 1.",
        fields: [.dimensions(2, "How many coordinates there are.")]
    ) { settings in
        Problem(SimpleMulti(dimensions: settings.integer("dimensions")))
    }
}
