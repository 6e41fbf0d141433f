import TensorEngine

/// The mean of ½‖A x − b‖² + λ‖x‖₁ over a batch of problems, each with its own x, A and b: sparse recovery, as in the
/// benchmark of Chen et al. 2022, "Learning to Optimize: A Primer and A Benchmark", section 5.
///
/// A is normal with columns of length 1. b is A x*, without noise, where an element of x* is standard normal with
/// probability `sparsity`, else 0. x starts normal with standard deviation 0.01, as in the benchmark's code, Open-L2O.
/// That evaluates on problems in files which all runs share, and draws some of those it trains on in other ways (A and b
/// uniform); here each trial's key draws a batch of its own, always in this way.
public struct Lasso: Problem {
    public let batchSize: Int
    /// The length of b: the rows of A.
    public let observations: Int
    /// The length of x: the columns of A.
    public let dimensions: Int
    /// λ
    public let regularization: Double
    public let sparsity: Double

    public init(
        batchSize: Int = 128, observations: Int = 25, dimensions: Int = 50, regularization: Double = 0.005,
        sparsity: Double = 0.1
    ) {
        self.batchSize = batchSize
        self.observations = observations
        self.dimensions = dimensions
        self.regularization = regularization
        self.sparsity = sparsity
    }

    public var parameters: [Parameter] { [Parameter("x", [batchSize, dimensions])] }

    /// A and b.
    public func dataShapes(examples: Int?) -> [Shape] {
        [[batchSize, observations, dimensions], [batchSize, observations]]
    }

    public func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor {
        let x = parameters[0]
        let product = data[0].matrixProduct(x.reshaped([batchSize, dimensions, 1]))
        let residual = product - data[1].reshaped([batchSize, observations, 1])
        let total = residual.squared().sum() * 0.5 + x.absoluteValue().sum() * regularization
        return total * (1 / Double(batchSize))
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        var stream = RandomStream(key.derived("initial parameters"))
        stream.fillNormal(
            UnsafeMutableBufferPointer(start: parameters, count: batchSize * dimensions), deviation: 0.01)
    }

    public func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {
        var stream = RandomStream(key.derived("lasso"))
        let size = observations * dimensions
        for problem in 0..<batchSize {
            // In double precision to the end, so that both precisions see the same problem.
            var matrix = (0..<size).map { _ in stream.normal() }
            var observed = [Double](repeating: 0, count: observations)
            for column in 0..<dimensions {
                let rows = stride(from: column, to: size, by: dimensions)
                let length = rows.reduce(0) { $0 + matrix[$1] * matrix[$1] }.squareRoot()
                let isNonzero = stream.uniform() < sparsity
                let solution = stream.normal() * (isNonzero ? 1 : 0)
                for (row, index) in rows.enumerated() {
                    matrix[index] /= length
                    observed[row] += matrix[index] * solution
                }
            }
            for index in 0..<size { data[0][problem * size + index] = Scalar(matrix[index]) }
            for row in 0..<observations { data[1][problem * observations + row] = Scalar(observed[row]) }
        }
    }
}
