import JournalStore

/// What a person names where an entry is meant: `NAME`, `NAME@HASH`, or a trial by its number.
public enum EntryReference: Sendable, Equatable {
    case experiment(ExperimentRecord)
    case trial(TrialRecord, of: ExperimentRecord)

    /// - Parameter text: A number is a trial, unless an experiment is called so.
    /// - Throws: ``JournalError`` naming what is there, when there is no such experiment or trial.
    public init(_ text: String, in journal: Journal) throws {
        if let number = Int64(text), try journal.experiments(named: text).isEmpty {
            let trial = try journal.trial(number)
            self = .trial(trial, of: try journal.experiment(trial.experiment))
        } else {
            self = .experiment(try journal.experiment(named: text))
        }
    }

    /// The version that it is of.
    public var version: ExperimentRecord {
        switch self {
        case .experiment(let version): version
        case .trial(_, let version): version
        }
    }

    public var trial: TrialRecord? {
        if case .trial(let trial, _) = self { trial } else { nil }
    }
}
