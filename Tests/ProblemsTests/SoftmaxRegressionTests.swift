import Datasets
import TensorEngine
import Testing

@testable import Problems

/// Students without hidden layers, and weights that are drawn layer by layer.
@Suite struct SoftmaxRegressionTests {
    private let regression = Student(inputs: 6, hidden: [], classes: 3)

    @Test func isOneMatrix() {
        #expect(regression.description == "6-3")
        #expect(regression.parameters.map(\.name) == ["dense1/weight"])
        ProblemEvaluation(Problem.classification(dataset: SmallDataset.make(), student: regression, batchSize: 3))
            .checkGradients(tolerance: 1e-7)
    }

    @Test func teachersLookAtItsOnlyLayer() throws {
        let observable = try #require(regression.observable(loss: .squaredError))
        let plan = Plan<Double>(
            .tracing([[7, 3], [4, 6], [4, 3]]) { inputs in
                observable.localState(
                    LocalFeature.allCases, ofExamples: false, parameters: [inputs[0]], batch: Array(inputs[1...]))
            })
        let labels = [1.0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]
        let state = plan([figureNoise(21, salt: 1), figureNoise(24, salt: 2), labels])[0]
        #expect(state.count == 21 * LocalFeature.allCases.reduce(0) { $0 + $1.rows(ofExamples: false) })
        #expect(state.allSatisfy { $0.isFinite })
    }

    @Test func mayBeDrawnBesideDeeperOnes() {
        let architecture = Architecture.random(layers: 0...2, units: 3...5)
        let drawn = (0..<300).map { architecture.hiddenLayers(RandomKey(seed: $0)) }
        for depth in 0...2 { #expect(abs(drawn.count { $0.count == depth } - 100) < 33) }
    }

    @Test func hasNoHiddenLayersToDropOut() {
        let dropout = StudentHyperparameter.dropout.tunable(hiddenLayers: 0)
        #expect(dropout.layers == 0...0)
        let family = ClassificationFamily(
            datasets: DatasetPool([SmallDataset.make()]), architecture: .fixed([]), activation: .relu,
            initialization: .glorot, batchSize: 2)
        let tunable = family.problem(RandomKey(seed: 1)).tunable
        #expect(tunable?.tunableHyperparameters.first { $0.kind == "dropout" } == dropout)
    }

    @Test func weightsAreDrawnLayerByLayer() {
        let layers = [
            Student.Initialization.Layer(deviation: 0.5), .init(deviation: 0, bias: 0.1),
            .init(deviation: 2, bias: -1),
        ]
        let dense = Student(inputs: 200, hidden: [50, 20], classes: 10, initialization: .byLayer(layers))
        let convolutional = ConvolutionalStudent(
            images: .channelsLast(height: 8, width: 8, channels: 3), convolutions: [.init(size: 5, channels: 32)],
            hidden: [.init(units: 20)], classes: 10, initialization: .byLayer(layers))
        func spread(_ values: ArraySlice<Double>) -> Double {
            (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
        }
        let drawn = Classification(dense).initialParameters(RandomKey(seed: 2))
        #expect(abs(spread(drawn[0].prefix(10_000)) - 0.5) < 0.02 && drawn[0].suffix(50).allSatisfy { $0 == 0 })
        #expect(drawn[1].prefix(1000).allSatisfy { $0 == 0 } && drawn[1].suffix(20).allSatisfy { $0 == 0.1 })
        #expect(abs(spread(drawn[2].prefix(200)) - 2) < 0.4 && drawn[2].suffix(10).allSatisfy { $0 == -1 })
        let kernels = Classification(convolutional).initialParameters(RandomKey(seed: 2))
        #expect(abs(spread(kernels[0][...]) - 0.5) < 0.03 && kernels[1].allSatisfy { $0 == 0 })
        #expect(kernels[2].suffix(20).allSatisfy { $0 == 0.1 } && kernels[3].suffix(10).allSatisfy { $0 == -1 })
    }
}
