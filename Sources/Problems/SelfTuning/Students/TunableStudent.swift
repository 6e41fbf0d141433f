import Datasets
import Nouns
import TensorEngine

/// A student whose training has hyperparameters.
struct TunableStudent: SelfTunable {
    private let makeStudent: @Sendable () -> ConvolutionalStudent
    let dataset: Dataset
    let loss: ClassificationLoss
    /// Of the trial: what its examples are divided by.
    let key: RandomKey

    /// - Parameter makeStudent: most problems are never tuned, so that their layers are not made.
    init(
        _ makeStudent: @escaping @Sendable () -> ConvolutionalStudent, _ dataset: Dataset, _ loss: ClassificationLoss,
        key: RandomKey
    ) {
        self.makeStudent = makeStudent
        self.dataset = dataset
        self.loss = loss
        self.key = key
    }

    var tunableHyperparameters: [TunableHyperparameter] {
        let hiddenLayers = makeStudent().layers.count - 1
        return StudentHyperparameter.allCases.map { $0.tunable(hiddenLayers: hiddenLayers) }
    }

    var tunedMeasures: [Metric] { [] }

    var trainingExamples: Int? { dataset.training.count }

    func tuned(_ request: TuningRequest) -> any SelfTunedObjective {
        SelfTunedStudent(
            makeStudent(), loss, request, HeldOutExamples(dataset, request.heldOut, key: key))
    }
}
