/// A short vector of one hardware type, with the operations that the kernels are written in.
///
/// The standard library's `SIMD` protocol cannot serve: called through it, an operator becomes a loop over lanes. Each
/// conforming type wraps one concrete `SIMD` type and calls the concrete operators, which become one instruction.
public protocol KernelVector: Sendable {
    associatedtype Scalar: KernelScalar
    associatedtype Mask

    static var laneCount: Int { get }

    init(repeating value: Scalar)

    /// Reads `laneCount` elements; the pointer needs no alignment beyond the element's.
    static func load(_ pointer: UnsafePointer<Scalar>) -> Self
    func store(_ pointer: UnsafeMutablePointer<Scalar>)

    /// Reads `count <= laneCount` elements and pads the other lanes, so that a tail goes through the same instructions
    /// as the rest and gives the same bits.
    static func load(_ pointer: UnsafePointer<Scalar>, count: Int, padding: Scalar) -> Self
    func store(_ pointer: UnsafeMutablePointer<Scalar>, count: Int)

    /// Reads half as many elements as there are lanes, into the lower half and once more into the upper one.
    static func loadHalfTwice(_ pointer: UnsafePointer<Scalar>) -> Self

    /// The lower half of one vector and the upper half of another.
    static func joining(_ lower: Self, _ upper: Self) -> Self

    /// The halves in the other order.
    var turned: Self { get }

    subscript(lane: Int) -> Scalar { get set }

    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static func / (left: Self, right: Self) -> Self

    /// `left * right + addend` with one rounding. Without such an instruction it is a library call per lane: kernels
    /// call `KernelTarget.multiplyAdd`.
    static func fusedMultiplyAdd(_ left: Self, _ right: Self, _ addend: Self) -> Self

    static func .> (left: Self, right: Self) -> Mask
    static func .== (left: Self, right: Self) -> Mask
    static func .!= (left: Self, right: Self) -> Mask
    func replacing(with other: Self, where mask: Mask) -> Self

    // The lanes' bit patterns, as signed integers.

    /// Bit i alone in lane i.
    static var laneBits: Self { get }
    /// All bits in lanes that have any, and none in the others.
    var filledWhereBits: Self { get }
    func bits(ofLane lane: Int) -> UInt64
    /// All lanes' bits together, of which no two have one in the same place.
    var sumOfBits: UInt64 { get }
    static func bitwiseAnd(_ left: Self, _ right: Self) -> Self
    static func bitwiseOr(_ left: Self, _ right: Self) -> Self
    static func bitwiseXor(_ left: Self, _ right: Self) -> Self
    static func integerAdd(_ left: Self, _ right: Self) -> Self
    static func integerSubtract(_ left: Self, _ right: Self) -> Self
    func shiftedLeft(by count: Int) -> Self
    /// Shifts copies of the sign bit in.
    func shiftedRight(by count: Int) -> Self
}

extension KernelVector {
    /// Looping over all lanes lets the compiler unroll, so that lanes are constants.
    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Scalar>, count: Int, padding: Scalar) -> Self {
        var vector = Self(repeating: padding)
        for lane in 0..<laneCount where lane < count { vector[lane] = pointer[lane] }
        return vector
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Scalar>, count: Int) {
        for lane in 0..<Self.laneCount where lane < count { pointer[lane] = self[lane] }
    }

    /// The same with zeros in the other lanes.
    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Scalar>, count: Int) -> Self {
        load(pointer, count: count, padding: 0)
    }

    @inlinable @inline(always)
    public var magnitude: Self {
        Self.bitwiseAnd(self, Self(repeating: Scalar.magnitudeMask))
    }

    @inlinable @inline(always)
    public var signBits: Self {
        Self.bitwiseAnd(self, Self(repeating: -0.0))
    }
}
