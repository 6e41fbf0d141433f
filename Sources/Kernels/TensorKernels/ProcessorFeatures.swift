#if arch(x86_64)
    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Darwin)
        import Darwin
    #endif

    /// The processor's features by the names that Linux gives them.
    enum ProcessorFeatures {
        #if os(Linux)
            static var current: Set<String> {
                guard let file = fopen("/proc/cpuinfo", "r") else { return [] }
                defer { fclose(file) }
                var line: UnsafeMutablePointer<CChar>?
                var capacity = 0
                defer { free(line) }
                while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
                    guard text.hasPrefix("flags") else { continue }
                    return Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
                }
                return []
            }
        #else
            /// Apple's processors of this architecture have all of an instruction set or none of it.
            static var current: Set<String> {
                var features: Set<String> = []
                if has("hw.optional.avx2_0") && has("hw.optional.fma") {
                    features.formUnion(["avx2", "fma", "bmi1", "bmi2", "f16c", "movbe", "abm"])
                }
                if ["f", "bw", "cd", "dq", "vl"].allSatisfy({ has("hw.optional.avx512\($0)") }) {
                    features.formUnion([
                        "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "adx", "rdseed",
                    ])
                }
                return features
            }

            private static func has(_ name: String) -> Bool {
                var value: Int32 = 0
                var size = MemoryLayout<Int32>.size
                return sysctlbyname(name, &value, &size, nil, 0) == 0 && value != 0
            }
        #endif
    }
#endif
