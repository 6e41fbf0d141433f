import Datasets
import TensorEngine

/// How many of a dataset's training examples are trained on, and how many are held out to validate on.
public struct HeldOutCounts: Hashable, Sendable {
    /// Nil for all that are not validated on.
    public let training: Int?
    /// Nil for a fifth of all that are used.
    public let validation: Int?

    public init(training: Int? = nil, validation: Int? = nil) {
        self.training = training
        self.validation = validation
    }

    /// Both numbers, where there are so many examples; nil where there are too few.
    public func resolved(of count: Int) -> (training: Int, validation: Int)? {
        let validation = self.validation ?? max(1, training.map { $0 / 4 } ?? count / 5)
        let training = self.training ?? count - validation
        return training >= 1 && training + validation <= count ? (training, validation) : nil
    }
}

/// The training examples of a dataset, divided at random into those that are trained on and those that are validated on.
struct HeldOutExamples: Sendable {
    let dataset: Dataset
    /// Numbers of examples in the dataset's training split.
    let training: [Int]
    let validation: [Int]

    /// - Parameter key: of the trial.
    /// - Precondition: there are enough examples.
    init(_ dataset: Dataset, _ counts: HeldOutCounts, key: RandomKey) {
        guard let (training, validation) = counts.resolved(of: dataset.training.count) else {
            preconditionFailure("\(dataset.training.count) examples are too few")
        }
        var stream = RandomStream(key.derived("held-out examples"))
        let order = stream.permutation(of: dataset.training.count)
        self.dataset = dataset
        self.validation = Array(order.prefix(validation))
        self.training = Array(order[validation..<validation + training])
    }

    /// How many chunks a split is scored in, and how long each is.
    func chunks(of split: DataSplit) -> Chunks {
        Chunks(of: split == .test ? dataset.test.count : validation.count)
    }

    /// Writes images and one-hot labels of a batch.
    func fill<Scalar: TensorScalar>(
        _ images: TensorElements<Scalar>, _ labels: TensorElements<Scalar>, _ batch: TuningBatch, count: Int,
        key: RandomKey
    ) {
        func write(_ split: Split, _ indices: [Int]) {
            split.fill(indices, images: images, labels: labels, classes: dataset.classes)
        }
        switch batch {
        case .measured: break
        case .level(let level, let step):
            let examples = level == .training ? training : validation
            var stream = RandomStream(key.derived("\(level.rawValue) batch", UInt64(step)))
            write(dataset.training, (0..<count).map { _ in examples[stream.index(below: examples.count)] })
        case .chunk(let index, let split):
            let range = chunks(of: split).range(index)
            if split == .test {
                write(dataset.test, Array(range))
            } else {
                write(dataset.training, Array(validation[range]))
            }
        }
    }
}
