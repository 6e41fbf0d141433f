import TensorEngine

/// Something to be optimized: parameters, and a loss of them that may also depend on data.
///
/// A problem is an immutable value. Everything random about it (initial parameters, minibatches, targets) follows from
/// the key of the trial, so two optimizers with one key see the same problem.
///
/// A function of its parameters alone says what they are, where they begin, and the loss:
///
///     struct Bowl: Problem {
///         let dimensions: Int
///
///         var parameters: [Parameter] { [Parameter("x", [dimensions])] }
///
///         func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor { parameters[0].squared().sum() }
///
///         func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
///             var stream = RandomStream(key.derived("initial parameters"))
///             stream.fillNormal(UnsafeMutableBufferPointer(start: parameters, count: dimensions))
///         }
///     }
///
/// One with data also gives their `dataShapes`, and writes them in `fill`: ``Rastrigin`` draws them once, and
/// ``Classification`` takes others from a dataset at each step, so that its `hasFreshData` is true.
public protocol Problem: Sendable {
    /// What is optimized, in order.
    var parameters: [Parameter] { get }

    /// Whether every step sees other data. If not, the data of step 0 serves for all.
    var hasFreshData: Bool { get }

    /// The shapes of the data that the loss takes beside the parameters.
    ///
    /// - Parameter examples: how many examples a batch has; nil for the problem's own batch size.
    func dataShapes(examples: Int?) -> [Shape]

    /// The loss, a scalar, traced.
    ///
    /// - Parameters:
    ///   - parameters: tensors of the shapes of `self.parameters`.
    ///   - data: tensors of the shapes of `dataShapes`.
    func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor

    /// A loss, traced, whose gradient optimizers are given in place of the loss's own; nil for the loss itself.
    ///
    /// It is for losses without a derivative to follow. What is measured is `loss` all the same.
    func surrogateLoss(_ parameters: [Tensor], data: [Tensor]) -> Tensor?

    /// What the problem can tell of its parameters one by one, beside their values and gradients.
    var localFeatures: [LocalFeature] { get }

    /// How many examples a minibatch has of which it can tell one by one.
    var localExamples: Int { get }

    /// Such features, traced: for each parameter one tensor `[rows, elements]`, the rows of one feature after those of
    /// the other.
    ///
    /// - Parameters:
    ///   - features: some of `localFeatures`, at least one.
    ///   - ofExamples: whether it is told of each example of the minibatch, all rows of one after those of the other.
    func localState(
        _ features: [LocalFeature], ofExamples: Bool, parameters: [Tensor], data: [Tensor]
    ) -> [Tensor]

    /// Writes the initial parameters of a trial, one after the other.
    func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey)

    /// Writes the data of one batch.
    ///
    /// - Parameter data: one pointer for each of `dataShapes`, in order.
    func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey)

    /// The size of the fixed batch on which the final loss is taken; nil to take the loss of the last step's own data.
    var finalExamples: Int? { get }

    /// How the problem scores a test split; nil where it has none.
    var test: (any TestSplit)? { get }
}

/// What holds for a problem that doesn't say otherwise: a loss of the parameters alone, the same at every step.
extension Problem {
    public var hasFreshData: Bool { false }
    public var finalExamples: Int? { nil }
    public var test: (any TestSplit)? { nil }
    public func surrogateLoss(_ parameters: [Tensor], data: [Tensor]) -> Tensor? { nil }
    public var localFeatures: [LocalFeature] { [] }
    public var localExamples: Int { 1 }
    public func localState(
        _ features: [LocalFeature], ofExamples: Bool, parameters: [Tensor], data: [Tensor]
    ) -> [Tensor] { [] }
    public func dataShapes(examples: Int?) -> [Shape] { [] }
    public func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {}
}

/// Which data a batch holds.
public enum Batch: Sendable {
    /// The minibatch of this step.
    case step(Int)
    /// The fixed batch of the training split on which a trial's final loss is taken.
    case final
}

/// The part of a problem's data that no step trains on.
public protocol TestSplit: Sendable {
    /// How many examples it has.
    var count: Int { get }

    /// How many examples are scored at once.
    var chunk: Int { get }

    /// Shapes of the data of one chunk.
    var dataShapes: [Shape] { get }

    /// Two scalars, traced: the sum of the losses and the number of correct answers of a chunk. Where several answers
    /// are as likely, it counts the chance of guessing right among them.
    func scores(_ parameters: [Tensor], data: [Tensor]) -> (loss: Tensor, correct: Tensor)

    /// Writes the data of examples `start ..< start + chunk`; those past the end count nothing in the scores.
    func fill<Scalar: TensorScalar>(_ data: [UnsafeMutablePointer<Scalar>], from start: Int)
}

/// Problems of one kind, of which each trial draws one: the same each time, or a student of random architecture.
///
/// ``FixedProblem`` is the family of one problem. Of a family that draws, each trial compiles its own:
///
///     struct Bowls: ProblemFamily {
///         func problem(_ key: RandomKey) -> any Problem {
///             var stream = RandomStream(key.derived("dimensions"))
///             return Bowl(dimensions: 1 + stream.index(below: 10))
///         }
///     }
public protocol ProblemFamily: Sendable {
    /// The problem of a trial. Equal keys give equal problems.
    func problem(_ key: RandomKey) -> any Problem

    /// Whether any of its problems serves in place of every other, given the other's key: they differ only in what they
    /// draw of the keys that they are handed.
    var isUniform: Bool { get }
}

extension ProblemFamily {
    public var isUniform: Bool { false }
}
