import Foundation

/// Results for people and programs.
enum StandardOutput {
    /// Writes all of the text.
    ///
    /// - Throws: ``Failure``: with code 0 and nothing to say where the reader has gone away, as `head` does when it
    ///   has enough; else with code 74.
    static func write(_ text: String) throws {
        let error = writeAll(text, to: STDOUT_FILENO)
        if error == EPIPE { throw Failure(exitCode: EXIT_SUCCESS, "") }
        if error != 0 {
            throw Failure(exitCode: EX_IOERR, "standard output cannot be written: \(String(cString: strerror(error)))")
        }
    }
}

/// Progress and messages; that nobody can read them stops nothing.
enum StandardError {
    static func write(_ text: String) {
        _ = writeAll(text, to: STDERR_FILENO)
    }
}

/// Writes past signals and full pipes; returns 0, or the error that it met.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = Foundation.poll(&poll, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

extension Slice where Base == UnsafeBufferPointer<UInt8> {
    fileprivate var baseAddress: UnsafePointer<UInt8>? { UnsafeBufferPointer(rebasing: self).baseAddress }
}
