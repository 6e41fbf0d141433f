public enum NegateKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        Target.Vector.bitwiseXor(a, Target.Vector(repeating: -0.0))
    }
}

public enum AbsoluteKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector { a.magnitude }
}

public enum SignKernel<Target: KernelTarget>: UnaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector) -> Target.Vector {
        let zero = Target.Vector(repeating: 0)
        let ofPositive = a.replacing(with: Target.Vector(repeating: 1), where: a .> zero)
        return ofPositive.replacing(with: Target.Vector(repeating: -1), where: zero .> a)
    }
}

/// Square roots of whole vectors come out lane by lane; of this plain loop the compiler makes vector instructions.
public enum SquareRootKernel<Target: KernelTarget> {
    @inlinable @inline(always)
    public static func run(
        _ out: UnsafeMutablePointer<Target.Scalar>, _ a: UnsafePointer<Target.Scalar>, _ count: Int
    ) {
        for index in 0..<count { out[index] = a[index].squareRoot() }
    }
}

public enum AddKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector { a + b }
}

public enum SubtractKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector { a - b }
}

public enum MultiplyKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector { a * b }
}

public enum DivideKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector { a / b }
}

/// The larger operand, `b` of equal ones; NaN where either is NaN.
public enum MaximumKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector {
        b.replacing(with: a, where: a .> b).replacing(with: a, where: a .!= a)
    }
}

/// The smaller operand, `b` of equal ones; NaN where either is NaN.
public enum MinimumKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector {
        b.replacing(with: a, where: b .> a).replacing(with: a, where: a .!= a)
    }
}

public enum GreaterKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector {
        Target.Vector(repeating: 0).replacing(with: Target.Vector(repeating: 1), where: a .> b)
    }
}

public enum EqualKernel<Target: KernelTarget>: BinaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector) -> Target.Vector {
        Target.Vector(repeating: 0).replacing(with: Target.Vector(repeating: 1), where: a .== b)
    }
}

public enum SelectKernel<Target: KernelTarget>: TernaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector, _ c: Target.Vector) -> Target.Vector {
        c.replacing(with: b, where: a .!= Target.Vector(repeating: 0))
    }
}

public enum MultiplyAddKernel<Target: KernelTarget>: TernaryKernel {
    @inlinable @inline(always)
    public static func apply(_ a: Target.Vector, _ b: Target.Vector, _ c: Target.Vector) -> Target.Vector {
        Target.multiplyAdd(a, b, c)
    }
}
