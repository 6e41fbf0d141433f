import Datasets
import Nouns
import TensorEngine

/// A student whose training has hyperparameters.
struct TunableStudent: SelfTunable {
    let student: ConvolutionalStudent
    let dataset: Dataset
    let loss: ClassificationLoss
    /// Of the trial: what its examples are divided by.
    let key: RandomKey

    init(_ student: ConvolutionalStudent, _ dataset: Dataset, _ loss: ClassificationLoss, key: RandomKey) {
        self.student = student
        self.dataset = dataset
        self.loss = loss
        self.key = key
    }

    var tunableHyperparameters: [TunableHyperparameter] {
        StudentHyperparameter.allCases.map { $0.tunable(hiddenLayers: student.layers.count - 1) }
    }

    var tunedMeasures: [Metric] { [] }

    var trainingExamples: Int? { dataset.training.count }

    func tuned(_ request: TuningRequest) -> any SelfTunedObjective {
        SelfTunedStudent(
            student, loss, request, HeldOutExamples(dataset, request.heldOut, key: key))
    }
}
