import Datasets
import Nouns
import TensorEngine

/// Students whose dataset and architecture each trial may draw for itself.
public struct ClassificationFamily: ProblemFamily {
    private let datasets: DatasetPool
    private let labels: [String]
    private let architecture: Architecture
    private let convolutions: [ConvolutionalStudent.Convolution]
    private let normalization: ConvolutionalStudent.BatchNormalization?
    private let activation: Activation
    private let initialization: Student.Initialization
    private let batchSize: Int
    private let loss: ClassificationLoss

    /// - Parameters:
    ///   - datasets: those of which each trial has one; its student is as wide at both ends as that asks for.
    ///   - labels: what each of them is called, to be told from the others; nil for their names.
    ///   - architecture: the fully connected hidden layers.
    ///   - convolutions: the layers before them.
    ///   - normalization: of the fully connected hidden layers.
    ///   - activation: of the fully connected hidden layers.
    public init(
        datasets: DatasetPool, labels: [String]? = nil, architecture: Architecture,
        convolutions: [ConvolutionalStudent.Convolution] = [],
        normalization: ConvolutionalStudent.BatchNormalization? = nil, activation: Activation,
        initialization: Student.Initialization, batchSize: Int, loss: ClassificationLoss = .crossEntropy
    ) {
        self.datasets = datasets
        self.labels = labels ?? datasets.datasets.map(\.name)
        self.architecture = architecture
        self.convolutions = convolutions
        self.normalization = normalization
        self.activation = activation
        self.initialization = initialization
        self.batchSize = batchSize
        self.loss = loss
    }

    public func problem(_ key: RandomKey) -> Problem {
        .classification(
            datasets, key: key, student: student(key), batchSize: batchSize, loss: loss,
            tunable: tunable(key))
    }

    /// Made layer by layer when it is asked for alone; nil of examples that have no height and width.
    private func tunable(_ key: RandomKey) -> TunableStudent? {
        let dataset = datasets.dataset(key)
        guard dataset.shape.count > 1 else { return nil }
        return TunableStudent({ layered(key) }, dataset, loss, key: key)
    }

    public var isUniform: Bool { datasets.datasets.count == 1 && !architecture.isRandom }

    /// The dataset and the layers of the student that a trial draws; all datasets where it draws students again and again
    /// that differ in them.
    public func record(_ key: RandomKey, isDrawnAgain: Bool) -> ProblemRecord {
        guard !isDrawnAgain || isUniform else { return ProblemRecord(datasets: datasets.datasets) }
        let student = student(key)
        var network: [String: JSONValue] = [
            "layers": .string(student.description),
            "hidden": .array(architecture.hiddenLayers(key).map { .integer($0) }),
            "parameters": .integer(student.parameters.elementCount),
        ]
        if datasets.datasets.count > 1 { network["dataset"] = .string(labels[datasets.index(key)]) }
        return ProblemRecord(datasets: [datasets.dataset(key)], architecture: .object(network))
    }

    /// The network of the trial with this key.
    public func student(_ key: RandomKey) -> any Classifier {
        guard convolutions.isEmpty, normalization == nil else { return layered(key) }
        let dataset = datasets.dataset(key)
        return Student(
            inputs: dataset.features, hidden: architecture.hiddenLayers(key), classes: dataset.classes,
            activation: activation, initialization: initialization)
    }

    /// The same, layer by layer.
    private func layered(_ key: RandomKey) -> ConvolutionalStudent {
        let dataset = datasets.dataset(key)
        let hidden = architecture.hiddenLayers(key)
        return ConvolutionalStudent(
            images: ConvolutionalStudent.ImageShape(dataset), convolutions: convolutions,
            hidden: hidden.map { .init(units: $0, normalization: normalization, activation: activation) },
            classes: dataset.classes, initialization: initialization)
    }
}

extension ConvolutionalStudent.ImageShape {
    /// How the images of a dataset lie; those without channels have one. A row of a table is one pixel of many.
    init(_ dataset: Dataset) {
        let shape = dataset.shape
        precondition((1...3).contains(shape.count), "images of shape \(shape) have no height and width")
        guard shape.count > 1 else {
            self = .channelsLast(height: 1, width: 1, channels: shape[0])
            return
        }
        self = .channelsLast(height: shape[0], width: shape[1], channels: shape.count == 3 ? shape[2] : 1)
    }
}
