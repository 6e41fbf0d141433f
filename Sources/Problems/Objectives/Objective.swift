import TensorEngine

/// What is minimized: a loss of named parameters, and perhaps of a batch of data.
///
/// An objective is an immutable value. It computes outputs, such as a network's answers to a batch, and a loss of
/// outputs; both are traced, so that they can be differentiated, to any order and by either. Data are not its business:
/// a ``DataSource`` fills batches of the shapes that it expects. A function of its parameters alone is a
/// ``FunctionObjective``, which is shorter.
///
///     /// The mean of (x · w − y)² over a batch of x, `[examples, 3]`, and y, `[examples, 1]`.
///     struct LinearFit: Objective {
///         var parameters: [Parameter] { [Parameter("w", [3, 1], .denseKernel)] }
///         var isLossConvex: Bool { true }
///
///         func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
///             ObjectiveOutputs([inputs.batch[0].matrixProduct(inputs.parameters[0])])
///         }
///
///         func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor {
///             let count = Double(batch[1].shape[0])
///             return (outputs[0] - batch[1]).squared().sum() * (1 / count)
///         }
///
///         func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
///             var stream = RandomStream(key.derived("initial parameters"))
///             parameters[0].fillNormal(&stream, deviation: 0.01)
///         }
///     }
public protocol Objective: Sendable {
    /// What is optimized, in order.
    var parameters: [Parameter] { get }

    /// What goes from step to step beside the parameters and isn't trained, such as running statistics.
    var carried: [CarriedTensor] { get }

    /// How many outputs there are; 1 where it isn't said.
    var outputCount: Int { get }

    /// The outputs on a batch, and what is carried on, traced.
    func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs

    /// The loss of outputs, a scalar, traced.
    func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor

    /// Whether the loss is convex in the outputs, so that its Hessian there is positive and Gauss-Newton products stand
    /// (``Curvature``): squared error and cross-entropy are.
    var isLossConvex: Bool { get }

    /// What it tells of its layers where its loss is a likelihood's; nil, if it isn't said.
    var layered: (any LayeredLikelihood)? { get }

    /// A loss of outputs, traced, whose gradient optimizers are given in place of the loss's own; nil for the loss
    /// itself.
    ///
    /// It is for losses without a derivative to follow. What is measured is `loss` all the same.
    func surrogateLoss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor?

    /// What is summed up over a split that no step trains on, by name, scalars, traced; empty where nothing is.
    /// ``Score/loss`` and ``Score/correct`` are told as means over the examples.
    func scores(_ outputs: [Tensor], batch: [Tensor]) -> [Score]

    /// Writes the initial parameters of a trial.
    ///
    /// - Parameter parameters: the elements of each.
    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey)
}

/// What holds for objectives that don't say otherwise.
extension Objective {
    public var carried: [CarriedTensor] { [] }
    public var outputCount: Int { 1 }
    public var layered: (any LayeredLikelihood)? { nil }
    public func surrogateLoss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor? { nil }
    public func scores(_ outputs: [Tensor], batch: [Tensor]) -> [Score] { [] }

    /// The outputs, of which there are as many as the objective says.
    public func evaluate(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        let result = outputs(inputs)
        precondition(
            result.outputs.count == outputCount,
            "\(Self.self) has \(result.outputs.count) outputs; its outputCount says \(outputCount)")
        precondition(
            result.carried.map(\.shape) == carried.map(\.shape),
            "\(Self.self) carries tensors of shapes \(carried.map(\.shape)); its outputs have \(result.carried.map(\.shape))"
        )
        return result
    }

    /// The loss whose gradient optimizers are given, a scalar, traced: the surrogate where there is one.
    public func followedLoss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor {
        surrogateLoss(outputs, batch: batch) ?? loss(outputs, batch: batch)
    }

    /// The loss at some parameters, a scalar, traced.
    public func loss(_ inputs: ObjectiveInputs) -> Tensor {
        loss(evaluate(inputs).outputs, batch: inputs.batch)
    }
}

/// What an objective is evaluated at; all tensors are of one trace.
public struct ObjectiveInputs {
    /// Tensors of the shapes of the objective's parameters.
    public var parameters: [Tensor]
    /// Tensors of the shapes of what it carries.
    public var carried: [Tensor]
    /// Tensors of the shapes of a batch.
    public var batch: [Tensor]
    public var mode: ObjectiveMode

    public init(_ parameters: [Tensor], carried: [Tensor] = [], batch: [Tensor], mode: ObjectiveMode = .training) {
        self.parameters = parameters
        self.carried = carried
        self.batch = batch
        self.mode = mode
    }

    /// The same at other parameters.
    public func at(_ parameters: [Tensor]) -> ObjectiveInputs {
        ObjectiveInputs(parameters, carried: carried, batch: batch, mode: mode)
    }
}

/// Whether an objective is trained on a batch, or only evaluated: normalization by running statistics, for one, differs.
/// Steps and the final loss are training, the scores of a split that no step trains on are evaluation.
public enum ObjectiveMode: Sendable, Hashable {
    case training, evaluation
}

/// What an objective computes.
public struct ObjectiveOutputs {
    public var outputs: [Tensor]
    /// The new values of what it carries; none of them counts after an evaluation.
    public var carried: [Tensor]

    public init(_ outputs: [Tensor], carried: [Tensor] = []) {
        self.outputs = outputs
        self.carried = carried
    }
}

/// Something summed up over examples.
public struct Score {
    /// The sum of the losses.
    public static let loss = "loss"
    /// How many answers are correct.
    public static let correct = "correct"

    public let name: String
    public let sum: Tensor

    public init(_ name: String, _ sum: Tensor) {
        self.name = name
        self.sum = sum
    }
}
