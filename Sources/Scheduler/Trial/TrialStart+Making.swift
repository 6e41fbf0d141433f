import ExperimentSpec
import JournalStore
import TensorEngine
import TensorKernels

extension TrialStart {
    /// - Parameter settings: the optimizer's, where they became known only now.
    init(_ execution: TrialExecution, settings: String?) {
        self.init(
            kernelTable: execution.trial.kernelTable, dataset: execution.problem.dataset,
            architecture: execution.problem.architecture, optimizerSettings: settings)
    }
}

extension TrialDescription {
    /// The kernel table that computes it in this process.
    var kernelTable: String { precision == .single ? Float.kernels.name : Double.kernels.name }
}

extension CheckpointOrigin {
    /// Whether what it computed goes on to the same bits with this kernel table and program: the tables with fused
    /// multiply-add agree with each other, and with no other.
    func computes(as kernelTable: String, _ programVersion: String) -> Bool {
        guard self.programVersion == programVersion else { return false }
        return self.kernelTable.components(separatedBy: " + ").allSatisfy { earlier in
            guard let earlier = InstructionSet(rawValue: earlier), let now = InstructionSet(rawValue: kernelTable) else {
                return earlier == kernelTable
            }
            return earlier == now || (earlier.isFused && now.isFused)
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
