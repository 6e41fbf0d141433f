import Datasets
import ExperimentSpec
import JournalStore
import Problems
import TensorEngine

extension ClassificationFamily {
    /// The students that a spec describes, on a dataset that was loaded for it.
    init(_ spec: ClassificationSpec, _ dataset: Dataset, _ architecture: Architecture) {
        let student = spec.student
        let activation = Activation(student.activation)
        func normalization(_ isNormalized: Bool) -> ConvolutionalStudent.BatchNormalization? {
            isNormalized ? .init(isScaled: false) : nil
        }
        self.init(
            dataset: dataset, architecture: architecture,
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
    func description(_ architecture: Architecture, _ key: RandomKey) -> String {
        let student = student(key)
        return JSONValue.object([
            "layers": .string(student.description),
            "hidden": .array(architecture.hiddenLayers(key).map { .integer($0) }),
            "parameters": .integer(student.parameters.elementCount),
        ]).canonicalText
    }
}

extension DatasetRecord {
    init(_ dataset: Dataset) {
        self.init(
            name: dataset.name, origin: dataset.origin.description, checksum: dataset.checksum, note: dataset.note)
    }

    /// Several datasets told as one; nil where there are none.
    init?(_ records: [DatasetRecord]) {
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
