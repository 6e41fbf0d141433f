import Datasets
import ExperimentSpec
import Problems
import Registry

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
        for trials: some Sequence<TrialDescription>, _ registry: Registry, from library: DatasetLibrary,
        report: (String) -> Void
    ) throws {
        for trial in trials {
            for dataset in registry.datasets(of: trial.problem) {
                try load(dataset, seed: trial.dataSeed, from: library, report: report)
            }
        }
    }

    private mutating func load(
        _ spec: DatasetSpec, seed: UInt64, from library: DatasetLibrary, report: (String) -> Void
    ) throws {
        if dataset(of: spec, seed: seed) != nil { return }
        let whole =
            try find(spec, seed: seed, classes: nil)
            ?? library.load(
                name: spec.name, fallback: spec.fallback, seed: seed, report: report)
        let fileSeed: UInt64? = if case .synthetic = whole.origin { seed } else { nil }
        var key = Key(name: spec.name, fallback: spec.fallback, seed: fileSeed)
        datasets[key] = whole
        guard let classes = spec.classes else { return }
        key.classes = classes
        datasets[key] = try whole.restricted(toClasses: classes)
    }

    /// What a spec asks for, if it was loaded.
    func dataset(of spec: DatasetSpec, seed: UInt64) -> Dataset? {
        find(spec, seed: seed, classes: spec.classes)
    }

    private func find(_ spec: DatasetSpec, seed: UInt64, classes: [Int]?) -> Dataset? {
        [nil, seed].lazy.compactMap {
            datasets[Key(name: spec.name, fallback: spec.fallback, seed: $0, classes: classes)]
        }.first
    }
}
