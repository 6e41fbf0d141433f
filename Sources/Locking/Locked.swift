import Foundation

/// A value that one thread at a time may touch.
///
/// It is what the standard library's `Mutex` is, with a lock that the thread sanitizer sees: on Linux it takes every use
/// of a `Mutex` for a race.
public final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    public init(_ value: Value) {
        self.value = value
    }

    /// Calls `body` with the value when no other thread does. A call within it waits for ever.
    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
