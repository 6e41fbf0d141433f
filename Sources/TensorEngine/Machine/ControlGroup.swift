#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The limits that Linux's control groups, of either version, set this process; elsewhere there are none.
struct ControlGroup {
    /// How many processors' time it may use.
    private(set) var processors: Double?
    /// Bytes of memory.
    private(set) var memory: Int?

    static let current = ControlGroup(membership: "/proc/self/cgroup", root: "/sys/fs/cgroup")

    /// - Parameters:
    ///   - membership: the file that says which groups a process is in: a line each, `number:controllers:path`.
    ///   - root: where the groups' folders are.
    init(membership: String, root: String) {
        for line in (Self.text(membership) ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let controllers = parts[1].split(separator: ",")
            // The lines of version 2 name no controller.
            let hierarchies = controllers.isEmpty ? [root] : controllers.map { "\(root)/\($0)" }
            for hierarchy in hierarchies {
                for folder in Self.folders(hierarchy, String(parts[2])) { limit(by: folder) }
            }
        }
    }

    /// A group's folder and those above it, whose limits hold too.
    private static func folders(_ hierarchy: String, _ path: String) -> [String] {
        let names = path.split(separator: "/")
        return (0...names.count).map { ([hierarchy] + names.prefix($0).map(String.init)).joined(separator: "/") }
    }

    private mutating func limit(by folder: String) {
        let quota = Self.numbers("\(folder)/cpu.max")
        if quota.count == 2, quota[1] > 0 { limit(processors: quota[0] / quota[1]) }
        let (time, period) = (Self.numbers("\(folder)/cpu.cfs_quota_us"), Self.numbers("\(folder)/cpu.cfs_period_us"))
        if let time = time.first, let period = period.first, time > 0, period > 0 { limit(processors: time / period) }
        for file in ["memory.max", "memory.limit_in_bytes"] {
            // No limit is the text max, or a number beyond all memory.
            guard let bytes = Self.numbers("\(folder)/\(file)").first, bytes > 0, bytes < 1e18 else { continue }
            memory = min(memory ?? .max, Int(bytes))
        }
    }

    private mutating func limit(processors count: Double) { processors = min(processors ?? .infinity, count) }

    /// The numbers at the start of a file.
    private static func numbers(_ path: String) -> [Double] {
        (text(path) ?? "").split(whereSeparator: \.isWhitespace).prefix { Double($0) != nil }.compactMap { Double($0) }
    }

    static func text(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
