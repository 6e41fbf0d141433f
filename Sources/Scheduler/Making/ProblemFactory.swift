import Datasets
import ExperimentSpec
import JournalStore
import Problems
import Registry
import TensorEngine

/// What a trial optimizes, and what the journal records of it.
struct TrialProblem: Sendable {
    let family: any ProblemFamily
    /// Those that it is learned on: the one that was drawn, or all of them where another is drawn all the time.
    let datasets: [DatasetRecord]
    /// The network as JSON; nil where there is none, or a new one is drawn all the time.
    let architecture: String?

    /// The journal has one place for a dataset: several are told in it together.
    var dataset: DatasetRecord? { DatasetRecord(datasets) }
}

/// Makes problems of what specs say of them, with the data that was loaded for them.
struct ProblemFactory: Sendable {
    let datasets: TrialDatasets

    func problem(of trial: TrialDescription) -> TrialProblem {
        let family = family(of: trial)
        let record = family.record(RandomKey(seed: trial.seed), isDrawnAgain: trial.optimizer.isLearned)
        return TrialProblem(
            family: family, datasets: record.datasets.map(DatasetRecord.init),
            architecture: record.architecture?.canonicalText)
    }

    private func family(of trial: TrialDescription) -> any ProblemFamily {
        datasets.registry.family(of: trial.problem) { spec in
            guard let dataset = datasets.dataset(of: spec, for: trial) else {
                preconditionFailure("the dataset \(spec.name) was not loaded before the trials")
            }
            return dataset
        }
    }

    /// Why a trial's problem cannot be made of its data, in words; nil where it can.
    func misfit(of trial: TrialDescription) -> String? { family(of: trial).misfit.map { "problem.\($0)" } }

    /// The data that the journal is told of a trial; nil where it has none, or not all of it was loaded.
    func dataset(of trial: TrialDescription) -> DatasetRecord? {
        guard let loaded = datasets.datasets(of: trial), !loaded.isEmpty else { return nil }
        return problem(of: trial).dataset
    }
}
