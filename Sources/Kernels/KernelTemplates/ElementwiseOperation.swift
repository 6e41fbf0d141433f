/// The elementwise operations that every kernel table implements, in the order of the table's entries.
///
/// `a`, `b` and `c` are the operands; operations of fewer operands ignore the rest.
public enum ElementwiseOperation: UInt8, CaseIterable, Sendable, Hashable {
    case negate, absolute, sign
    case exponential, logarithm, tanh, sigmoid, squareRoot
    case sine, cosine
    case add, subtract, multiply, divide, maximum, minimum
    /// 1 where `a > b`, else 0.
    case greater
    /// 1 where `a == b`, else 0.
    case equal
    /// `b` where `a` is not 0, else `c`.
    case select
    /// `a * b + c`, fused where the instruction set can.
    case multiplyAdd
    /// `a * b * (c - c²)`: two factors times the slope of a sigmoid at which its value is `c`.
    case sigmoidSlope
    /// `a * b * (1 - c²)`: the same for a hyperbolic tangent.
    case tanhSlope
    /// `sigmoid(a) * b`: what a gate lets through.
    case sigmoidMultiply
    /// `sigmoid(a) * b + c`, fused where the instruction set can.
    case sigmoidMultiplyAdd

    /// How many operands the operation reads.
    public var operandCount: Int {
        switch self {
        case .negate, .absolute, .sign, .exponential, .logarithm, .tanh, .sigmoid, .squareRoot, .sine, .cosine: 1
        case .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater, .equal, .sigmoidMultiply: 2
        case .select, .multiplyAdd, .sigmoidSlope, .tanhSlope, .sigmoidMultiplyAdd: 3
        }
    }
}
