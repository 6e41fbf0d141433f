import Dispatch
import Nouns

/// The SHA-256 of bytes that are still being made, piece by piece: taken on another thread, while the next piece is made.
final class TrailingChecksum: @unchecked Sendable {
    /// Only touched on the queue.
    private let checksum = SHA256()
    private let queue = DispatchQueue(label: "journal.checksum")

    /// Goes on with a piece, which must stay as it is until `wait` or `value` has returned.
    func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        nonisolated(unsafe) let bytes = bytes
        queue.async { self.checksum.add(bytes) }
    }

    /// Returns when the pieces so far are no longer looked at.
    func wait() {
        queue.sync {}
    }

    /// The checksum of the pieces so far, to finish or to go on with.
    var value: SHA256 { queue.sync { checksum.copy() } }
}
