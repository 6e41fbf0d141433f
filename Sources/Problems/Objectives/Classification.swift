import Datasets
import TensorEngine

/// A network that learns to classify images: its mean loss over a batch of images and one-hot labels.
public struct Classification: Objective {
    public let student: any Classifier
    public let exampleLoss: ClassificationLoss

    public init(_ student: any Classifier, loss: ClassificationLoss = .crossEntropy) {
        self.student = student
        exampleLoss = loss
    }

    public var parameters: [Parameter] { student.parameters }
    public var carried: [CarriedTensor] { student.carried }
    public var isLossConvex: Bool { exampleLoss.isConvex }
    public var layered: (any LayeredLikelihood)? { LayeredClassification(self) }

    /// The inputs to the softmax, or with squared error what is compared with the labels, `[examples, classes]`.
    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let answer = student.answer(
            inputs.parameters, carried: inputs.carried, inputs.batch[0], mode: inputs.mode)
        return ObjectiveOutputs([answer.logits], carried: answer.carried)
    }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { mean(exampleLoss, outputs, batch) }

    /// The cross-entropy where the loss is 0 or 1. Hidden layers of step functions keep a gradient of 0.
    public func surrogateLoss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor? {
        exampleLoss == .zeroOne ? mean(.crossEntropy, outputs, batch) : nil
    }

    private func mean(_ loss: ClassificationLoss, _ outputs: [Tensor], _ batch: [Tensor]) -> Tensor {
        loss.negatedSum(logits: outputs[0], labels: batch[1]) * (-1 / Double(batch[0].shape[0]))
    }

    /// The sum of the losses and the number of correct answers. Where several answers are as likely, it counts the
    /// chance of guessing right among them. A label row of zeros counts for nothing.
    public func scores(_ outputs: [Tensor], batch: [Tensor]) -> [Score] {
        let logits = outputs[0]
        let largest = logits.isEqual(to: logits.maximum(axes: [1]))
        // A guess among the largest is right once in as many times; of logits that are not numbers none is.
        let chance = largest / largest.sum(axes: [1]).maximum(1)
        return [
            Score(Score.loss, -exampleLoss.negatedSum(logits: logits, labels: batch[1])),
            Score(Score.correct, (batch[1] * chance).sum()),
        ]
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        student.initialize(parameters, key: key)
    }
}

extension Problem {
    /// A student that learns to classify a dataset's images.
    public static func classification(
        dataset: Dataset, student: any Classifier, batchSize: Int, loss: ClassificationLoss = .crossEntropy,
        preparation: PicturePreparation = PicturePreparation()
    ) -> Problem {
        classification(
            DatasetPool([dataset]), key: RandomKey(seed: 0), student: student, batchSize: batchSize, loss: loss,
            preparation: preparation)
    }

    /// - Parameters:
    ///   - pool: where the trial's dataset is drawn from.
    ///   - key: the trial's.
    static func classification(
        _ pool: DatasetPool, key: RandomKey, student: any Classifier, batchSize: Int, loss: ClassificationLoss,
        preparation: PicturePreparation, tunable: (any SelfTunable)? = nil
    ) -> Problem {
        let data = ClassificationData(pool, key: key, batchSize: batchSize, preparation: preparation)
        precondition(student.inputs == data.dataset.features && student.classes == data.dataset.classes)
        return Problem(
            Classification(student, loss: loss), data, observable: student.observable(loss: loss), tunable: tunable)
    }
}
