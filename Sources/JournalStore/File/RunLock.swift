import Foundation
import Wording

/// A run's sign of life: an empty file beside the journal that the run's process holds locked.
///
/// The system drops the lock when the process ends, however it ends, and at no other time: not while it is stopped or
/// the machine sleeps, and not when a clock is set. It is the same seen from another container on the machine, where
/// pids mean nothing. The file is gone when the run has finished; one that a killed process left is removed by the
/// next that looks.
final class RunLock: @unchecked Sendable {
    /// What the lock of an unfinished run says of its process.
    enum State {
        case held, free
        /// The file is not there, or cannot be looked at.
        case unknown
    }

    private let path: String
    private let lock = NSLock()
    private var descriptor: Int32?

    /// Takes the lock of a run.
    ///
    /// - Parameter process: what tells the run's process from all others.
    /// - Returns: nil where the file system has no locks; then heartbeats have to do.
    init?(journal: String, process: String) {
        path = Self.path(journal: journal, process: process)
        let opened = ForeignBytes.withPath(path) { open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644) }
        guard opened >= 0 else { return nil }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            Self.remove(path)
            return nil
        }
        descriptor = opened
    }

    deinit { release() }

    /// Lets go of the lock, and takes its file away.
    func release() {
        lock.withLock {
            guard let descriptor else { return }
            Self.remove(path)
            close(descriptor)
            self.descriptor = nil
        }
    }

    static func state(journal: String, process: String) -> State {
        let path = path(journal: journal, process: process)
        let file = ForeignBytes.withPath(path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else { return .unknown }
        // Closing it gives a lock that was free back.
        defer { close(file) }
        if flock(file, LOCK_SH | LOCK_NB) == 0 { return .free }
        return errno == EWOULDBLOCK ? .held : .unknown
    }

    /// Removes what a process that is gone left behind.
    static func removeRemains(journal: String, process: String) {
        remove(path(journal: journal, process: process))
    }

    private static func remove(_ path: String) { _ = ForeignBytes.withPath(path) { unlink($0) } }

    private static func path(journal: String, process: String) -> String { "\(journal)-run-\(process)" }
}
