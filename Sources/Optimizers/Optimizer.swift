import TensorEngine

/// Something that optimizes: a rule that is applied to every coordinate of a parameter vector alike.
///
/// An optimizer is an immutable value. Its update is traced, so it runs on plans, and can be differentiated by its
/// meta-parameters. Hand-designed rules have no meta-parameters; learned ones do.
///
/// A hand-designed rule says what it remembers of each coordinate, and what it does with a gradient:
///
///     struct HeavyBall: Optimizer {
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
///     struct LearnedRate: Optimizer {
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
public protocol Optimizer: Sendable {
    /// The tensors that meta-training learns; empty for hand-designed rules.
    var metaParameters: [Parameter] { get }

    /// How many numbers each state tensor keeps for every coordinate. State starts at 0.
    var stateFeatures: [Int] { get }

    /// Which features of the state are replaced after each step by their mean over all coordinates, counted through all
    /// state tensors. Empty for most: it is the only way in which coordinates learn of each other.
    var averagedFeatures: [Int] { get }

    /// What it looks at of each coordinate beside its value and gradient. Empty for most.
    var localInputs: [LocalInput] { get }

    /// Whether it is told of each example of the minibatch on its own.
    var looksAtExamples: Bool { get }

    /// Numbers that depend on the step alone, such as bias corrections, computed in `Double`.
    ///
    /// - Parameter step: 1 for the first update.
    func scheduleValues(step: Int) -> [Double]

    /// One update.
    func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated

    /// Writes initial meta-parameters, one after the other.
    func initializeMetaParameters<Scalar: TensorScalar>(_ values: UnsafeMutablePointer<Scalar>, key: RandomKey)
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

extension Optimizer {
    public var metaParameters: [Parameter] { [] }
    public var stateFeatures: [Int] { [] }
    public var averagedFeatures: [Int] { [] }
    public var localInputs: [LocalInput] { [] }
    public var looksAtExamples: Bool { false }
    public func scheduleValues(step: Int) -> [Double] { [] }
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {}

    /// How many rows all local inputs have together.
    ///
    /// - Parameter examples: how many examples a minibatch has.
    public func localRows(examples: Int) -> Int {
        localInputs.reduce(0) { $0 + $1.rows } * (looksAtExamples ? examples : 1)
    }

    /// How many schedule values there are.
    public var scheduleCount: Int { scheduleValues(step: 1).count }
}
