import TensorEngine

/// The mean of ‖W θ − y‖² over a batch of problems, each with its own θ (Andrychowicz et al. 2016, section 3.1).
///
/// W and y are uniform in [0, 1), and θ starts normal with standard deviation 0.01, as in the original's code.
public struct Quadratic: Problem {
    public let batchSize: Int
    public let dimensions: Int

    public init(batchSize: Int = 128, dimensions: Int = 10) {
        self.batchSize = batchSize
        self.dimensions = dimensions
    }

    public var parameters: [Parameter] { [Parameter("x", [batchSize, dimensions])] }

    public func dataShapes(examples: Int?) -> [Shape] {
        [[batchSize, dimensions, dimensions], [batchSize, dimensions]]
    }

    public func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor {
        let column: Shape = [batchSize, dimensions, 1]
        let residual = data[0].matrixProduct(parameters[0].reshaped(column)) - data[1].reshaped(column)
        return residual.squared().sum() * (1 / Double(batchSize))
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        var stream = RandomStream(key.derived("initial parameters"))
        stream.fillNormal(
            UnsafeMutableBufferPointer(start: parameters, count: batchSize * dimensions), deviation: 0.01)
    }

    public func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {
        var stream = RandomStream(key.derived("quadratic"))
        for (pointer, shape) in zip(data, dataShapes(examples: examples)) {
            for index in 0..<shape.count { pointer[index] = Scalar(stream.uniform()) }
        }
    }
}
