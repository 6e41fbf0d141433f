import Datasets
import ExperimentSpec
import Formats
import JournalStore
import Nouns
import Problems
import TensorEngine

/// What a trial optimizes, and what the journal records of it.
struct TrialProblem: Sendable {
    let family: any ProblemFamily
    /// Those that it is learned on: the one that was drawn, or all of them where another is drawn all the time.
    var datasets: [DatasetRecord] = []
    /// The network as JSON; nil where there is none, or a new one is drawn all the time.
    var architecture: String?

    /// The journal has one place for a dataset: several are told in it together.
    var dataset: DatasetRecord? { DatasetRecord(datasets) }
}

/// Makes problems of what specs say of them.
struct ProblemFactory: Sendable {
    let datasets: DatasetShelf

    func problem(of trial: TrialDescription) -> TrialProblem {
        problem(trial.problem, of: trial, key: RandomKey(seed: trial.seed))
    }

    /// The data that the journal is told of a trial; nil where it has none, or not all of it was loaded.
    func dataset(of trial: TrialDescription) -> DatasetRecord? {
        let specs = trial.problem.parts.compactMap(\.classification).flatMap(\.datasets)
        guard !specs.isEmpty, specs.allSatisfy({ datasets.dataset(of: $0, seed: trial.dataSeed) != nil }) else {
            return nil
        }
        return problem(of: trial).dataset
    }

    /// - Parameter key: what the problem is drawn from.
    private func problem(_ spec: ProblemSpec, of trial: TrialDescription, key: RandomKey) -> TrialProblem {
        if let student = spec.classification { return classification(student, of: trial, key: key) }
        if spec.kind == "ensemble" { return ensemble(spec, of: trial, key: key) }
        return TrialProblem(family: FixedProblem(Self.function(spec.kind, spec.settings)))
    }

    /// A problem that needs no data but what it draws itself.
    static func function(_ kind: String, _ settings: Settings) -> Problem {
        switch kind {
        case "simple": return Problem(Simple())
        case "simple-multi": return Problem(SimpleMulti(dimensions: settings.integer("dimensions")))
        case "quadratic":
            return Problem(
                Quadratic(batchSize: settings.integer("batchSize"), dimensions: settings.integer("dimensions")))
        case "lasso":
            return Problem(
                Lasso(
                    batchSize: settings.integer("batchSize"), observations: settings.integer("observations"),
                    dimensions: settings.integer("dimensions"), regularization: settings.number("regularization"),
                    sparsity: settings.number("sparsity")))
        case "rastrigin":
            return Problem(
                Rastrigin(
                    batchSize: settings.integer("batchSize"), dimensions: settings.integer("dimensions"),
                    alpha: settings.number("alpha")))
        default: preconditionFailure("nothing makes the problem \(kind) of the vocabulary")
        }
    }

    private func ensemble(_ spec: ProblemSpec, of trial: TrialDescription, key: RandomKey) -> TrialProblem {
        let parts = spec.parts.enumerated().map { problem($1, of: trial, key: Ensemble.key(ofProblem: $0, key)) }
        let weights = spec.settings.numbers(ifGiven: "weights") ?? parts.map { _ in 1 }
        let architectures = parts.map { $0.architecture.flatMap(JSONValue.init(parsing:)) ?? .null }
        return TrialProblem(
            family: EnsembleFamily(parts.map(\.family), weights: weights), datasets: parts.flatMap(\.datasets),
            architecture: parts.contains { $0.architecture != nil }
                ? JSONValue.array(architectures).canonicalText : nil)
    }

    private func classification(
        _ spec: ClassificationSpec, of trial: TrialDescription, key: RandomKey
    ) -> TrialProblem {
        let pool = DatasetPool(
            spec.datasets.map { spec in
                guard let dataset = datasets.dataset(of: spec, seed: trial.dataSeed) else {
                    preconditionFailure("the dataset \(spec.name) was not loaded before the trials")
                }
                return dataset
            })
        let architecture = Architecture(spec.student.hiddenLayers)
        let family = ClassificationFamily(spec, pool, architecture)
        let drawsDataset = pool.datasets.count > 1
        if trial.optimizer.isLearned, drawsDataset || architecture.isRandom {
            return TrialProblem(family: family, datasets: pool.datasets.map(DatasetRecord.init))
        }
        let drawn = pool.dataset(key)
        let label = drawsDataset ? drawn.label(spec.datasets[pool.index(key)]) : nil
        return TrialProblem(
            family: family, datasets: [DatasetRecord(drawn)],
            architecture: family.description(architecture, key, dataset: label))
    }
}
