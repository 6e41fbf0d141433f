import Datasets
import ExperimentSpec
import JournalStore
import Nouns
import Problems
import TensorEngine

extension ClassificationFamily {
    /// The students that a spec describes, on datasets that were loaded for it.
    init(_ spec: ClassificationSpec, _ datasets: DatasetPool, _ architecture: Architecture) {
        let student = spec.student
        let activation = Activation(student.activation)
        func normalization(_ isNormalized: Bool) -> ConvolutionalStudent.BatchNormalization? {
            isNormalized ? .init(isScaled: false) : nil
        }
        self.init(
            datasets: datasets, architecture: architecture,
            convolutions: student.convolutions.map {
                .init(
                    size: $0.kernel, channels: $0.channels, stride: $0.stride,
                    normalization: normalization($0.isNormalized), activation: activation, pooling: $0.pooling)
            },
            normalization: normalization(student.isNormalized), activation: activation,
            initialization: Student.Initialization(student.initialization), batchSize: spec.batchSize,
            loss: ClassificationLoss(spec.loss))
    }

    /// The layers of one trial's student, as JSON.
    ///
    /// - Parameter dataset: what the student learns, where that was drawn with it.
    func description(_ architecture: Architecture, _ key: RandomKey, dataset: String?) -> String {
        let student = student(key)
        var description: [String: JSONValue] = [
            "layers": .string(student.description),
            "hidden": .array(architecture.hiddenLayers(key).map { .integer($0) }),
            "parameters": .integer(student.parameters.elementCount),
        ]
        description["dataset"] = dataset.map { .string($0) }
        return JSONValue.object(description).canonicalText
    }
}

extension Dataset {
    /// Its name, and those of its classes that the spec asks for: what tells it from the others of a list.
    func label(_ spec: DatasetSpec) -> String {
        name + (spec.classes.map { " (classes \($0.map(String.init).joined(separator: ", ")))" } ?? "")
    }
}

extension DatasetRecord {
    init(_ dataset: Dataset) {
        self.init(
            name: dataset.name, origin: dataset.origin.description, checksum: dataset.checksum, note: dataset.note)
    }

    /// Several datasets told as one, each once; nil where there are none.
    init?(_ datasets: [DatasetRecord]) {
        let records = datasets.reduce(into: [DatasetRecord]()) { records, record in
            if !records.contains(record) { records.append(record) }
        }
        guard !records.isEmpty else { return nil }
        let notes = records.compactMap { record in
            record.note.map { records.count > 1 ? "\(record.name): \($0)" : $0 }
        }
        self.init(
            name: records.map(\.name).joined(separator: " + "), origin: records.map(\.origin).joined(separator: "; "),
            checksum: records.map(\.checksum).joined(separator: " + "),
            note: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }
}

extension Architecture {
    init(_ spec: StudentSpec.HiddenLayers) {
        self =
            switch spec {
            case .fixed(let sizes): .fixed(sizes)
            case .random(let layers, let units): .random(layers: layers, units: units)
            }
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
            case .step: .step
            }
    }
}

extension ClassificationLoss {
    init(_ spec: ClassificationSpec.Loss) {
        self =
            switch spec {
            case .crossEntropy: .crossEntropy
            case .zeroOne: .zeroOne
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
