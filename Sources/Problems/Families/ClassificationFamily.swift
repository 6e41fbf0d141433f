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
    private let residual: ResidualArchitecture?
    private let activation: Activation
    private let initialization: Student.Initialization?
    private let batchSize: Int
    private let loss: ClassificationLoss
    private let preparation: PicturePreparation

    /// - Parameters:
    ///   - datasets: those of which each trial has one; its student is as wide at both ends as that asks for.
    ///   - labels: what each of them is called, to be told from the others; nil for their names.
    ///   - architecture: the fully connected hidden layers.
    ///   - convolutions: the layers before them.
    ///   - normalization: of the fully connected hidden layers.
    ///   - residual: a residual network in place of all these layers.
    ///   - activation: of the fully connected hidden layers.
    ///   - initialization: nil for a residual network's own, and for `paper` of others.
    public init(
        datasets: DatasetPool, labels: [String]? = nil, architecture: Architecture,
        convolutions: [ConvolutionalStudent.Convolution] = [],
        normalization: ConvolutionalStudent.BatchNormalization? = nil, residual: ResidualArchitecture? = nil,
        activation: Activation, initialization: Student.Initialization?, batchSize: Int,
        loss: ClassificationLoss = .crossEntropy, preparation: PicturePreparation = PicturePreparation()
    ) {
        self.datasets = datasets
        self.labels = labels ?? datasets.datasets.map(\.name)
        self.architecture = architecture
        self.convolutions = convolutions
        self.normalization = normalization
        self.residual = residual
        self.activation = activation
        self.initialization = initialization
        self.batchSize = batchSize
        self.loss = loss
        self.preparation = preparation
    }

    public func problem(_ key: RandomKey) -> Problem {
        .classification(
            datasets, key: key, student: student(key), batchSize: batchSize, loss: loss, preparation: preparation,
            tunable: tunable(key))
    }

    /// Made layer by layer when it is asked for alone; nil of residual networks, of examples that have no height and
    /// width, and where pictures are prepared in ways of which tuning knows nothing.
    private func tunable(_ key: RandomKey) -> TunableStudent? {
        let dataset = datasets.dataset(key)
        guard residual == nil, preparation.isNone, Self.arePictures(dataset) else { return nil }
        return TunableStudent({ layered(key) }, dataset, loss, key: key)
    }

    public var isUniform: Bool { datasets.datasets.count == 1 && !architecture.isRandom }

    /// Layers and preparations that look at neighbouring pixels need pictures, and some large ones.
    public var misfit: String? {
        let isPlain = convolutions.isEmpty && normalization == nil && residual == nil
        guard !isPlain || !preparation.isNone else { return nil }
        for (dataset, label) in zip(datasets.datasets, labels) {
            let sizes = dataset.shape.map(String.init).joined(separator: " × ")
            guard Self.arePictures(dataset) else {
                return "dataset: found \(label) with examples of \(sizes); allowed: pictures, which have height and "
                    + "width, and perhaps channels"
            }
            let least = residual?.leastSize ?? 1
            guard dataset.shape[..<2].allSatisfy({ $0 >= least }) else {
                return "dataset: found \(label) with pictures of \(sizes); allowed: at least \(least) × \(least) for "
                    + "this residual student"
            }
        }
        return nil
    }

    private static func arePictures(_ dataset: Dataset) -> Bool { (2...3).contains(dataset.shape.count) }

    /// The dataset and the layers of the student that a trial draws; all datasets where it draws students again and again
    /// that differ in them.
    public func record(_ key: RandomKey, isDrawnAgain: Bool) -> ProblemRecord {
        guard misfit == nil, !isDrawnAgain || isUniform else { return ProblemRecord(datasets: datasets.datasets) }
        let student = student(key)
        var network: [String: JSONValue] = [
            "layers": .string(student.description),
            "hidden": .array(architecture.hiddenLayers(key).map { .integer($0) }),
            "parameters": .integer(student.parameters.elementCount),
        ]
        // Not to be told from the layers in short.
        if let residual { network["depth"] = .integer(residual.layers - 1) }
        if datasets.datasets.count > 1 { network["dataset"] = .string(labels[datasets.index(key)]) }
        return ProblemRecord(datasets: [datasets.dataset(key)], architecture: .object(network))
    }

    /// The network of the trial with this key.
    public func student(_ key: RandomKey) -> any Classifier {
        let dataset = datasets.dataset(key)
        if let residual {
            return ResidualStudent(
                residual, images: ConvolutionalStudent.ImageShape(dataset), classes: dataset.classes,
                initialization: initialization)
        }
        guard convolutions.isEmpty, normalization == nil else { return layered(key) }
        return Student(
            inputs: dataset.features, hidden: architecture.hiddenLayers(key), classes: dataset.classes,
            activation: activation, initialization: initialization ?? .paper)
    }

    /// The same, layer by layer.
    private func layered(_ key: RandomKey) -> ConvolutionalStudent {
        let dataset = datasets.dataset(key)
        let hidden = architecture.hiddenLayers(key)
        return ConvolutionalStudent(
            images: ConvolutionalStudent.ImageShape(dataset), convolutions: convolutions,
            hidden: hidden.map { .init(units: $0, normalization: normalization, activation: activation) },
            classes: dataset.classes, initialization: initialization ?? .paper)
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
