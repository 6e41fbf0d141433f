import ExperimentSpec
import Foundation
import JournalStore
import MetaTraining
import Optimizers
import TensorEngine

/// A learned optimizer with its weights, ready to optimize.
struct LearnedOptimizer: Sendable {
    let optimizer: any Optimizer
    private let weights: [StoredTensor]

    /// - Throws: ``JournalError`` where the record does not hold what its configuration asks for.
    init(_ record: LearnedOptimizerRecord) throws {
        guard let settings = JSONValue(parsing: record.configuration)?.object else {
            throw JournalError(.badData, "the learned optimizer \(record.name) has no configuration")
        }
        let optimizer = OptimizerFactory.learned(LearnedOptimizerSpec(settings: Settings(settings)))
        let wanted = optimizer.metaParameters.map(\.shape.sizes)
        guard wanted == record.weights.map(\.shape) else {
            throw JournalError(
                .badData,
                "the weights of the learned optimizer \(record.name) have the shapes \(record.weights.map(\.shape)), "
                    + "and its configuration asks for \(wanted)")
        }
        self.optimizer = optimizer
        weights = record.weights
    }

    /// All weights, one tensor after the other, rounded where they were learned in a higher precision.
    func metaParameters<Scalar: TensorScalar>(as type: Scalar.Type) -> [Scalar] {
        weights.flatMap(\.doubles).map { Scalar($0) }
    }
}

extension LearnedOptimizerRecord {
    /// What a meta-training came to.
    ///
    /// - Parameter experiment: the name by which the journal's learned optimizers are found.
    init<Scalar>(
        _ outcome: MetaTrainingTrial<Scalar>.Outcome, of spec: MetaTrainingSpec, experiment: String
    ) {
        self.init(
            name: experiment, kind: spec.optimizer.kind, configuration: spec.optimizer.settings.json.canonicalText,
            evaluationLoss: outcome.evaluationLoss, weights: outcome.metaParameters.map(StoredTensor.init))
    }
}

extension StoredTensor {
    init(_ tensor: NamedTensor) {
        guard let type = ElementType(rawValue: tensor.elementType) else {
            preconditionFailure("the journal has no element type \(tensor.elementType)")
        }
        self.init(name: tensor.name, shape: tensor.shape, elementType: type, bytes: tensor.bytes)
    }
}
