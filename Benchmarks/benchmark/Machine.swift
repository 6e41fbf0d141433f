import Foundation

/// What a measured time depends on beside the program.
enum Machine {
    /// The processor's name, as the system gives it.
    static var processor: String {
        let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = information.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    }

    /// The day, as in 2026-11-22.
    static var day: String {
        Date().formatted(.iso8601.year().month().day())
    }

    /// The largest memory that this process has held so far.
    static var peakMebibytes: Double {
        var usage = rusage()
        #if os(macOS)
            getrusage(RUSAGE_SELF, &usage)
            return Double(usage.ru_maxrss) / 1_048_576
        #else
            getrusage(RUSAGE_SELF.rawValue, &usage)
            return Double(usage.ru_maxrss) / 1024
        #endif
    }
}
