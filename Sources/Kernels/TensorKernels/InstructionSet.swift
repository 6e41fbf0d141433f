/// An instruction set that there is a kernel table for.
public enum InstructionSet: String, CaseIterable, Sendable {
    case avx512, avx2, neon, baseline

    /// The instruction sets that this processor has, fastest first. Found once.
    public static let runnable: [InstructionSet] = {
        #if arch(x86_64)
            let features = ProcessorFeatures.current
            return [
                features.isSuperset(of: InstructionSet.avx512Features) ? .avx512 : nil,
                features.isSuperset(of: InstructionSet.avx2Features) ? .avx2 : nil, .baseline,
            ].compactMap { $0 }
        #elseif arch(arm64)
            return [.neon]
        #else
            return [.baseline]
        #endif
    }()

    /// Whether all its tables give the same bits as those of other instruction sets with fused multiply-add.
    public var isFused: Bool { self != .baseline }

    #if arch(x86_64)
        /// What `-march=haswell` lets the compiler use, as /proc/cpuinfo calls it.
        private static let avx2Features: Set<String> = ["avx2", "fma", "bmi1", "bmi2", "f16c", "movbe", "abm"]

        /// What `-march=skylake-avx512` adds.
        private static let avx512Features = avx2Features.union([
            "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "adx", "rdseed",
        ])
    #endif
}
