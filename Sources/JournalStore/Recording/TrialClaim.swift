import GRDB
import Nouns

/// What came of an attempt to begin a trial.
public enum TrialClaim: Sendable, Equatable {
    /// It is this run's, from the start; what an earlier attempt recorded is dropped.
    case started
    /// As `started`, and a checkpoint is dropped that was computed otherwise than this run computes, by this.
    case startedOver(CheckpointOrigin?)
    /// It is this run's, from this checkpoint; what was recorded after it is dropped.
    case resumed(Checkpoint)
    /// It was completed before.
    case completed
    /// Another process is running it.
    case taken(host: String, pid: Int)
}

/// What computed a trial up to its checkpoint: with another, the bits that follow may be others.
public struct CheckpointOrigin: Sendable, Equatable {
    /// The kernel table; where a checkpoint was gone on from with another one, both, with ` + ` between them.
    public let kernelTable: String
    public let programVersion: String

    public init(kernelTable: String, programVersion: String) {
        self.kernelTable = kernelTable
        self.programVersion = programVersion
    }

    /// Nil where the trial was never begun.
    init?(_ row: Row) throws {
        guard let kernelTable = try row.value("kernelTable", of: "trialRecords", as: String?.self),
            let programVersion = try row.value("programVersion", of: "runs", as: String?.self)
        else { return nil }
        self.init(kernelTable: kernelTable, programVersion: programVersion)
    }
}
