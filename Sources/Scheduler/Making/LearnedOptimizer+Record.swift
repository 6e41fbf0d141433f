import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Optimizers
import Registry
import TensorEngine
import TrialKinds

extension LearnedOptimizer {
    /// - Throws: ``JournalError`` where the record's configuration is none, or its weights are not what it asks for.
    init(_ record: LearnedOptimizerRecord, _ registry: Registry) throws {
        let settings: LearnedOptimizerSpec
        do {
            settings = try LearnedOptimizerSpec(
                record.configuration, file: "the configuration of the learned optimizer \(record.name)",
                vocabulary: registry.vocabulary)
        } catch {
            throw JournalError(.badData, error.faults.map(\.description).joined(separator: "\n"))
        }
        let optimizers = registry.optimizers(settings)
        self.init(
            spec: settings, optimizers: optimizers,
            weights: try Self.arrange(record.weights, as: optimizers.metaParameters, of: record.name))
    }

    /// The weights in the order of the parameters, found by their names.
    private static func arrange(
        _ weights: [NamedTensor], as parameters: [Parameter], of name: String
    ) throws -> [NamedTensor] {
        let byName = Dictionary(weights.map { ($0.name, $0) }) { first, _ in first }
        let arranged = parameters.compactMap { byName[$0.name] }
        let fits =
            arranged.map(\.shape) == parameters.map(\.shape.sizes) && weights.count == parameters.count
        guard fits else {
            func list(_ tensors: [(String, [Int])]) -> String {
                tensors.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            }
            throw JournalError(
                .badData,
                "the weights of the learned optimizer \(name) are \(list(weights.map { ($0.name, $0.shape) })), "
                    + "and its configuration asks for \(list(parameters.map { ($0.name, $0.shape.sizes) }))")
        }
        return arranged
    }
}

extension NamedTensor {
    /// Its name, type and elements, to be hashed. (The shape follows from the optimizer's settings.)
    var json: JSONValue {
        [.string(name), .string(elementType.rawValue), .string(bytes.base64EncodedString())]
    }
}
