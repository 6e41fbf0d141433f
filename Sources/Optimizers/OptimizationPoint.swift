import TensorEngine

/// What an optimizer sees at one step; all tensors are of one trace.
public struct OptimizationPoint {
    /// Names, shapes and kinds of its parameters.
    public var described: [Parameter]
    /// Their values, in their shapes.
    public var parameters: [Tensor]
    /// The loss's gradient by them, in the same shapes.
    public var gradient: [Tensor]
    /// The loss, a scalar.
    public var loss: Tensor
    /// What a coordinatewise rule is told beside of all coordinates, `[rows, coordinates]`; nil where it asks nothing.
    public var local: Tensor?
    /// One tensor for each that the optimizer remembers.
    public var state: [Tensor]
    /// A scalar for each of the optimizer's `scheduleValues`.
    public var schedule: [Tensor]
    /// What it may ask beside.
    public var landscape: any Landscape

    public init(
        described: [Parameter], parameters: [Tensor], gradient: [Tensor], loss: Tensor, local: Tensor? = nil,
        state: [Tensor], schedule: [Tensor], landscape: any Landscape
    ) {
        self.described = described
        self.parameters = parameters
        self.gradient = gradient
        self.loss = loss
        self.local = local
        self.state = state
        self.schedule = schedule
        self.landscape = landscape
    }

    /// The new values of the parameters and of the state.
    public struct Updated {
        public var parameters: [Tensor]
        public var state: [Tensor]

        public init(parameters: [Tensor], state: [Tensor]) {
            self.parameters = parameters
            self.state = state
        }
    }
}

/// The loss around the parameters of a step, on that step's minibatch, traced.
///
/// All tensors are lists in the parameters' order and shapes. Other parameters than the optimizer's own stay where they
/// are.
public protocol Landscape {
    /// The loss at other parameters, a scalar.
    func loss(at parameters: [Tensor]) -> Tensor

    /// The gradient at other parameters.
    func gradient(at parameters: [Tensor]) -> [Tensor]

    /// A vector times the Gauss-Newton matrix at the step's parameters.
    func gaussNewtonProduct(_ vector: [Tensor]) -> [Tensor]

    /// A vector times the Hessian at the step's parameters.
    func hessianProduct(_ vector: [Tensor]) -> [Tensor]

    /// What each layer saw of the step's minibatch, at the step's parameters: one for each kernel among the optimizer's
    /// own parameters, in their order.
    ///
    /// - Parameter number: a scalar from 0 to 1, from which targets are drawn by systematic sampling.
    func layerStatistics(number: Tensor) -> [LayerStatistics]
}

/// What an optimizer may ask of a ``Landscape``: not everyone who hands it gradients can answer.
public enum LandscapeDemand: Hashable, Sendable {
    case lossElsewhere, gradientElsewhere, gaussNewtonProduct, hessianProduct, layerStatistics
}
