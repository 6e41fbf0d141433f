import Problems
import TensorEngine
import Testing

/// A problem's loss and gradients in `Double`, where and on what a test says.
struct ProblemEvaluation {
    let problem: any Problem
    let plan: Plan<Double>

    init(_ problem: any Problem) {
        self.problem = problem
        let shapes = problem.parameters.map(\.shape)
        plan = Plan(
            .tracing(shapes + problem.dataShapes(examples: nil)) { inputs in
                let parameters = Array(inputs.prefix(shapes.count))
                let loss = problem.loss(parameters, data: Array(inputs.dropFirst(shapes.count)))
                return [loss] + gradient(of: loss, withRespectTo: parameters)
            })
    }

    /// - Parameters:
    ///   - parameters: the elements of each.
    ///   - data: the elements of each of the problem's data.
    func callAsFunction(_ parameters: [[Double]], data: [[Double]] = []) -> (loss: Double, gradients: [[Double]]) {
        let results = plan(parameters + data)
        return (results[0][0], Array(results.dropFirst()))
    }

    /// The parameters that a trial starts from.
    func initialParameters(seed: UInt64 = 1) -> [[Double]] {
        var flat = [Double](repeating: .nan, count: problem.parameters.elementCount)
        problem.initialize(&flat, key: RandomKey(seed: seed))
        return zip(problem.parameters, problem.parameters.offsets).map { Array(flat[$1..<$1 + $0.shape.count]) }
    }

    /// The data of a batch.
    func data(_ batch: Batch = .step(0), examples: Int? = nil, seed: UInt64 = 1) -> [[Double]] {
        let counts = problem.dataShapes(examples: examples).map(\.count)
        let buffers = counts.map { UnsafeMutablePointer<Double>.allocate(capacity: $0) }
        defer { buffers.forEach { $0.deallocate() } }
        problem.fill(buffers, batch: batch, examples: examples, key: RandomKey(seed: seed))
        return zip(buffers, counts).map { Array(UnsafeBufferPointer(start: $0, count: $1)) }
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
