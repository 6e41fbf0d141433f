import Formats
import TensorEngine

/// The mean of ½‖A x − b‖² − α cᵀcos(2πx) + αn over a batch of problems of n dimensions, each with its own x, A, b and
/// c: the Rastrigin-like functions of Chen et al. 2022, "Learning to Optimize: A Primer and A Benchmark", section 5.
/// They have many local minima.
///
/// A, b and c are standard normal, and so is x at the start, as in the benchmark's code, Open-L2O; there a problem is a
/// file that all runs share, here each trial's key draws a batch of its own. With A the identity times √2, b = 0 and
/// c = 1 this is Rastrigin's own function. As c may be negative, so may the loss.
public struct Rastrigin: Objective, DataSource {
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
    public func shapes(of batch: Batch) -> [Shape] {
        [[batchSize, dimensions, dimensions], [batchSize, dimensions], [batchSize, dimensions]]
    }

    /// The cosines make valleys of it.
    public var isLossConvex: Bool { false }

    public var outputCount: Int { 2 }

    /// A x − b, and x.
    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let x = inputs.parameters[0]
        let column: Shape = [batchSize, dimensions, 1]
        return ObjectiveOutputs(
            [inputs.batch[0].matrixProduct(x.reshaped(column)) - inputs.batch[1].reshaped(column), x])
    }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor {
        let waves = (batch[2] * (outputs[1] * (2 * Double.pi)).cosine()).sum()
        let total = outputs[0].squared().sum() * 0.5 - waves * alpha
        return total * (1 / Double(batchSize)) + alpha * Double(dimensions)
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        var stream = RandomStream(key.derived("initial parameters"))
        parameters[0].fillNormal(&stream)
    }

    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        var stream = RandomStream(key.derived("rastrigin"))
        for tensor in tensors { tensor.fillNormal(&stream) }
    }
}

extension ProblemKind {
    public static let rastrigin = ProblemKind(
        "rastrigin", "½‖Ax - b‖² - α cᵀcos(2πx) + αn with random A, b and c (Chen et al. 2022).",
        fields: [
            .batchSize, .dimensions(10, "The length of x, n."),
            Field("alpha", .number(.nonNegative), default: 10, "α: how high the waves are."),
        ]
    ) { settings in
        Problem(
            Rastrigin(
                batchSize: settings.integer("batchSize"), dimensions: settings.integer("dimensions"),
                alpha: settings.number("alpha")))
    }
}
