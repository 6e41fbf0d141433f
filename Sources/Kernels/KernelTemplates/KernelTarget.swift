/// An instruction set and an element type, as a tag that every kernel is generic over.
///
/// Each thin module declares its own tags, so that what it compiles has names of its own: the linker never merges a
/// function compiled for a faster instruction set into a slower table.
public protocol KernelTarget: Sendable {
    associatedtype Vector: KernelVector

    /// The target for matrix products of few columns, where vectors of half the width waste fewer lanes.
    associatedtype Narrow: KernelTarget = Self where Narrow.Vector.Scalar == Vector.Scalar

    /// The target for elementary functions: vectors of two registers interleave two chains of dependent operations.
    associatedtype Wide: KernelTarget = Self where Wide.Vector.Scalar == Vector.Scalar

    /// The name of the table.
    static var name: String { get }

    /// Whether the instruction set has a fused multiply-add.
    static var isFused: Bool { get }

    /// How many vectors wide the accumulators of a matrix product are, 1 to 4, where they are 4 rows high; all of them
    /// should stay in registers. Of narrower ones, as many may be higher.
    static var tileVectors: Int { get }

    /// How many vectors registers can hold: with 32, some tiles are twice as high.
    static var vectorRegisters: Int { get }
}

extension KernelTarget {
    public typealias Scalar = Vector.Scalar

    @inlinable @inline(always)
    public static var vectorRegisters: Int { 16 }

    /// `left * right + addend`, rounded once where the instruction set can.
    @inlinable @inline(always)
    public static func multiplyAdd(_ left: Vector, _ right: Vector, _ addend: Vector) -> Vector {
        isFused ? Vector.fusedMultiplyAdd(left, right, addend) : left * right + addend
    }

    /// One step of Horner's rule.
    @inlinable @inline(always)
    public static func multiplyAdd(_ left: Vector, _ right: Vector, _ constant: Scalar) -> Vector {
        multiplyAdd(left, right, Vector(repeating: constant))
    }
}
