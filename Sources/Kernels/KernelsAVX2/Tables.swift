import KernelTemplates

/// AVX2 with FMA: 16 registers of 8 floats.
enum AVX2Float: KernelTarget {
    typealias Vector = Float8
    static var name: String { "avx2" }
    static var isFused: Bool { true }
    static var tileVectors: Int { 3 }
}

/// As `AVX2Float`.
enum AVX2Double: KernelTarget {
    typealias Vector = Double4
    static var name: String { "avx2" }
    static var isFused: Bool { true }
    static var tileVectors: Int { 3 }
}

/// Only for processors that have the instruction set: even its construction may use it.
public let avx2FloatKernels = KernelTable(AVX2Float.self)
public let avx2DoubleKernels = KernelTable(AVX2Double.self)
