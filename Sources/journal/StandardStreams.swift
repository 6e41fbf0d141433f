import Foundation
import Report
import Wording

/// Results for people and programs.
enum StandardOutput {
    /// Writes text for people, in characters that are shown there.
    ///
    /// - Throws: As ``write(_:)``.
    static func show(_ text: String) throws { try write(Terminal.standardOutput.spelled(text)) }

    /// Writes all of the text as it is.
    ///
    /// - Throws: ``Failure``: with code 0 and nothing to say where the reader has gone away, as `head` does when it
    ///   has enough; else with code 74.
    static func write(_ text: String) throws {
        var text = text
        let error = text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: STDOUT_FILENO) }
        if error == EPIPE { throw Failure(exitCode: EXIT_SUCCESS, "") }
        if error != 0 {
            throw Failure(exitCode: EX_IOERR, "standard output cannot be written: \(reason(systemError: error))")
        }
    }
}

/// Progress and messages, in characters that are shown there; that nobody can read them stops nothing.
enum StandardError {
    private static let terminal = Terminal.standardError

    static func write(_ text: String) {
        var text = terminal.spelled(text)
        _ = text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
    }
}

/// Writes past signals and full pipes; returns 0, or the error that it met.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var position = 0
    while position < bytes.count {
        let written = Foundation.write(descriptor, bytes.baseAddress! + position, bytes.count - position)
        if written >= 0 {
            position += written
        } else if errno == EAGAIN {
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = Foundation.poll(&poll, 1, -1)
        } else if errno != EINTR {
            return errno
        }
    }
    return 0
}
