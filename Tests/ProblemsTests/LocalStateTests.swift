import Datasets
import Foundation
import Problems
import TensorEngine
import Testing

@Suite("What is known of each weight where it stands")
struct LocalStateTests {
    private static let examples = 5
    private let problem: Classification

    init() {
        let split = Split(
            features: 3, images: (0..<3 * 20).map { UInt8(37 * $0 % 256) }, labels: (0..<20).map { UInt8($0 % 4) })
        let dataset = Dataset(
            name: "stripes", origin: .synthetic(seed: 0), checksum: "", classes: 4, shape: [1, 3], training: split,
            test: split)
        problem = Classification(
            dataset: dataset, student: Student(inputs: 3, hidden: [2, 6], classes: 4, activation: .tanh),
            batchSize: Self.examples)
    }

    /// For each weight matrix, the rows of one feature, and the gradient.
    private func state(_ feature: LocalFeature, _ parameters: [[Double]]) -> (rows: [[[Double]]], gradients: [[Double]]) {
        let shapes = problem.parameters.map(\.shape)
        let plan = Plan<Double>(
            .tracing(shapes + problem.dataShapes(examples: nil)) { inputs in
                let parameters = Array(inputs.prefix(3))
                let data = Array(inputs.dropFirst(3))
                let loss = problem.loss(parameters, data: data)
                return problem.localState([feature], parameters: parameters, data: data)
                    + gradient(of: loss, withRespectTo: parameters)
            })
        let results = plan(parameters + ProblemEvaluation(problem).data())
        let rows = zip(results.prefix(3), shapes).map { values, shape in
            #expect(values.count == feature.rows * shape.count)
            return (0..<feature.rows).map { Array(values[$0 * shape.count..<($0 + 1) * shape.count]) }
        }
        return (rows, Array(results.suffix(3)))
    }

    private func parameters() -> [[Double]] {
        var stream = RandomStream(RandomKey(seed: 3))
        return problem.parameters.map { parameter in (0..<parameter.shape.count).map { _ in stream.normal() } }
    }

    private func close(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
    }

    /// The gradient of an output neuron's weight is input times (softmax minus target), so a teacher can find it.
    @Test func productsAndTargetsHoldTheGradientOfTheOutputLayer() {
        let parameters = parameters()
        let products = state(.products, parameters)
        let targets = state(.target, parameters)
        let difference = zip(products.rows[2][0], targets.rows[2][1]).map { $0 - $1 }
        #expect(close(difference, products.gradients[2]))
        #expect(targets.rows[2][2].allSatisfy { $0 == 1 })
        #expect(targets.rows[0].allSatisfy { $0.allSatisfy { $0 == 0 } })
    }

    /// By hand, from the network's definition.
    @Test func theFirstLayerSeesItsInputsAndOutputs() {
        let parameters = parameters()
        let data = ProblemEvaluation(problem).data()
        let images = (0..<Self.examples).map { Array(data[0][3 * $0..<3 * $0 + 3]) + [1] }
        let outputs = images.map { image in
            (0..<2).map { unit in
                let sum = (0..<4).reduce(0) { $0 + image[$1] * parameters[0][2 * $1 + unit] }
                return Foundation.tanh(sum)
            }
        }
        func each(_ value: (Int, Int, Int) -> Double) -> [Double] {
            (0..<4).flatMap { input in
                (0..<2).map { unit in
                    (0..<Self.examples).reduce(0) { $0 + value($1, input, unit) } / Double(Self.examples)
                }
            }
        }
        #expect(close(state(.input, parameters).rows[0][0], each { images[$0][$1] + 0 * Double($2) }))
        #expect(close(state(.output, parameters).rows[0][0], each { outputs[$0][$2] + 0 * Double($1) }))
        let products = state(.products, parameters).rows[0]
        #expect(close(products[0], each { images[$0][$1] * outputs[$0][$2] }))
        // Losses are relative to their mean, so that those of the bias, whose input is 1, are 0.
        #expect(products[1].suffix(2).allSatisfy { abs($0) < 1e-5 })
        let loss = ProblemEvaluation(problem)(parameters, data: data).loss
        #expect(state(.loss, parameters).rows.allSatisfy { $0[0].allSatisfy { abs($0 - loss) < 1e-12 } })
    }

    @Test func placesTellLayersApart() {
        let places = state(.place, parameters()).rows.map { rows in rows.map { $0[0] } }
        #expect(places.map { $0[0] } == [0, 0.5, 1])
        // log2 of fan-in and fan-out in tenths, exact for powers of two.
        #expect(places[1][1] == 0.1)
        #expect(places[2][2] == 0.2)
        let tanh = Activation.allCases.firstIndex(of: .tanh)!
        #expect(places.map { $0[3 + tanh] } == [1, 1, 0])
        #expect(places.map { $0[3...].reduce(0, +) } == [1, 1, 0])
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
        #expect(Quadratic(batchSize: 2, dimensions: 3).localFeatures.isEmpty)
    }
}
