import JournalStore
import Nouns

/// An experiment as a notebook has it: what was asked, what was run, what came out, what was noted and concluded.
public struct ExperimentEntry: Sendable {
    /// One version of it, and how far it has come.
    public struct Version: Sendable {
        public let record: ExperimentRecord
        /// What stands otherwise in its spec than in that of the version before; empty of the first.
        public let differences: [JSONDifference]
        /// Its trials by kind and status, in the order of the spec.
        public let trials: [TrialTally]

        /// When its first trial began; nil where none has, or all were taken over.
        public var startedAt: String? { trials.filter { !$0.isTakenOver }.compactMap(\.startedAt).min() }
        /// When its last trial ended, likewise.
        public var finishedAt: String? { trials.filter { !$0.isTakenOver }.compactMap(\.finishedAt).max() }
        /// How many trials it has, of a status if given.
        public func count(_ status: TrialStatus? = nil) -> Int {
            trials.filter { status == nil || $0.status == status }.reduce(0) { $0 + $1.trials }
        }
        /// The versions of the program that computed its trials, in the order of its runs.
        public var programVersions: [String] { trials.compactMap(\.programVersion).uniqued() }
    }

    /// What it came to.
    public enum Results: Sendable {
        /// The optimizers side by side.
        case comparison(Comparison)
        /// The results by name of trials that nothing is compared by.
        case named([NamedResults])
        /// Why its optimizers are not compared.
        case incomparable(String)
        case none
    }

    /// A trial that failed, and why.
    public struct Failure: Sendable, Equatable {
        public let trial: Int64
        public let error: String
    }

    /// The version that is shown, the newest unless another was named.
    public let version: Version
    /// All versions, oldest first.
    public let versions: [Version]
    /// The version before the one that is shown; nil where it is the first.
    public let before: ExperimentRecord?
    public let tags: [String]
    /// Since when it is put aside; nil where it is not.
    public let archivedAt: String?
    /// The data that the trials of the shown version used.
    public let datasets: [Provenance.DatasetUse]
    /// The versions whose results trials of the shown one have.
    public let takenOver: [TakenOver]
    public let results: Results
    /// What the shown version has learned, with the trial that learned it.
    public let learned: [(trial: TrialRecord, optimizer: LearnedOptimizerRecord)]
    public let failures: [Failure]
    /// The notes on all versions, oldest first, without the conclusion that stands.
    public let notes: [EntryNote]
    /// The last conclusion; nil where there is none yet.
    public let conclusion: EntryNote?

    public var name: String { version.record.name }
    public var question: String? { version.record.question }

    /// - Parameters:
    ///   - record: The version to show.
    ///   - kinds: How the results of each kind of trials are told.
    /// - Throws: ``JournalError`` where the journal cannot be read.
    public init(_ record: ExperimentRecord, in journal: Journal, kinds: [TrialKindSummary]) throws {
        let records = try journal.experiments(named: record.name)
        let tallies = try journal.tallies(of: record.name)
        versions = records.indices.map { index in
            Version(
                record: records[index],
                differences: index > 0 ? records[index].differences(from: records[index - 1]) : [],
                trials: tallies.filter { $0.experiment == records[index].id })
        }
        guard let position = records.firstIndex(where: { $0.id == record.id }) else {
            throw JournalError(.missing, "\(record.reference) is no longer there")
        }
        version = versions[position]
        before = position > 0 ? records[position - 1] : nil
        tags = try journal.tags().first { $0.key == record.name }?.value ?? []
        archivedAt = try journal.archivedExperiments().first { $0.key == record.name }?.value
        let trials = try journal.trials(of: record.id)
        datasets = trials.datasetUses
        takenOver = try journal.sources(of: record.id)
        results = try Self.results(of: record, trials, in: journal, kinds)
        learned = try journal.learners(of: record.id).compactMap { trial in
            try journal.learnedOptimizer(trainedBy: trial.id).map { (trial, $0) }
        }
        failures = trials.compactMap { trial in
            trial.status == .failed ? Failure(trial: trial.id, error: trial.error ?? "") : nil
        }
        let notes = try EntryNote.all(of: record.name, in: journal)
        conclusion = notes.last { $0.record.kind == .conclusion && $0.record.trialIdentity == nil }
        self.notes = notes.filter { [conclusion] in $0.record.id != conclusion?.record.id }
    }

    private static func results(
        of record: ExperimentRecord, _ trials: [TrialRecord], in journal: Journal, _ kinds: [TrialKindSummary]
    ) throws -> Results {
        let compared = Set(kinds.filter(\.isCompared).map(\.kind))
        guard trials.contains(where: { compared.contains($0.kind) && $0.results != nil }) else {
            let named = NamedResults.all(of: trials)
            return named.isEmpty ? .none : .named(named)
        }
        do {
            return .comparison(
                try Comparison("\(record.name)@\(record.hash)", in: journal, kinds: kinds))
        } catch let error as JournalError where error.kind == .badData || error.kind == .usage {
            return .incomparable(error.message)
        }
    }
}
