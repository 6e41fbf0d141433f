#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which kernel table a process runs: the fastest that its processor has, or the one that `JOURNAL_KERNELS` names.
public enum KernelChoice {
    /// The name of the environment variable.
    public static let variable = "JOURNAL_KERNELS"

    /// The choice of this process, made once.
    static let current: Result<InstructionSet, KernelChoiceError> = Result {
        () throws(KernelChoiceError) in try choose(named: getenv(variable).map { String(cString: $0) })
    }

    /// The instruction set of this process's kernels. Throws where `JOURNAL_KERNELS` names one that cannot run here:
    /// call it at start and print the error, since `Float.kernels` traps on it.
    @discardableResult
    public static func check() throws(KernelChoiceError) -> InstructionSet { try current.get() }

    /// The instruction set of a name, or the fastest for `nil` or an empty name.
    public static func choose(named name: String?) throws(KernelChoiceError) -> InstructionSet {
        guard let name, !name.isEmpty else { return InstructionSet.runnable[0] }
        guard let chosen = InstructionSet.runnable.first(where: { $0.rawValue == name }) else {
            throw KernelChoiceError(name: name)
        }
        return chosen
    }
}

/// `JOURNAL_KERNELS` names no table, or one that this machine cannot run.
public struct KernelChoiceError: Error, CustomStringConvertible, Sendable {
    public let name: String

    public var description: String {
        let reason =
            InstructionSet(rawValue: name) == nil
            ? "there is no kernel table of that name"
            : "this machine does not have that instruction set"
        let runnable = InstructionSet.runnable.map(\.rawValue).joined(separator: ", ")
        return "\(KernelChoice.variable)=\(name): \(reason); this machine can run \(runnable)"
    }
}
