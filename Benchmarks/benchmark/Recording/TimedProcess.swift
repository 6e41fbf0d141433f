import Foundation

/// A program that ran to its end: what it printed, and what it took.
struct TimedProcess {
    let printed: Data
    /// From its start to its end, as a clock on the wall has it.
    let seconds: Double
    /// What it and those it waited for computed, on all processors together.
    let processorSeconds: Double
    /// The largest memory that it held; on Linux, at least that of the process that started it.
    let peakMebibytes: Double

    /// Runs a program, its output to a file, so that no reader holds it up.
    ///
    /// - Parameter words: the program, found as a shell finds it, and its arguments.
    init(_ words: [String], output: URL) throws {
        #if os(macOS)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        // Libraries warn at length; what matters shows in the exit status.
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] =
            ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (arguments + environment).forEach { free($0) } }

        let start = DispatchTime.now().uptimeNanoseconds
        var process = pid_t()
        let error = posix_spawnp(&process, words[0], &actions, nil, &arguments, &environment)
        guard error == 0 else {
            throw RecordingFault("\(words[0]) cannot be started: \(String(cString: strerror(error)))")
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        // As the macros WIFEXITED and WEXITSTATUS have it.
        guard status == 0 else {
            throw ChildFailure(words: words, status: status & 0x7f == 0 ? status >> 8 & 0xff : -1)
        }
        processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        peakMebibytes = Machine.mebibytes(maximumSize: usage.ru_maxrss)
        printed = try Data(contentsOf: output)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
}
