import TensorEngine
import TestSupport
import Testing

@testable import Problems

@Suite("Squared error of classifications")
struct SquaredErrorTests {
    private let student = Student(inputs: 3, hidden: [4], classes: 2, activation: .tanh, initialization: .glorot)
    private let images = figureNoise(15, salt: 1)
    private let labels = [1.0, 0, 0, 1, 0, 1, 1, 0, 0, 1]

    private var parameters: [[Double]] {
        student.parameters.enumerated().map { figureNoise($1.shape.count, salt: UInt64(10 + $0)) }
    }

    private var shapes: [Shape] { student.parameters.map(\.shape) }

    /// Logits and loss, and the loss's gradient.
    private func evaluate(_ parameters: [[Double]]) -> [[Double]] {
        let plan = Plan<Double>(
            .tracing(shapes + [[5, 3], [5, 2]]) { inputs in
                let variables = Array(inputs[..<2])
                let objective = Classification(student, loss: .squaredError)
                let loss = objective.loss(ObjectiveInputs(variables, batch: Array(inputs[2...])))
                return [student.logits(variables, inputs[2]), loss] + gradient(of: loss, withRespectTo: variables)
            })
        return plan(parameters + [images, labels])
    }

    @Test func lossIsHalfTheMeanSquaredDistance() {
        let found = evaluate(parameters)
        let expected = zip(found[0], labels).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2 / 5
        #expect(abs(found[1][0] - expected) < 1e-14)
    }

    @Test func gradientAgreesWithDifferences() {
        let found = evaluate(parameters)
        for index in 0..<2 {
            for element in parameters[index].indices {
                func loss(_ move: Double) -> Double {
                    var moved = parameters
                    moved[index][element] += move
                    return evaluate(moved)[1][0]
                }
                #expect(abs(found[2 + index][element] - (loss(1e-5) - loss(-1e-5)) / 2e-5) < 1e-8)
            }
        }
    }

    /// Of a network that is linear in its weights the Gauss-Newton matrix is the Hessian, which central differences of the
    /// gradient give; of any network it is Jᵀ J / batch, with J by central differences of the outputs.
    @Test func gaussNewtonProduct() {
        for student in [Student(inputs: 3, hidden: [], classes: 2), student] {
            let shapes = student.parameters.map(\.shape)
            let objective = Classification(student, loss: .squaredError)
            #expect(objective.isLossConvex)
            let plan = Plan<Double>(
                .tracing(shapes + shapes + [[5, 3], [5, 2]]) { all in
                    let variables = Array(all[..<shapes.count])
                    let inputs = ObjectiveInputs(variables, batch: Array(all.suffix(2)))
                    let gradients = gradient(of: objective.loss(inputs), withRespectTo: variables)
                    let product = Curvature(objective, inputs).gaussNewtonProduct(
                        Array(all[shapes.count...].prefix(shapes.count)))
                    return [student.logits(variables, all[all.count - 2])] + gradients + product
                })
            let start = shapes.enumerated().map { figureNoise($1.count, salt: UInt64(10 + $0)) }
            let direction = shapes.enumerated().map { figureNoise($1.count, salt: UInt64(20 + $0)) }
            func at(_ move: [[Double]], _ step: Double) -> [[Double]] {
                let moved = zip(start, move).map { zip($0, $1).map { $0 + step * $1 } }
                return plan(moved + direction + [images, labels])
            }
            func slopes(along move: [[Double]]) -> [[Double]] {
                zip(at(move, 1e-5), at(move, -1e-5)).map { zip($0, $1).map { ($0 - $1) / 2e-5 } }
            }
            let product = at(direction, 0).suffix(shapes.count).flatMap(\.self)
            let along = slopes(along: direction)
            var expected: [Double] = []
            for index in shapes.indices {
                for element in 0..<shapes[index].count {
                    var unit = shapes.map { [Double](repeating: 0, count: $0.count) }
                    unit[index][element] = 1
                    expected.append(zip(slopes(along: unit)[0], along[0]).reduce(0) { $0 + $1.0 * $1.1 } / 5)
                }
            }
            #expect(largestError(product, expected) < 1e-7)
            if student.hidden.isEmpty {
                #expect(largestError(product, along[1...shapes.count].flatMap(\.self)) < 1e-7)
            }
        }
    }

    /// The largest output is the answer, and rows that fill up a chunk count for nothing.
    @Test func scores() {
        let student = Student(inputs: 2, hidden: [], classes: 2)
        let plan = Plan<Double>(
            .tracing([[3, 2], [3, 2], [3, 2]]) { inputs in
                let objective = Classification(student, loss: .squaredError)
                let batch = Array(inputs[1...])
                return objective.scores(
                    objective.evaluate(ObjectiveInputs([inputs[0]], batch: batch)).outputs, batch: batch
                ).map(\.sum)
            })
        // The weights hand the inputs through.
        let found = plan([[1, 0, 0, 1, 0, 0], [2, 1, 0.5, 3, 7, 8], [1, 0, 1, 0, 0, 0]])
        #expect(found == [[0.5 * (1 + 1) + 0.5 * (0.25 + 9)], [1]])
    }
}
