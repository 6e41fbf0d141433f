import Datasets
import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Meta-training on datasets that are drawn")
struct DatasetDrawTests {
    private static func noise(seed: UInt64, shape: [Int] = [2, 3]) -> Dataset {
        var stream = RandomStream(RandomKey(seed: seed))
        let features = shape.reduce(1, *)
        let images = (0..<30 * features).map { _ in UInt8(stream.index(below: 256)) }
        let split = Split(features: features, images: images, labels: (0..<30).map { UInt8($0 % 3) })
        return Dataset(
            name: "noise-\(seed)", origin: .synthetic(seed: seed), checksum: "", classes: 3, shape: shape,
            training: split, test: split)
    }

    /// The meta-losses of each epoch of an optimizer that is kept from learning.
    private func metaLosses(_ datasets: [Dataset], _ estimation: MetaGradientEstimation) throws -> [Double] {
        let training = MetaTrainingTrial<Float>(
            family: ClassificationFamily(
                datasets: DatasetPool(datasets), architecture: .fixed([2]), activation: .tanh, initialization: .glorot,
                batchSize: 4),
            optimizer: RecurrentOptimizer(layers: [], inputs: .identity, outputScale: 0.1),
            settings: MetaTrainingSettings(
                EpochSchedule(epochs: 16, epochLength: 4, unrollLength: 4),
                metaOptimizer: MetaOptimizer(
                    GradientDescent(learningRate: 1e-40)),
                estimation: estimation, gradientClip: nil, averaging: 0, evaluationEvery: 16, evaluationEpochs: 1))
        let record = Record()
        _ = try training.run(seed: 1, record.context())
        return record.points(.metaLoss)
    }

    /// The compiled unroll is kept from epoch to epoch where parameters are alike; which dataset it sees is not.
    @Test(arguments: [
        MetaGradientEstimation.truncatedBackpropagation(secondDerivatives: false),
        .persistentEvolutionStrategies(deviation: 0.01, pairs: 2),
    ]) func eachEpochLearnsOnTheDatasetThatItDraws(_ estimation: MetaGradientEstimation) throws {
        for other in [Self.noise(seed: 2), Self.noise(seed: 2, shape: [3, 3])] {
            let datasets = [Self.noise(seed: 1), other]
            let alone = try datasets.map { try metaLosses([$0], estimation) }
            let drawn = try metaLosses(datasets, estimation)
            let keys = (0..<UInt64(16)).map { RandomKey(seed: 1).derived("epoch", $0) }
            let draws = keys.map(DatasetPool(datasets).index)
            #expect(Set(draws) == [0, 1])
            for (epoch, draw) in draws.enumerated() {
                #expect(drawn[epoch] == alone[draw][epoch])
                #expect(drawn[epoch] != alone[1 - draw][epoch])
            }
        }
    }
}
