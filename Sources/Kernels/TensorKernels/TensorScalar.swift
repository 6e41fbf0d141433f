@_exported import KernelTemplates

/// An element type that tensors may have: `Float` or `Double`.
public protocol TensorScalar: KernelScalar {
    /// The kernels chosen for this processor, once, at start (`JOURNAL_KERNELS` forces a table by name).
    ///
    /// Reading it copies a dozen references: keep the table where it is used often. Traps where `JOURNAL_KERNELS`
    /// names a table that this machine cannot run; `KernelChoice.check()` tells so without a trap.
    static var kernels: KernelTable<Self> { get }

    /// The table of one instruction set, which must be among `InstructionSet.runnable`.
    static func kernels(for instructionSet: InstructionSet) -> KernelTable<Self>
}
