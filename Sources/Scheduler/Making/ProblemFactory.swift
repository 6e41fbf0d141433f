import Datasets
import ExperimentSpec
import JournalStore
import Problems
import TensorEngine

/// What a trial optimizes, and what the journal records of it.
struct TrialProblem: Sendable {
    let family: any ProblemFamily
    let dataset: DatasetRecord?
    /// The network as JSON; nil where there is none, or a new one is drawn all the time.
    let architecture: String?
}

/// Makes problems of what specs say of them.
struct ProblemFactory: Sendable {
    let datasets: DatasetShelf

    func problem(of trial: TrialDescription) -> TrialProblem {
        if let spec = trial.problem.quadratic {
            return TrialProblem(
                family: FixedProblem(Quadratic(batchSize: spec.batchSize, dimensions: spec.dimensions)), dataset: nil,
                architecture: nil)
        }
        guard let spec = trial.problem.classification else {
            preconditionFailure("nothing makes the problem \(trial.problem.kind) of the vocabulary")
        }
        guard let dataset = datasets.dataset(of: spec, seed: trial.dataSeed) else {
            preconditionFailure("the dataset \(spec.dataset) was not loaded before the trials")
        }
        let architecture: Architecture =
            switch spec.student.hiddenLayers {
            case .fixed(let sizes): .fixed(sizes)
            case .random(let layers, let units): .random(layers: layers, units: units)
            }
        let family = ClassificationFamily(
            dataset: dataset, architecture: architecture, activation: Activation(spec.student.activation),
            initialization: Student.Initialization(spec.student.initialization), batchSize: spec.batchSize)
        return TrialProblem(
            family: family,
            dataset: DatasetRecord(
                name: dataset.name, origin: dataset.origin.description, checksum: dataset.checksum, note: dataset.note),
            architecture: Self.description(of: architecture, trial, dataset))
    }

    /// The layers of the trial's student; nil in meta-training on a student drawn for every epoch.
    private static func description(
        of architecture: Architecture, _ trial: TrialDescription, _ dataset: Dataset
    ) -> String? {
        if case .random = architecture, trial.kind == .metaTraining { return nil }
        let hidden = architecture.hiddenLayers(RandomKey(seed: trial.seed))
        let student = Student(inputs: dataset.features, hidden: hidden, classes: dataset.classes)
        return JSONValue.object([
            "layers": .string(student.description), "hidden": .array(hidden.map { .integer($0) }),
            "parameters": .integer(student.parameters.elementCount),
        ]).canonicalText
    }
}

extension Activation {
    init(_ spec: StudentSpec.Activation) {
        self =
            switch spec {
            case .sigmoid: .sigmoid
            case .tanh: .tanh
            case .relu: .relu
            case .elu: .elu
            }
    }
}

extension Student.Initialization {
    init(_ spec: StudentSpec.Initialization) {
        self =
            switch spec {
            case .paper: .paper
            case .glorot: .glorot
            }
    }
}
