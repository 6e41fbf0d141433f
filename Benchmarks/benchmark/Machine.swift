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
        #else
            getrusage(RUSAGE_SELF.rawValue, &usage)
        #endif
        return mebibytes(maximumSize: usage.ru_maxrss)
    }

    /// What the system says of a process's largest memory, which it counts in units of its own.
    static func mebibytes(maximumSize: Int) -> Double {
        #if os(macOS)
            Double(maximumSize) / 1_048_576
        #else
            Double(maximumSize) / 1024
        #endif
    }

    /// How many threads have been computing or waiting to, on average over the last minute.
    static var load: Double {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? averages[0] : .nan
    }
}
