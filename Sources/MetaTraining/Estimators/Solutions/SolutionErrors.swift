/// The errors of an unroll by which the damping learns: how little each step but the last lowers the loss, on its own
/// minibatch and on the next one (Chen, Lu and Fokoue 2018, equation 6).
struct SolutionErrors {
    /// The mean of the loss after a step on its own minibatch and of that on the next one, less the loss before it.
    private let errors: [Double]
    /// How much each counts: their softmax, through which no derivative goes.
    let weights: [Double]

    /// - Parameters:
    ///   - before: the loss before each step, on the step's minibatch.
    ///   - after: the loss after each step but the last, on the same minibatch.
    init(before: [Double], after: [Double]) {
        errors = after.indices.map { (after[$0] + before[$0 + 1]) / 2 - before[$0] }
        let largest = errors.max() ?? 0
        // Taken apart into an integer and a small rest, so that the C library's exponential, which may differ from machine
        // to machine, has no part in results.
        let exponentials = errors.map { Self.exponential($0 - largest) }
        let sum = exponentials.reduce(0, +)
        weights = exponentials.map { $0 / sum }
    }

    /// The mean by the weights.
    var mean: Double { zip(errors, weights).reduce(0) { $0 + $1.0 * $1.1 } }

    /// eˣ for x ≤ 0: the series of a 1024th of it, squared ten times.
    private static func exponential(_ x: Double) -> Double {
        guard x > -700 else { return x.isNaN ? x : 0 }
        let small = x / 1024
        var (term, sum) = (1.0, 1.0)
        for index in 1...16 {
            term *= small / Double(index)
            sum += term
        }
        for _ in 0..<10 { sum *= sum }
        return sum
    }
}
