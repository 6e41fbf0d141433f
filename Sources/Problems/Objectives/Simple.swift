import TensorEngine

/// x², from 1: the smallest problem there is (`simple` of the code published with Andrychowicz et al. 2016).
public struct Simple: FunctionObjective {
    public init() {}

    public var parameters: [Parameter] { [Parameter("x", [1])] }

    public func loss(_ parameters: [Tensor]) -> Tensor { parameters[0].squared().sum() }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        parameters[0].fill(1)
    }
}

extension ProblemKind {
    public static let simple = ProblemKind("simple", "x² from 1, one coordinate.") { _ in Problem(Simple()) }
}
