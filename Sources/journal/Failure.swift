import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import TensorKernels
import Wording

/// Why the program ends without having done what it was asked, in whole words, with a code of `sysexits.h`.
struct Failure: Error {
    let exitCode: Int32
    /// Lines for standard error; empty where there is nothing to say.
    let text: String

    init(exitCode: Int32, _ message: String) {
        self.exitCode = exitCode
        text = message.isEmpty ? "" : "journal: \(message)\n"
    }

    /// With lines that are whole already.
    init(exitCode: Int32, text: String) {
        self.exitCode = exitCode
        self.text = text
    }

    /// What to tell of an error; nil where the argument parser tells it.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as JournalError: self.init(exitCode: error.exitCode, error.message)
        case let error as SpecError: self.init(specs: error)
        case let error as DatasetError: self.init(exitCode: error.exitCode, error.description)
        case let error as KernelChoiceError: self.init(exitCode: EX_USAGE, error.description)
        case _ where isFoundationError(error): self.init(exitCode: EX_IOERR, reason(error))
        default: return nil
        }
    }

    /// All faults of specs, a line each.
    init(specs error: SpecError) {
        exitCode = EX_DATAERR
        text = error.faults.map { "\($0)\n" }.joined()
    }
}

extension DatasetError {
    fileprivate var exitCode: Int32 {
        switch kind {
        case .unknownName, .malformedFile: EX_DATAERR
        case .missingFile, .unavailable: EX_NOINPUT
        case .inputOutput: EX_IOERR
        }
    }
}
