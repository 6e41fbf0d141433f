import ExperimentSpec
import JournalStore
import TensorEngine
import TensorKernels

extension TrialStart {
    /// - Parameters:
    ///   - settings: the optimizer's, where they became known only now.
    ///   - content: the hash of what decides the results.
    init(_ trial: TrialDescription, _ problem: TrialProblem, settings: String?, content: String?) {
        self.init(
            kernelTable: trial.kernelTable, dataset: problem.dataset, architecture: problem.architecture,
            optimizerSettings: settings, content: content)
    }
}

extension TrialDescription {
    /// The kernel table that computes it in this process.
    var kernelTable: String { precision == .single ? Float.kernels.name : Double.kernels.name }
}

/// Kernel tables that agree bit for bit: those with fused multiply-add with each other, and with no other.
enum KernelFamily {
    /// The same for tables that agree.
    static func name(ofTable table: String) -> String {
        InstructionSet(rawValue: table)?.isFused == true ? "fused" : table
    }
}

extension CheckpointOrigin {
    /// Whether what it computed goes on to the same bits with this kernel table and program.
    func computes(as kernelTable: String, _ programVersion: String) -> Bool {
        guard self.programVersion == programVersion else { return false }
        return self.kernelTable.components(separatedBy: " + ").allSatisfy {
            KernelFamily.name(ofTable: $0) == KernelFamily.name(ofTable: kernelTable)
        }
    }
}

extension TrialClaim {
    /// Whether the trial is this run's to perform.
    var isOurs: Bool {
        switch self {
        case .started, .startedOver, .resumed: true
        case .completed, .taken: false
        }
    }
}
