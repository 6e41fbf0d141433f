import Foundation
import JournalStore
import Wording

/// Held by the process that waits for a run: two would both submit again what was lost.
final class WaitingLock {
    private let descriptor: Int32

    /// - Throws: ``JournalError`` where another process waits. On file systems without locks nothing is known, and none is
    ///   refused.
    init(_ folder: RunFolder) throws {
        descriptor = ForeignBytes.withPath(folder.waitingFile) { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        close(descriptor)
        throw JournalError(
            .unavailable,
            "another process waits for this run already (it holds \(folder.waitingFile)): end that one first")
    }

    func release() { if descriptor >= 0 { close(descriptor) } }
}
