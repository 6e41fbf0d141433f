/// Bytes that are written once, before anyone else sees them, and then shared without copies by any number of threads.
final class ImmutableBytes: @unchecked Sendable {
    private let buffer: UnsafeBufferPointer<UInt8>

    var count: Int { buffer.count }

    /// Allocates memory and has it filled: `fill` must write every byte.
    init(count: Int, fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        do {
            try fill(memory)
        } catch {
            memory.deallocate()
            throw error
        }
        buffer = UnsafeBufferPointer(memory)
    }

    convenience init(_ bytes: some Collection<UInt8>) {
        self.init(count: bytes.count) { memory in
            _ = memory.initialize(from: bytes)
        }
    }

    /// Calls `body` with the bytes, which live as long as this object does.
    func withBuffer<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(buffer) }
    }

    deinit {
        buffer.deallocate()
    }
}
