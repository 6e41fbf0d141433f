import TensorKernels

extension KernelTable {
    /// Applies an operation to arrays.
    func apply(_ operation: ElementwiseOperation, _ a: [Scalar], _ b: [Scalar]? = nil, _ c: [Scalar]? = nil) -> [Scalar]
    {
        var out = a
        elementwise[Int(operation.rawValue)].run(&out, a, b ?? a, c ?? a, a.count)
        return out
    }
}

extension TensorScalar {
    static var tables: [KernelTable<Self>] { InstructionSet.runnable.map(kernels(for:)) }

    /// The tables that promise the same bits.
    static var fusedTables: [KernelTable<Self>] { InstructionSet.runnable.filter(\.isFused).map(kernels(for:)) }

    static var name: String { "\(Self.self)" }
}

/// A small generator of repeatable test values.
struct TestRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double(bits() >> 11) * 0x1p-53
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(bits() % UInt64(range.count))
    }

    mutating func values<Scalar: TensorScalar>(_ count: Int, _ range: ClosedRange<Double> = -1...1) -> [Scalar] {
        (0..<count).map { _ in Scalar(uniform(range)) }
    }
}

/// Whether two arrays have the same bits, where all NaNs are the same.
func haveSameBits<Scalar: TensorScalar>(_ left: [Scalar], _ right: [Scalar]) -> Bool {
    left.count == right.count
        && zip(left, right).allSatisfy { ($0 == $1 && $0.sign == $1.sign) || ($0.isNaN && $1.isNaN) }
}
