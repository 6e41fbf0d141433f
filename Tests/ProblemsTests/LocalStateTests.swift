import Datasets
import Foundation
import Problems
import TensorEngine
import Testing

@Suite("What is known of each weight where it stands")
struct LocalStateTests {
    private static let examples = 5
    private let problem: Problem

    init() {
        let split = Split(
            features: 3, images: (0..<3 * 20).map { UInt8(37 * $0 % 256) }, labels: (0..<20).map { UInt8($0 % 4) })
        let dataset = Dataset(
            name: "stripes", origin: .synthetic(seed: 0), checksum: "", classes: 4, shape: [1, 3], training: split,
            test: split)
        problem = Problem.classification(
            dataset: dataset, student: Student(inputs: 3, hidden: [2, 6], classes: 4, activation: .tanh),
            batchSize: Self.examples)
    }

    /// For each weight matrix, the rows of one feature, and the gradient.
    private func state(
        _ feature: LocalFeature, _ parameters: [[Double]], ofExamples: Bool = false
    ) -> (rows: [[[Double]]], gradients: [[Double]]) {
        let shapes = problem.parameters.map(\.shape)
        let plan = Plan<Double>(
            .tracing(shapes + problem.data.shapes(of: .minibatch(step: 0))) { inputs in
                let parameters = Array(inputs.prefix(3))
                let batch = Array(inputs.dropFirst(3))
                let loss = problem.objective.loss(ObjectiveInputs(parameters, batch: batch))
                let observable = problem.observable!
                return observable.localState([feature], ofExamples: ofExamples, parameters: parameters, batch: batch)
                    + gradient(of: loss, withRespectTo: parameters)
            })
        let results = plan(parameters + ProblemEvaluation(problem).data())
        #expect(results.count == 6)
        let count = feature.rows(ofExamples: ofExamples) * (ofExamples ? problem.data.minibatchExamples : 1)
        let rows = zip(results.prefix(3), shapes).map { values, shape in
            #expect(values.count == count * shape.count)
            return (0..<count).map { Array(values[$0 * shape.count..<($0 + 1) * shape.count]) }
        }
        return (rows, Array(results.suffix(3)))
    }

    private func parameters() -> [[Double]] {
        var stream = RandomStream(RandomKey(seed: 3))
        return problem.parameters.map { parameter in (0..<parameter.shape.count).map { _ in stream.normal() } }
    }

    private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < tolerance }
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private func deviation(_ values: [Double]) -> Double {
        let mean = mean(values)
        return self.mean(values.map { ($0 - mean) * ($0 - mean) }).squareRoot()
    }

    /// The batch's images, and what the two units of the first layer make of them, by the network's definition.
    private func firstLayer(_ parameters: [[Double]]) -> (images: [[Double]], outputs: [[Double]]) {
        let data = ProblemEvaluation(problem).data()
        let images = (0..<Self.examples).map { Array(data[0][3 * $0..<3 * $0 + 3]) + [1] }
        let outputs = images.map { image in
            (0..<2).map { unit in
                Foundation.tanh((0..<4).reduce(0) { $0 + image[$1] * parameters[0][2 * $1 + unit] })
            }
        }
        return (images, outputs)
    }

    /// The gradient of an output neuron's weight is the mean of input times (softmax minus target), so a teacher can
    /// find it: at biases as it is, at others that by the input's deviations from its mean.
    @Test func targetsHoldTheGradientOfTheOutputLayer() {
        let parameters = parameters()
        let targets = state(.target, parameters)
        let bias = 6 * 4
        #expect(close(targets.rows[2][2].suffix(4).map { -$0 / 10 }, Array(targets.gradients[2][bias...])))
        let (means, logarithms) = (state(.input, parameters).rows[2][0], state(.input, parameters).rows[2][1])
        for weight in 0..<bias {
            let centred = targets.rows[2][2][weight] / -10 * Foundation.exp(4 * logarithms[weight])
            let gradient = centred + means[weight] * targets.gradients[2][bias + weight % 4]
            #expect(abs(gradient - targets.gradients[2][weight]) < 1e-12)
        }
        #expect(targets.rows[2][0].allSatisfy { $0 == 1 })
        #expect(targets.rows[0].allSatisfy { $0.allSatisfy { $0 == 0 } })
    }

    @Test func theFirstLayerSeesItsInputsAndOutputs() {
        let parameters = parameters()
        let (images, outputs) = firstLayer(parameters)
        let input = state(.input, parameters).rows[0]
        let output = state(.output, parameters).rows[0]
        let products = state(.products, parameters).rows[0]
        for unit in 0..<2 {
            let answers = outputs.map { $0[unit] }
            for position in 0..<3 {
                let (values, weight) = (images.map { $0[position] }, 2 * position + unit)
                #expect(abs(input[0][weight] - mean(values)) < 1e-12)
                #expect(abs(input[1][weight] - log(deviation(values)) / 4) < 1e-9)
                #expect(abs(output[0][weight] - mean(answers)) < 1e-12)
                #expect(abs(output[1][weight] - log(deviation(answers)) / 4) < 1e-9)
                let covariance = mean(zip(values, answers).map { ($0 - mean(values)) * ($1 - mean(answers)) })
                #expect(abs(products[0][weight] - covariance / deviation(values) / deviation(answers)) < 1e-9)
            }
            // A bias's input is 1 and stays it, against what has the mean 0.
            #expect(input[0][6 + unit] == 1 && input[1][6 + unit] == 0)
            #expect(products.prefix(2).allSatisfy { abs($0[6 + unit]) < 1e-12 })
        }
        let loss = ProblemEvaluation(problem)(parameters, data: ProblemEvaluation(problem).data()).loss
        #expect(state(.loss, parameters).rows.allSatisfy { $0[0].allSatisfy { abs($0 - loss) < 1e-12 } })
    }

    /// Correlations are as large in a layer whose values hardly vary as in one where they do.
    @Test func correlationsDoNotDependOnScale() {
        var parameters = parameters()
        let before = state(.products, parameters).rows[2]
        // Half of each weight into the output layer against twice its input.
        let scale = 1e-3
        parameters[1] = parameters[1].map { $0 * scale }
        let after = state(.products, parameters).rows[2]
        #expect(after[1].prefix(24).allSatisfy { abs($0) <= 1 + 1e-9 })
        #expect(after[1].prefix(24).contains { abs($0) > 0.3 } && before[1].prefix(24).contains { abs($0) > 0.3 })
    }

    /// Of single examples, everything is as it is; means over them are those of the minibatch where both tell the same.
    @Test func examplesAreToldOneByOne() {
        let parameters = parameters()
        let (images, outputs) = firstLayer(parameters)
        let input = state(.input, parameters, ofExamples: true).rows[0]
        let products = state(.products, parameters, ofExamples: true).rows[0]
        for example in 0..<Self.examples {
            for weight in 0..<8 {
                let (value, answer) = (images[example][weight / 2], outputs[example][weight % 2])
                #expect(abs(input[example][weight] - value) < 1e-12)
                #expect(abs(products[4 * example][weight] - value * answer) < 1e-12)
            }
        }
        let targets = state(.target, parameters, ofExamples: true)
        let errors = (0..<Self.examples).map { targets.rows[2][3 * $0 + 2] }
        let means = errors[0].indices.map { weight in -mean(errors.map { $0[weight] }) / 10 }
        #expect(close(means, targets.gradients[2]))
        for feature in LocalFeature.allCases {
            _ = state(feature, parameters, ofExamples: true)
        }
    }

    @Test func placesTellLayersApart() {
        let places = state(.place, parameters()).rows.map { rows in rows.map { $0[0] } }
        #expect(places.map { $0[0] } == [0, 0.5, 1])
        // log2 of fan-in and fan-out in tenths, exact for powers of two.
        #expect(places[1][1] == 0.1)
        #expect(places[2][2] == 0.2)
        let tanh = Activation.allCases.firstIndex(of: .tanh)!
        #expect(places.map { $0[4 + tanh] } == [1, 1, 0])
        #expect(places.map { $0[4...].reduce(0, +) } == [1, 1, 0])
        let biases = state(.place, parameters()).rows.map { $0[3] }
        #expect(biases[0] == [0, 0, 0, 0, 0, 0, 1, 1])
        #expect(biases[1].reduce(0, +) == 6 && biases[1].suffix(6).allSatisfy { $0 == 1 })
    }

    @Test func layersAreSummarized() {
        let parameters = parameters()
        let layer = state(.layer, parameters).rows[1]
        let weights = (0..<3).map { Array(parameters[1][6 * $0..<6 * $0 + 6]) }
        for (input, row) in weights.enumerated() {
            let mean = row.reduce(0, +) / 6
            let deviation = (row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6).squareRoot()
            #expect(abs(layer[2][6 * input + 3] - mean) < 1e-12)
            #expect(abs(layer[3][6 * input + 3] - deviation) < 1e-9)
        }
        #expect(Set(layer[0]).count == 1)
    }

    @Test func otherProblemsTellNothing() {
        #expect(Problem(Quadratic(batchSize: 2, dimensions: 3)).localFeatures.isEmpty)
    }
}
