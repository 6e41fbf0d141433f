import TensorEngine

/// One class for each example of a minibatch, drawn by systematic sampling from a single number u (Madow and Madow 1944).
///
/// Example i of n has the point (u + i/n) mod 1, and the first class whose cumulative probability exceeds it. With u
/// uniform, each example's class has its probabilities exactly, and the points of a minibatch are as evenly spread as
/// they can be. Examples of one minibatch are not drawn independently: their order is random, so that means over
/// examples have the expectation that they should.
struct SystematicSample {
    /// `[examples, 1]`
    private let points: Tensor

    /// - Parameter number: u, a scalar from 0 to 1.
    init(examples: Int, number: Tensor) {
        let sums = Tensor.wholeNumbers(examples, like: number) * (1 / Double(examples)) + number
        let isBelowOne = sums.filled(with: 1).isGreater(than: sums)
        points = isBelowOne.select(sums, sums - 1).reshaped([examples, 1])
    }

    /// The classes, one-hot, `[examples, classes]`.
    ///
    /// - Parameter probabilities: `[examples, classes]`; each row sums up to 1.
    func classes(_ probabilities: Tensor) -> Tensor {
        let count = probabilities.shape[1]
        let numbers = Tensor.wholeNumbers(count, like: probabilities)
        let (rows, columns) = (numbers.reshaped([count, 1]), numbers.reshaped([1, count]))
        // Sums over the classes up to each, by a triangular matrix of ones.
        let square: Shape = [count, count]
        let isLater = rows.broadcast(to: square).isGreater(than: columns.broadcast(to: square))
        let sums = probabilities.matrixProduct(1 - isLater)
        let exceeds = sums.isGreater(than: points.broadcast(to: sums.shape))
        // Rounding may leave the last sum below a point near 1.
        let isLast = columns.isEqual(to: columns.filled(with: Double(count - 1)))
        let reached = exceeds.maximum(isLast.broadcast(to: sums.shape))
        guard count > 1 else { return reached }
        let before = Tensor.concatenating(
            [reached.constant(0, shape: [reached.shape[0], 1]), reached.sliced(0..<count - 1, axis: 1)], axis: 1)
        return reached - before
    }
}
