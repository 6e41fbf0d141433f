import Datasets
import ExperimentSpec

/// The datasets that trials need, each loaded once.
struct DatasetShelf: Sendable {
    private struct Key: Hashable {
        let name: String
        let fallback: String?
        /// Files are the same for every seed; then it is nil.
        let seed: UInt64?
        /// The classes that are kept; nil for all.
        var classes: [Int]?
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
            for problem in trial.problem.parts.compactMap(\.classification) {
                try load(problem, seed: trial.dataSeed, from: library, report: report)
            }
        }
    }

    private mutating func load(
        _ problem: ClassificationSpec, seed: UInt64, from library: DatasetLibrary, report: (String) -> Void
    ) throws {
        if dataset(of: problem, seed: seed) != nil { return }
        let whole = try find(problem, seed: seed, classes: nil) ?? library.load(
            name: problem.dataset, fallback: problem.fallbackDataset, seed: seed, report: report)
        let fileSeed: UInt64? = if case .synthetic = whole.origin { seed } else { nil }
        var key = Key(name: problem.dataset, fallback: problem.fallbackDataset, seed: fileSeed)
        datasets[key] = whole
        guard let classes = problem.classes else { return }
        key.classes = classes
        datasets[key] = try whole.restricted(toClasses: classes)
    }

    /// The dataset of a problem, if it was loaded.
    func dataset(of problem: ClassificationSpec, seed: UInt64) -> Dataset? {
        find(problem, seed: seed, classes: problem.classes)
    }

    private func find(_ problem: ClassificationSpec, seed: UInt64, classes: [Int]?) -> Dataset? {
        [nil, seed].lazy.compactMap {
            datasets[Key(name: problem.dataset, fallback: problem.fallbackDataset, seed: $0, classes: classes)]
        }.first
    }
}

extension TrialDescription {
    /// What generated data is made from: the seed of the spec, so that all its trials see the same data.
    var dataSeed: UInt64 { TrialSeeds.specSeed(ofTrial: seed) }
}
