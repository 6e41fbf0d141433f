import Datasets
import ExperimentSpec
import Foundation
import Problems
import Registry

/// The datasets that trials need, each loaded once.
struct DatasetShelf: Sendable {
    private struct Key: Hashable {
        /// What is asked for, whichever trial asks.
        let spec: DatasetSpec
        /// Files are the same for every seed; then it is nil.
        let seed: UInt64?
    }

    private var datasets: [Key: Dataset] = [:]

    /// Loads what the trials need and is not there yet.
    ///
    /// - Parameters:
    ///   - folder: where their spec lies.
    ///   - report: receives messages for the person who waits.
    /// - Throws: `DatasetError`.
    mutating func load(
        for trials: some Sequence<TrialDescription>, of folder: URL, _ registry: Registry,
        from library: DatasetLibrary, report: (String) -> Void
    ) throws {
        for trial in trials {
            for dataset in registry.datasets(of: trial.problem) {
                try load(
                    dataset.resolved(for: trial.dataPurpose, in: folder), called: dataset.name, seed: trial.dataSeed,
                    registry, from: library, report: report)
            }
        }
    }

    private mutating func load(
        _ spec: DatasetSpec, called name: String, seed: UInt64, _ registry: Registry, from library: DatasetLibrary,
        report: (String) -> Void
    ) throws {
        if dataset(of: spec, seed: seed) != nil { return }
        let whole =
            try dataset(of: spec.withAllClasses, seed: seed)
            ?? read(spec, called: name, seed: seed, registry, from: library, report: report)
        let fileSeed: UInt64? = if case .synthetic = whole.origin { seed } else { nil }
        datasets[Key(spec: spec.withAllClasses, seed: fileSeed)] = whole
        guard let classes = spec.classes else { return }
        datasets[Key(spec: spec, seed: fileSeed)] = try whole.restricted(toClasses: classes)
    }

    private func read(
        _ spec: DatasetSpec, called name: String, seed: UInt64, _ registry: Registry, from library: DatasetLibrary,
        report: (String) -> Void
    ) throws -> Dataset {
        if let source = registry.source(of: spec, called: name) {
            return try library.load(source, fallback: spec.fallback, seed: seed, report: report)
        }
        return try library.load(
            name: name, files: spec.files, fallback: spec.fallback, seed: seed, report: report)
    }

    /// What a resolved spec asks for, if it was loaded.
    func dataset(of spec: DatasetSpec, seed: UInt64) -> Dataset? {
        [nil, seed].lazy.compactMap { datasets[Key(spec: spec, seed: $0)] }.first
    }
}
