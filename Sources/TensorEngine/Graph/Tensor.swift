import TensorKernels

/// A symbolic tensor: a value of a computation that is being traced.
///
/// It has a shape and no elements; operations on it record what is to be computed. Elements exist when the traced
/// graph is compiled to a `Plan` and run.
public struct Tensor {
    let trace: Trace
    let id: NodeID

    public var shape: Shape { trace.nodes[id].shape }

    /// Where plans read this tensor. Traps where it is no input of its trace.
    public var inputSlot: InputSlot {
        guard case .input(let index) = trace.nodes[id].operation else {
            preconditionFailure("only an input has a slot")
        }
        return InputSlot(index: index)
    }

    /// A constant of this tensor's shape, in the same trace.
    public func filled(with value: Double) -> Tensor {
        trace.constant(value, shape: shape)
    }

    /// A constant of any shape, in the same trace.
    public func constant(_ value: Double, shape: Shape = .scalar) -> Tensor {
        trace.constant(value, shape: shape)
    }

    /// The same value, to which no derivative flows.
    public func stoppingGradient() -> Tensor {
        trace.append(.stopGradient, [self], shape)
    }

    func apply(_ operation: ElementwiseOperation) -> Tensor {
        trace.append(.elementwise(operation), [self], shape)
    }

    /// Applies an operation of two operands after broadcasting them to their common shape.
    func apply(_ operation: ElementwiseOperation, _ other: Tensor) -> Tensor {
        let common = Self.commonShape(self, other)
        return trace.append(
            .elementwise(operation), [broadcast(to: common), other.broadcast(to: common)], common)
    }

    static func commonShape(_ first: Tensor, _ second: Tensor) -> Shape {
        guard let common = Shape.broadcasting(first.shape, second.shape) else {
            preconditionFailure("tensors of shapes \(first.shape) and \(second.shape) don't fit together")
        }
        return common
    }
}

extension Tensor {
    public func exponential() -> Tensor { apply(.exponential) }
    public func logarithm() -> Tensor { apply(.logarithm) }
    public func hyperbolicTangent() -> Tensor { apply(.tanh) }
    public func sigmoid() -> Tensor { apply(.sigmoid) }
    /// At 0, the derivative is 0, as the absolute value's is, so that the root of a sum of squares has one everywhere.
    public func squareRoot() -> Tensor { apply(.squareRoot) }
    /// At 0, the derivative is 0.
    public func absoluteValue() -> Tensor { apply(.absolute) }
    /// -1, 0 or 1.
    public func sign() -> Tensor { apply(.sign) }
    public func sine() -> Tensor { apply(.sine) }
    public func cosine() -> Tensor { apply(.cosine) }
    public func squared() -> Tensor { self * self }

    /// The larger of two; where they are equal, the derivative goes to `other`.
    public func maximum(_ other: Tensor) -> Tensor { apply(.maximum, other) }
    /// The smaller of two; where they are equal, the derivative goes to `other`.
    public func minimum(_ other: Tensor) -> Tensor { apply(.minimum, other) }
    /// 1 where this is greater than `other`, else 0.
    public func isGreater(than other: Tensor) -> Tensor { apply(.greater, other) }
    /// 1 where this equals `other`, else 0.
    public func isEqual(to other: Tensor) -> Tensor { apply(.equal, other) }

    public func maximum(_ other: Double) -> Tensor { maximum(trace.constant(other)) }
    public func minimum(_ other: Double) -> Tensor { minimum(trace.constant(other)) }

    /// `first` where this is not 0, else `second`; all of one shape.
    public func select(_ first: Tensor, _ second: Tensor) -> Tensor {
        precondition(shape == first.shape && shape == second.shape, "select takes three tensors of one shape")
        return trace.append(.elementwise(.select), [self, first, second], shape)
    }

    public static prefix func - (operand: Tensor) -> Tensor { operand.apply(.negate) }

    public static func + (first: Tensor, second: Tensor) -> Tensor { first.apply(.add, second) }
    public static func - (first: Tensor, second: Tensor) -> Tensor { first.apply(.subtract, second) }
    public static func * (first: Tensor, second: Tensor) -> Tensor { first.apply(.multiply, second) }
    public static func / (first: Tensor, second: Tensor) -> Tensor { first.apply(.divide, second) }

    public static func + (first: Tensor, second: Double) -> Tensor { first + first.trace.constant(second) }
    public static func - (first: Tensor, second: Double) -> Tensor { first - first.trace.constant(second) }
    public static func * (first: Tensor, second: Double) -> Tensor { first * first.trace.constant(second) }
    public static func / (first: Tensor, second: Double) -> Tensor { first / first.trace.constant(second) }
    public static func + (first: Double, second: Tensor) -> Tensor { second.trace.constant(first) + second }
    public static func - (first: Double, second: Tensor) -> Tensor { second.trace.constant(first) - second }
    public static func * (first: Double, second: Tensor) -> Tensor { second.trace.constant(first) * second }
    public static func / (first: Double, second: Tensor) -> Tensor { second.trace.constant(first) / second }
}
