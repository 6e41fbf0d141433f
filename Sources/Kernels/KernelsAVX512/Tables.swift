import KernelTemplates

/// AVX-512: 32 registers of 16 floats.
enum AVX512Float: KernelTarget {
    typealias Vector = Float16
    static var name: String { "avx512" }
    static var isFused: Bool { true }
    static var tileVectors: Int { 4 }
}

/// As `AVX512Float`.
enum AVX512Double: KernelTarget {
    typealias Vector = Double8
    static var name: String { "avx512" }
    static var isFused: Bool { true }
    static var tileVectors: Int { 4 }
}

/// Only for processors that have the instruction set: even its construction may use it.
public let avx512FloatKernels = KernelTable(AVX512Float.self)
public let avx512DoubleKernels = KernelTable(AVX512Double.self)
