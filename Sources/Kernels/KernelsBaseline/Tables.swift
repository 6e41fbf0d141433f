import KernelTemplates

/// What every processor of the architecture has: NEON with fused multiply-add on arm64, SSE2 without on x86-64.
enum BaselineFloat: KernelTarget {
    typealias Vector = Float8
    static var name: String { Baseline.name }
    static var isFused: Bool { Baseline.isFused }
    static var tileVectors: Int { Baseline.tileVectors }
}

/// As `BaselineFloat`.
enum BaselineDouble: KernelTarget {
    typealias Vector = Double4
    static var name: String { Baseline.name }
    static var isFused: Bool { Baseline.isFused }
    static var tileVectors: Int { Baseline.tileVectors }
}

enum Baseline {
    #if arch(arm64)
        static var name: String { "neon" }
        static var isFused: Bool { true }
        static var tileVectors: Int { 2 }
    #else
        static var name: String { "baseline" }
        static var isFused: Bool { false }
        static var tileVectors: Int { 1 }
    #endif
}

public let baselineFloatKernels = KernelTable(BaselineFloat.self)
public let baselineDoubleKernels = KernelTable(BaselineDouble.self)
