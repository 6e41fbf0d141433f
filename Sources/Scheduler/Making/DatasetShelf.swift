import Datasets
import ExperimentSpec

/// The datasets that trials need, each loaded once.
struct DatasetShelf: Sendable {
    private struct Key: Hashable {
        let name: String
        let fallback: String?
        /// Files are the same for every seed; then it is nil.
        let seed: UInt64?
    }

    private var datasets: [Key: Dataset] = [:]

    /// Loads what the trials need and is not there yet.
    ///
    /// - Parameter report: receives messages for the person who waits.
    /// - Throws: `DatasetError`.
    mutating func load(
        for trials: some Sequence<TrialDescription>, from library: DatasetLibrary, report: (String) -> Void
    ) throws {
        for trial in trials {
            guard let problem = trial.problem.classification, dataset(of: problem, seed: trial.dataSeed) == nil else {
                continue
            }
            let dataset = try library.load(
                name: problem.dataset, fallback: problem.fallbackDataset, seed: trial.dataSeed, report: report)
            let seed: UInt64? = if case .synthetic = dataset.origin { trial.dataSeed } else { nil }
            datasets[Key(name: problem.dataset, fallback: problem.fallbackDataset, seed: seed)] = dataset
        }
    }

    /// The dataset of a problem, if it was loaded.
    func dataset(of problem: ClassificationSpec, seed: UInt64) -> Dataset? {
        [nil, seed].lazy.compactMap {
            datasets[Key(name: problem.dataset, fallback: problem.fallbackDataset, seed: $0)]
        }.first
    }
}

extension TrialDescription {
    /// What generated data is made from: the seed of the spec, so that all its trials see the same data.
    var dataSeed: UInt64 { TrialSeeds.specSeed(ofTrial: seed) }
}
