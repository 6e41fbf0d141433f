import KernelTemplates

/// AVX2 with FMA: 16 registers of 8 floats.
enum AVX2Float: KernelTarget {
    typealias Vector = Float8
    typealias Wide = AVX2WideFloat
    static var name: String { "avx2" }
    static var isFused: Bool { true }
    static var tileVectors: Int { 3 }
}

/// As `AVX2Float`.
enum AVX2Double: KernelTarget {
    typealias Vector = Double4
    typealias Wide = AVX2WideDouble
    static var name: String { "avx2" }
    static var isFused: Bool { true }
    static var tileVectors: Int { 3 }
}

/// Two registers.
enum AVX2WideFloat: KernelTarget {
    typealias Vector = Float16
    static var name: String { AVX2Float.name }
    static var isFused: Bool { true }
    static var tileVectors: Int { 1 }
}

/// Two registers.
enum AVX2WideDouble: KernelTarget {
    typealias Vector = Double8
    static var name: String { AVX2Double.name }
    static var isFused: Bool { true }
    static var tileVectors: Int { 1 }
}

/// Only for processors that have the instruction set: even its construction may use it.
public let avx2FloatKernels = KernelTable(AVX2Float.self)
public let avx2DoubleKernels = KernelTable(AVX2Double.self)
