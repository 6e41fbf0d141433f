import Formats
import TensorEngine

/// The mean of ½‖A x − b‖² + λ‖x‖₁ over a batch of problems, each with its own x, A and b: sparse recovery, as in the
/// benchmark of Chen et al. 2022, "Learning to Optimize: A Primer and A Benchmark", section 5.
///
/// A is normal with columns of length 1. b is A x*, without noise, where an element of x* is standard normal with
/// probability `sparsity`, else 0. x starts normal with standard deviation 0.01, as in the benchmark's code, Open-L2O.
/// That evaluates on problems in files which all runs share, and draws some of those it trains on in other ways (A and b
/// uniform); here each trial's key draws a batch of its own, always in this way.
public struct Lasso: Objective, DataSource {
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
    public func shapes(of batch: Batch) -> [Shape] {
        [[batchSize, observations, dimensions], [batchSize, observations]]
    }

    public var isLossConvex: Bool { true }

    public var outputCount: Int { 2 }

    /// A x − b, and x.
    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let x = inputs.parameters[0]
        let product = inputs.batch[0].matrixProduct(x.reshaped([batchSize, dimensions, 1]))
        return ObjectiveOutputs([product - inputs.batch[1].reshaped([batchSize, observations, 1]), x])
    }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor {
        let total = outputs[0].squared().sum() * 0.5 + outputs[1].absoluteValue().sum() * regularization
        return total * (1 / Double(batchSize))
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        var stream = RandomStream(key.derived("initial parameters"))
        parameters[0].fillNormal(&stream, deviation: 0.01)
    }

    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
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
            for index in 0..<size { tensors[0][problem * size + index] = Scalar(matrix[index]) }
            for row in 0..<observations { tensors[1][problem * observations + row] = Scalar(observed[row]) }
        }
    }
}

extension ProblemKind {
    public static let lasso = ProblemKind(
        "lasso", "½‖Ax - b‖² + λ‖x‖₁ with random A and b = Ax* of a sparse x* (Chen et al. 2022).",
        fields: [
            .batchSize, .dimensions(50, "The length of x."),
            Field("observations", .number(.whole(1...10_000)), default: 25, "The length of b."),
            Field("regularization", .number(.nonNegative), default: 0.005, "λ."),
            Field("sparsity", .number(.share), default: 0.1, "The share of x* that is not 0."),
        ]
    ) { settings in
        Problem(
            Lasso(
                batchSize: settings.integer("batchSize"), observations: settings.integer("observations"),
                dimensions: settings.integer("dimensions"), regularization: settings.number("regularization"),
                sparsity: settings.number("sparsity")))
    }
}
