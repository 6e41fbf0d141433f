import Formats
import TensorEngine

/// The mean of ‖W θ − y‖² over a batch of problems, each with its own θ (Andrychowicz et al. 2016, section 3.1).
///
/// W and y are uniform in [0, 1), and θ starts normal with standard deviation 0.01, as in the original's code.
public struct Quadratic: Objective, DataSource {
    public let batchSize: Int
    public let dimensions: Int

    public init(batchSize: Int = 128, dimensions: Int = 10) {
        self.batchSize = batchSize
        self.dimensions = dimensions
    }

    public var parameters: [Parameter] { [Parameter("x", [batchSize, dimensions])] }

    public var isLossConvex: Bool { true }

    /// W and y.
    public func shapes(of batch: Batch) -> [Shape] {
        [[batchSize, dimensions, dimensions], [batchSize, dimensions]]
    }

    /// W θ − y.
    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let column: Shape = [batchSize, dimensions, 1]
        let product = inputs.batch[0].matrixProduct(inputs.parameters[0].reshaped(column))
        return ObjectiveOutputs([product - inputs.batch[1].reshaped(column)])
    }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor {
        outputs[0].squared().sum() * (1 / Double(batchSize))
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        var stream = RandomStream(key.derived("initial parameters"))
        parameters[0].fillNormal(&stream, deviation: 0.01)
    }

    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        var stream = RandomStream(key.derived("quadratic"))
        for tensor in tensors { tensor.fillUniform(&stream) }
    }
}

extension ProblemKind {
    public static let quadratic = ProblemKind(
        "quadratic", "‖Wx - y‖² with random W and y (Andrychowicz et al. 2016, section 3.1).",
        fields: [.batchSize, .dimensions(10, "The length of x.")]
    ) { settings in
        Problem(Quadratic(batchSize: settings.integer("batchSize"), dimensions: settings.integer("dimensions")))
    }
}
