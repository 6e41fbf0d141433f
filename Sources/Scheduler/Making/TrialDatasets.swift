import Datasets
import ExperimentSpec
import Foundation
import Problems
import Registry

/// The loaded datasets as the trials of one experiment see them: which a spec means depends on where the spec lies, and on
/// whether a trial learns an optimizer or uses one.
struct TrialDatasets: Sendable {
    let registry: Registry
    let shelf: DatasetShelf
    /// Where the spec lies: its paths are relative to it.
    let folder: URL

    /// What a trial needs.
    func specs(of trial: TrialDescription) -> [DatasetSpec] {
        registry.datasets(of: trial.problem).map { $0.resolved(for: trial.dataPurpose, in: folder) }
    }

    /// What a spec means to a trial; nil where it is not loaded.
    func dataset(of spec: DatasetSpec, for trial: TrialDescription) -> Dataset? {
        shelf.dataset(of: spec.resolved(for: trial.dataPurpose, in: folder), seed: trial.dataSeed)
    }

    /// All that a trial needs; nil where not all of it is loaded.
    func datasets(of trial: TrialDescription) -> [Dataset]? {
        let specs = specs(of: trial)
        let datasets = specs.compactMap { shelf.dataset(of: $0, seed: trial.dataSeed) }
        return datasets.count == specs.count ? datasets : nil
    }
}

extension TrialDescription {
    /// What it wants its data for.
    var dataPurpose: DataPurpose { optimizer.isLearned ? .metaTraining : .training }
}
