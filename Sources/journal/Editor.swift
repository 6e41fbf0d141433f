import Foundation
import Wording

/// The person's editor, in this program's place at the terminal until it ends.
enum Editor {
    /// Opens a file, and waits until the editor has ended.
    ///
    /// - Parameter command: as `$EDITOR` has it: a shell's words, such as `code --wait`.
    /// - Returns: the code that it ended with; that of a shell where it was ended by a signal or not found.
    static func open(_ path: String, with command: String) -> Int32 {
        // A process that Foundation starts has a group of its own, and may not read from the terminal.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var ours = sigset_t()
        sigemptyset(&ours)
        for signal in [SIGPIPE, SIGINT, SIGQUIT] { sigaddset(&ours, signal) }
        posix_spawnattr_setsigdefault(&attributes, &ours)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        // Ctrl-C is the editor's while it is open.
        let interrupt = signal(SIGINT, SIG_IGN)
        let quit = signal(SIGQUIT, SIG_IGN)
        defer {
            signal(SIGINT, interrupt)
            signal(SIGQUIT, quit)
        }
        let words: [String] = ["sh", "-c", "\(command) \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        guard posix_spawn(&process, "/bin/sh", nil, &attributes, &arguments, environ) == 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            if errno != EINTR { return 127 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
