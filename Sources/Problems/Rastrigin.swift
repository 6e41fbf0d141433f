import TensorEngine

/// The mean of ½‖A x − b‖² − α cᵀcos(2πx) + αn over a batch of problems of n dimensions, each with its own x, A, b and
/// c: the Rastrigin-like functions of Chen et al. 2022, "Learning to Optimize: A Primer and A Benchmark", section 5.
/// They have many local minima.
///
/// A, b and c are standard normal, and so is x at the start, as in the benchmark's code, Open-L2O; there a problem is a
/// file that all runs share, here each trial's key draws a batch of its own. With A the identity times √2, b = 0 and
/// c = 1 this is Rastrigin's own function. As c may be negative, so may the loss.
public struct Rastrigin: Problem {
    public let batchSize: Int
    public let dimensions: Int
    public let alpha: Double

    public init(batchSize: Int = 128, dimensions: Int = 10, alpha: Double = 10) {
        self.batchSize = batchSize
        self.dimensions = dimensions
        self.alpha = alpha
    }

    public var parameters: [Parameter] { [Parameter("x", [batchSize, dimensions])] }

    /// A, b and c.
    public func dataShapes(examples: Int?) -> [Shape] {
        [[batchSize, dimensions, dimensions], [batchSize, dimensions], [batchSize, dimensions]]
    }

    public func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor {
        let x = parameters[0]
        let column: Shape = [batchSize, dimensions, 1]
        let residual = data[0].matrixProduct(x.reshaped(column)) - data[1].reshaped(column)
        let waves = (data[2] * (x * (2 * Double.pi)).cosine()).sum()
        let total = residual.squared().sum() * 0.5 - waves * alpha
        return total * (1 / Double(batchSize)) + alpha * Double(dimensions)
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        var stream = RandomStream(key.derived("initial parameters"))
        stream.fillNormal(UnsafeMutableBufferPointer(start: parameters, count: batchSize * dimensions))
    }

    public func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {
        var stream = RandomStream(key.derived("rastrigin"))
        for (pointer, shape) in zip(data, dataShapes(examples: examples)) {
            stream.fillNormal(UnsafeMutableBufferPointer(start: pointer, count: shape.count))
        }
    }
}
