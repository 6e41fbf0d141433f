import TensorEngine

/// Something that optimizes: it sees all parameter tensors in their shapes, and changes them.
///
/// An optimizer is an immutable value. Its update is traced, so it runs on plans, and can be differentiated by its
/// meta-parameters. Hand-designed rules have no meta-parameters; learned ones do. It is given the gradient, and may ask
/// for the loss elsewhere and for products with matrices of second derivatives (``Landscape``). A rule that treats every
/// coordinate alike is a ``CoordinatewiseOptimizer``.
///
///     /// Gradient descent whose step is as long as the parameters' own norm times the rate.
///     struct RelativeDescent: Optimizer {
///         func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
///             let (parameters, gradient) = (TensorVector(point.parameters), TensorVector(point.gradient))
///             let scale = 0.01 * parameters.norm / (gradient.norm + 1e-12)
///             return .init(parameters: (parameters - scale * gradient).tensors, state: [])
///         }
///     }
public protocol Optimizer: Sendable {
    /// The tensors that meta-training learns; empty for hand-designed rules.
    var metaParameters: [Parameter] { get }

    /// Writes initial meta-parameters, one after the other.
    func initializeMetaParameters<Scalar: TensorScalar>(_ values: UnsafeMutablePointer<Scalar>, key: RandomKey)

    /// Why it cannot work on parameters such as these, in words that follow a place in a spec; nil where it can.
    func misfit(with parameters: [Parameter]) -> String?

    /// What it remembers from step to step of these parameters; nothing, if it isn't said.
    func state(of parameters: [Parameter]) -> [CarriedTensor]

    /// Numbers that depend on the step alone, such as bias corrections, computed in `Double`.
    ///
    /// - Parameter step: 1 for the first update.
    func scheduleValues(step: Int) -> [Double]

    /// What it asks of the loss beside its gradient.
    var demands: Set<LandscapeDemand> { get }

    /// One update, traced.
    func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated

    /// Whether the parameters that it is judged by are others than those where it takes gradients, as with averages of
    /// weights.
    var isJudgedElsewhere: Bool { get }

    /// The parameters that it is judged by (final losses, scores and snapshots), traced.
    func judged(_ parameters: [Tensor], state: [Tensor]) -> [Tensor]

    /// The same rule for blocks of coordinates; nil where it is none.
    var coordinatewise: (any CoordinatewiseOptimizer)? { get }
}

extension Optimizer {
    public var metaParameters: [Parameter] { [] }
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {}
    public func misfit(with parameters: [Parameter]) -> String? { nil }
    public func state(of parameters: [Parameter]) -> [CarriedTensor] { [] }
    public func scheduleValues(step: Int) -> [Double] { [] }
    public var demands: Set<LandscapeDemand> { [] }
    public var isJudgedElsewhere: Bool { false }
    public func judged(_ parameters: [Tensor], state: [Tensor]) -> [Tensor] { parameters }
    public var coordinatewise: (any CoordinatewiseOptimizer)? { nil }

    /// How many schedule values there are.
    public var scheduleCount: Int { scheduleValues(step: 1).count }
}
