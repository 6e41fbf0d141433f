import Synchronization

/// Working memory for pieces that run at the same time: as many values as ever were lent at once, so that each stays in
/// the cache of the processor that uses it.
///
/// Which value a piece gets depends on the threads, so its results must not: nothing may be read of a value that the
/// same piece has not written.
public final class LendingPool<Value: AnyObject>: Sendable {
    private let make: @Sendable () -> Value
    private let free = Mutex<[Loan]>([])

    public init(_ make: @escaping @Sendable () -> Value) {
        self.make = make
    }

    /// Lends a value to `body`.
    public func withValue(_ body: (Value) -> Void) {
        let loan = free.withLock { $0.popLast() } ?? Loan(value: make())
        body(unsafeDowncast(loan.value, to: Value.self))
        free.withLock { $0.append(loan) }
    }
}

/// Carries a value from thread to thread; one at a time has it. It is not generic, so that lending looks up no types.
private struct Loan: @unchecked Sendable {
    let value: AnyObject
}
