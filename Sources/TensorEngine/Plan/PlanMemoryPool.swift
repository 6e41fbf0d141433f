import Synchronization
import TensorKernels

/// Memories of one plan for pieces that run at the same time: as many as ever ran at once, so that each stays in the
/// cache of the processor that uses it.
///
/// Which memory a piece gets depends on the threads, but its results don't: a plan reads nothing of its memory that it
/// has not written in the same run.
public final class PlanMemoryPool<Scalar: TensorScalar>: Sendable {
    private let plan: Plan<Scalar>
    private let free: Mutex<[Loan]>

    /// Carries a memory from thread to thread; one at a time has it.
    private struct Loan: @unchecked Sendable {
        let memory: PlanMemory<Scalar>
    }

    public init(_ plan: Plan<Scalar>) {
        self.plan = plan
        free = Mutex([])
    }

    /// Lends a memory to `body`, which must bind whatever it needs.
    public func withMemory(_ body: (PlanMemory<Scalar>) -> Void) {
        let loan = free.withLock { $0.popLast() } ?? Loan(memory: plan.makeMemory())
        body(loan.memory)
        free.withLock { $0.append(loan) }
    }
}
