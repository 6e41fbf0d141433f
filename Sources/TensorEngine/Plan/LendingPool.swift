import Foundation

/// Working memory for pieces that run at the same time: as many values as ever were lent at once, so that each stays in
/// the cache of the processor that uses it.
///
/// Which value a piece gets depends on the threads, so its results must not: nothing may be read of a value that the
/// same piece has not written.
public final class LendingPool<Value: AnyObject>: @unchecked Sendable {
    /// Makes a value that the pool doesn't know.
    public let make: @Sendable () -> Value
    /// The thread sanitizer sees this lock; of a `Mutex` it sees nothing on Linux, and takes every loan for a race.
    private let lock = NSLock()
    /// Guarded by the lock. Its elements are not of the generic type, so that lending looks up no types.
    private var free: [AnyObject] = []

    public init(_ make: @escaping @Sendable () -> Value) {
        self.make = make
    }

    /// Lends a value to `body`.
    public func withValue<Result>(_ body: (Value) throws -> Result) rethrows -> Result {
        lock.lock()
        let lent = free.popLast()
        lock.unlock()
        let value = lent.map { unsafeDowncast($0, to: Value.self) } ?? make()
        defer {
            lock.lock()
            free.append(value)
            lock.unlock()
        }
        return try body(value)
    }
}
