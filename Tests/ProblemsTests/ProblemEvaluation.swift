import Problems
import TensorEngine
import Testing

/// A problem's loss and gradients in `Double`, where and on what a test says.
struct ProblemEvaluation {
    let problem: Problem
    let plan: Plan<Double>

    init(_ problem: Problem) {
        self.problem = problem
        let shapes = problem.parameters.map(\.shape)
        plan = Plan(
            .tracing(shapes + problem.data.shapes(of: .minibatch(step: 0))) { inputs in
                let parameters = Array(inputs.prefix(shapes.count))
                let batch = Array(inputs.dropFirst(shapes.count))
                let loss = problem.objective.loss(ObjectiveInputs(parameters, batch: batch))
                return [loss] + gradient(of: loss, withRespectTo: parameters)
            })
    }

    init(_ function: any FunctionObjective) { self.init(Problem(function)) }

    init<Whole: Objective & DataSource>(_ whole: Whole) { self.init(Problem(whole)) }

    /// - Parameters:
    ///   - parameters: the elements of each.
    ///   - data: the elements of each of the problem's data.
    func callAsFunction(_ parameters: [[Double]], data: [[Double]] = []) -> (loss: Double, gradients: [[Double]]) {
        let results = plan(parameters + data)
        return (results[0][0], Array(results.dropFirst()))
    }

    /// The parameters that a trial starts from.
    func initialParameters(seed: UInt64 = 1) -> [[Double]] {
        problem.objective.initialParameters(RandomKey(seed: seed))
    }

    /// The data of a batch.
    func data(_ batch: Batch = .minibatch(step: 0), seed: UInt64 = 1) -> [[Double]] {
        let buffers = problem.data.shapes(of: batch).map { ElementBuffer<Double>(count: $0.count) }
        problem.data.fill(buffers.map(TensorElements.init), batch, key: RandomKey(seed: seed))
        return buffers.map(\.elements)
    }

    /// Compares every derivative with a central difference.
    ///
    /// - Parameter spread: what is added to the initial parameters, as its standard deviation.
    func checkGradients(
        spread: Double = 0.3, tolerance: Double = 1e-6, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var stream = RandomStream(RandomKey(seed: 17))
        let start = initialParameters().map { $0.map { $0 + spread * stream.normal() } }
        let data = data()
        let gradients = self(start, data: data).gradients
        let step = 1e-6
        for (index, values) in start.enumerated() {
            for element in values.indices {
                func loss(_ move: Double) -> Double {
                    var moved = start
                    moved[index][element] += move
                    return self(moved, data: data).loss
                }
                let difference = (loss(step) - loss(-step)) / (2 * step)
                let found = gradients[index][element]
                #expect(
                    abs(found - difference) <= tolerance * max(1, abs(found)), sourceLocation: sourceLocation)
            }
        }
    }
}

extension Objective {
    /// The parameters that a trial starts from.
    func initialParameters(_ key: RandomKey) -> [[Double]] {
        let buffers = parameters.map { ElementBuffer<Double>(count: $0.shape.count) }
        // What isn't written shows.
        for buffer in buffers { TensorElements(buffer).fill(.nan) }
        initialize(buffers.map(TensorElements.init), key: key)
        return buffers.map(\.elements)
    }
}
