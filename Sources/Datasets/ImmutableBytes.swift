import TensorEngine

/// Bytes that are written once, before anyone else sees them, and then shared without copies by any number of threads.
final class ImmutableBytes: @unchecked Sendable {
    private let buffer: UnsafeBufferPointer<UInt8>

    var count: Int { buffer.count }

    /// Allocates memory and has it filled: `fill` must write every byte.
    init(count: Int, fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) rethrows {
        // A minibatch reads images all over them.
        let bytes = HugePages.allocate(byteCount: count).bindMemory(to: UInt8.self, capacity: count)
        let memory = UnsafeMutableBufferPointer(start: bytes, count: count)
        do {
            try fill(memory)
        } catch {
            Self.deallocate(memory)
            throw error
        }
        buffer = UnsafeBufferPointer(memory)
    }

    private static func deallocate(_ memory: UnsafeMutableBufferPointer<UInt8>) {
        if let start = memory.baseAddress { HugePages.deallocate(start, byteCount: memory.count) }
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
        Self.deallocate(UnsafeMutableBufferPointer(mutating: buffer))
    }
}
