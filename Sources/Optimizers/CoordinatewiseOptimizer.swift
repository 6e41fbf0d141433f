import TensorEngine

/// An optimizer that is a rule applied to every coordinate of a parameter vector alike: the special case that runs on
/// blocks of coordinates, and whose unrolls are differentiated block by block.
///
/// A hand-designed rule says what it remembers of each coordinate, and what it does with a gradient:
///
///     struct HeavyBall: CoordinatewiseOptimizer {
///         var stateFeatures: [Int] { [1] }
///
///         func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
///             let velocity = 0.9 * coordinates.state[0] + coordinates.gradient
///             return .init(parameter: coordinates.parameter - 0.01 * velocity, state: [velocity])
///         }
///     }
///
/// A learned one says besides what is learned, and what it is before; derivatives follow from the update:
///
///     struct LearnedRate: CoordinatewiseOptimizer {
///         var metaParameters: [Parameter] { [Parameter("logarithm", [1])] }
///
///         func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
///             let rate = metaParameters[0].reshaped([1, 1]).exponential()
///             return .init(parameter: coordinates.parameter - rate * coordinates.gradient, state: [])
///         }
///
///         func initializeMetaParameters<Scalar: TensorScalar>(
///             _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
///         ) {
///             values[0] = -5
///         }
///     }
public protocol CoordinatewiseOptimizer: Optimizer {
    /// How many numbers each state tensor keeps for every coordinate. State starts at 0.
    var stateFeatures: [Int] { get }

    /// What it looks at of each coordinate beside its value and gradient. Empty for most.
    var localInputs: [LocalInput] { get }

    /// Whether it is told of each example of the minibatch on its own.
    var looksAtExamples: Bool { get }

    /// One update.
    func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated
}

/// What an optimizer sees of some coordinates at one step.
///
/// Coordinates lie along the last dimension everywhere, so that operations on whole rows work on many of them at once.
public struct Coordinates {
    /// The parameters' values, `[1, coordinates]`.
    public var parameter: Tensor
    /// The loss's gradient by them, `[1, coordinates]`.
    public var gradient: Tensor
    /// The rows of all `localInputs`, one input after the other, and of one example after the other where it looks at
    /// examples, `[rows, coordinates]`; nil where there are none.
    public var local: Tensor?
    /// One tensor `[features, coordinates]` for each of the optimizer's `stateFeatures`.
    public var state: [Tensor]
    /// A scalar for each of the optimizer's `scheduleValues`.
    public var schedule: [Tensor]

    public init(
        parameter: Tensor, gradient: Tensor, local: Tensor? = nil, state: [Tensor], schedule: [Tensor]
    ) {
        self.parameter = parameter
        self.gradient = gradient
        self.local = local
        self.state = state
        self.schedule = schedule
    }

    /// The new values of the parameters and of the state.
    public struct Updated {
        public var parameter: Tensor
        public var state: [Tensor]

        public init(parameter: Tensor, state: [Tensor]) {
            self.parameter = parameter
            self.state = state
        }
    }
}

extension CoordinatewiseOptimizer {
    public var stateFeatures: [Int] { [] }
    public var localInputs: [LocalInput] { [] }
    public var looksAtExamples: Bool { false }

    public var coordinatewise: (any CoordinatewiseOptimizer)? { self }

    /// How many rows all local inputs have together.
    ///
    /// - Parameter examples: how many examples a minibatch has.
    public func localRows(examples: Int) -> Int {
        localInputs.reduce(0) { $0 + $1.rows } * (looksAtExamples ? examples : 1)
    }
}

/// The rule as an optimizer of whole tensors: all coordinates in one row, which is what the blocks are equal to.
extension CoordinatewiseOptimizer {
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        stateFeatures.enumerated().map { CarriedTensor("state\($0 + 1)", [$1, parameters.elementCount]) }
    }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let row = ParameterColumns.coordinates
        let updated = update(
            Coordinates(
                parameter: row.columns(of: point.parameters), gradient: row.columns(of: point.gradient),
                local: point.local,
                state: point.state, schedule: point.schedule), metaParameters: metaParameters)
        return .init(parameters: row.tensors(updated.parameter, as: point.described), state: updated.state)
    }
}
