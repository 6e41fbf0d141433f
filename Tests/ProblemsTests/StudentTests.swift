import Problems
import TensorEngine
import TestSupport
import Testing

@Suite("Students agree with float64 figures")
struct StudentTests {
    private func figures<Scalar: TensorScalar>(
        as type: Scalar.Type, _ outputs: (Student, [Tensor], [Tensor], [Tensor]) -> [Tensor]
    ) throws -> [[Double]] {
        let figures = try ReferenceFigures("student", in: .module)
        let inputs = figures["inputs"].tensor
        let labels = figures["labels"].numbers.map { Int($0) }
        let weights = figures["weights"].items.map(\.tensor)
        let directions = figures["direction"].items.map(\.tensor)
        let student = Student(inputs: 4, hidden: [5], classes: 3)
        #expect(student.parameters.map(\.shape.sizes) == weights.map(\.shape))
        var oneHot = [Double](repeating: 0, count: labels.count * 3)
        for (row, label) in labels.enumerated() { oneHot[row * 3 + label] = 1 }
        let shapes = weights.map { Shape($0.shape) }
        let plan = Plan<Scalar>(
            .tracing(shapes + shapes + [[6, 4], [6, 3]]) { all in
                outputs(student, Array(all[0..<2]), Array(all[2..<4]), Array(all[4...]))
            })
        return plan(
            (weights.map(\.values) + directions.map(\.values) + [inputs.values, oneHot]).map { $0.map { Scalar($0) } }
        ).map { $0.map(Double.init) }
    }

    private func check<Scalar: TensorScalar>(as type: Scalar.Type, tolerance: Double) throws {
        let reference = try ReferenceFigures("student", in: .module)
        let found = try figures(as: type) { student, weights, directions, data in
            let (objective, inputs) = (Classification(student), ObjectiveInputs(weights, batch: data))
            let (loss, curvature) = (objective.loss(inputs), Curvature(objective, inputs))
            return [student.logits(weights, data[0]), loss] + gradient(of: loss, withRespectTo: weights)
                + curvature.hessianProduct(directions) + curvature.gaussNewtonProduct(directions)
        }
        #expect(largestError(found[0], reference["logits"].tensor.values) < tolerance)
        #expect(abs(found[1][0] - reference["loss"].number) < tolerance)
        let expected = ["gradients", "hessianVectorProduct", "gaussNewtonVectorProduct"].flatMap {
            reference[$0].items.map(\.tensor.values)
        }
        #expect(largestError(Array(found.dropFirst(2)), expected) < tolerance)
    }

    @Test func inDouble() throws { try check(as: Double.self, tolerance: 1e-9) }
    @Test func inFloat() throws { try check(as: Float.self, tolerance: 1e-4) }

    @Test func initialWeightsHaveTheirDeviations() {
        for (initialization, deviation) in [(Student.Initialization.paper, 0.01), (.glorot, (2.0 / 804).squareRoot())] {
            let student = Student(inputs: 784, hidden: [20], classes: 10, initialization: initialization)
            let weights = Classification(student).initialParameters(RandomKey(seed: 3))[0]
            let first = weights[0..<784 * 20]
            let variance = first.map { $0 * $0 }.reduce(0, +) / Double(first.count)
            #expect(abs(variance.squareRoot() / deviation - 1) < 0.03)
            let biases = weights[784 * 20..<785 * 20]
            #expect(biases.allSatisfy { $0 == 0 } == (initialization == .glorot))
        }
    }

    @Test func architecturesAreDrawnWithinTheirBounds() {
        let architecture = Architecture.random(layers: 1...4, units: 3...5)
        let drawn = (0..<300).map { architecture.hiddenLayers(RandomKey(seed: $0)) }
        #expect(Set(drawn.map(\.count)) == [1, 2, 3, 4])
        #expect(Set(drawn.flatMap { $0 }) == [3, 4, 5])
        #expect(drawn == (0..<300).map { architecture.hiddenLayers(RandomKey(seed: $0)) })
    }
}
