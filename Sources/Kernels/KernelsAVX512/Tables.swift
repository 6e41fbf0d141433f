import KernelTemplates

/// AVX-512: 32 registers of 16 floats.
enum AVX512Float: KernelTarget {
    typealias Vector = Float16
    typealias Narrow = AVX512NarrowFloat
    static var name: String { "avx512" }
    static var isFused: Bool { true }
    static var tileVectors: Int { 4 }
    static var vectorRegisters: Int { 32 }
}

/// Half of each register.
enum AVX512NarrowFloat: KernelTarget {
    typealias Vector = Float8
    static var name: String { AVX512Float.name }
    static var isFused: Bool { true }
    static var tileVectors: Int { 3 }
    static var vectorRegisters: Int { 32 }
}

/// As `AVX512Float`.
enum AVX512Double: KernelTarget {
    typealias Vector = Double8
    typealias Narrow = AVX512NarrowDouble
    static var name: String { AVX512Float.name }
    static var isFused: Bool { true }
    static var tileVectors: Int { 4 }
    static var vectorRegisters: Int { 32 }
}

/// Half of each register.
enum AVX512NarrowDouble: KernelTarget {
    typealias Vector = Double4
    static var name: String { AVX512Float.name }
    static var isFused: Bool { true }
    static var tileVectors: Int { 3 }
    static var vectorRegisters: Int { 32 }
}

/// Only for processors that have the instruction set: even its construction may use it.
public let avx512FloatKernels = KernelTable(AVX512Float.self)
public let avx512DoubleKernels = KernelTable(AVX512Double.self)
