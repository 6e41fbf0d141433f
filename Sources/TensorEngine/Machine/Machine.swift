#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What of the machine this process may use: all of it, or what a batch system or container leaves it.
public enum Machine {
    /// Processors to compute on: those that the process may run on, and no more than its control group's quota of time
    /// pays for, rounded up. At least 1.
    public static let processors: Int = {
        let quota = ControlGroup.current.processors.map { Int($0.rounded(.up)) } ?? .max
        return max(1, min(allowedProcessors, quota))
    }()

    /// Bytes of memory: the machine's, or its control group's limit where that is less.
    public static let memory: Int = {
        let installed = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        return min(installed, ControlGroup.current.memory ?? .max)
    }()

    private static var allowedProcessors: Int {
        affinity(status: "/proc/self/status") ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// The processors that a process may run on, from its status file: a line `Cpus_allowed:` with a mask in
    /// hexadecimal digits, commas between groups of them. Nil where there is no such line.
    static func affinity(status path: String) -> Int? {
        let line = (ControlGroup.text(path) ?? "").split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
        return line.map {
            $0.split(separator: ":")[1].compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
        }
    }
}
