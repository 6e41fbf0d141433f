import JournalStore
import Nouns

/// What the trials of a comparison were computed with and from.
public struct Provenance: Sendable, Equatable {
    /// So many trials of one origin.
    public struct Count: Sendable, Equatable {
        /// The kernel table's or the program version's name.
        public let name: String
        /// How many trials it computed.
        public let trials: Int

        /// A name with its trials.
        public init(name: String, trials: Int) {
            self.name = name
            self.trials = trials
        }
    }

    /// Some data, and how many trials used it.
    public struct DatasetUse: Sendable, Equatable {
        /// What data it is.
        public let dataset: DatasetRecord
        /// How many trials used it.
        public let trials: Int

        /// Data with its trials.
        public init(dataset: DatasetRecord, trials: Int) {
            self.dataset = dataset
            self.trials = trials
        }
    }

    /// The kernel tables that computed the trials, in the order in which they first appear.
    public var kernelTables: [Count]
    /// The versions of the program that computed them, likewise.
    public var programVersions: [Count]
    /// The data that they used, likewise.
    public var datasets: [DatasetUse]
    /// The data on which optimizers were tuned or trained for a problem whose evaluation saw none of it.
    public var otherData: [OtherData]

    /// Tuning or meta-training on data that the evaluation on the same problem never saw.
    public struct OtherData: Sendable, Equatable {
        /// What was done on it.
        public let kind: TrialKindSummary
        /// The problem.
        public let problem: String
        /// The data, and how many trials of tuning or training used it.
        public let use: DatasetUse

        /// Data of this use.
        public init(kind: TrialKindSummary, problem: String, use: DatasetUse) {
            self.kind = kind
            self.problem = problem
            self.use = use
        }
    }

    /// What there is to know; nothing, unless it is said.
    public init(
        kernelTables: [Count] = [], programVersions: [Count] = [], datasets: [DatasetUse] = [],
        otherData: [OtherData] = []
    ) {
        self.kernelTables = kernelTables
        self.programVersions = programVersions
        self.datasets = datasets
        self.otherData = otherData
    }
}

extension Provenance {
    /// Of completed evaluation trials, and of the completed trials that tuned or trained for their problems.
    ///
    /// - Parameters:
    ///   - kinds: How the results of each kind of trials are told.
    ///   - versions: The program's version that computed a trial, by its id.
    init(
        of evaluations: [TrialRecord], preparedBy others: [TrialRecord], kinds: [TrialKindSummary],
        versions: [Int64: String]
    ) {
        self.init(
            kernelTables: evaluations.compactMap(\.kernelTable).counted().map { Count(name: $0, trials: $1) },
            programVersions: evaluations.compactMap { versions[$0.id] }.counted().map { Count(name: $0, trials: $1) },
            datasets: evaluations.datasetUses)
        let evaluated = evaluations.reduce(into: [String: Set<String>]()) { evaluated, trial in
            evaluated[trial.problem, default: []].formUnion(trial.dataset?.parts ?? [])
        }
        otherData = kinds.filter { !$0.isCompared }.flatMap { kind in
            evaluated.keys.sorted().flatMap { problem in
                let strangers = others.filter { trial in
                    trial.kind == kind.kind && trial.problem == problem
                        && trial.dataset?.parts.isDisjoint(with: evaluated[problem] ?? []) ?? false
                }
                return strangers.datasetUses.map { OtherData(kind: kind, problem: problem, use: $0) }
            }
        }
    }
}

extension DatasetRecord {
    /// The checksums of the datasets that a trial drew from, which may be several.
    fileprivate var parts: Set<String> { Set(checksum.components(separatedBy: " + ")) }
}

extension Sequence<TrialRecord> {
    /// Their data, each once, with the number of trials.
    var datasetUses: [Provenance.DatasetUse] {
        compactMap(\.dataset).counted().map { Provenance.DatasetUse(dataset: $0, trials: $1) }
    }
}

extension Sequence where Element: Equatable {
    /// The different elements, of which there are few, in the order in which they first appear, and how often each
    /// does.
    fileprivate func counted() -> [(Element, Int)] {
        reduce(into: []) { counts, element in
            if let index = counts.firstIndex(where: { $0.0 == element }) {
                counts[index].1 += 1
            } else {
                counts.append((element, 1))
            }
        }
    }
}
