import Optimizers
import Problems
import TensorEngine

/// What tells in which direction a learned optimizer improves.
///
/// It cuts an epoch (one optimization of an optimizee) into unrolls of some steps, and keeps what one unroll hands on
/// to the next: parameters, the optimizer's state, and whatever else the estimator needs. Given the optimizer's
/// meta-parameters, it runs the next unroll and gives an estimate of the meta-loss's gradient by them.
protocol MetaGradientEstimator<Scalar>: AnyObject {
    associatedtype Scalar: TensorScalar

    /// How many of the first tensors of meta-parameters are not learned, but set by the estimator; none by most.
    var heldTensors: Int { get }

    /// Begins an epoch: new initial parameters and data, by the key, and state 0. Nothing of earlier epochs is left, so
    /// that a checkpoint between two epochs needs nothing of the estimator.
    func start(key: RandomKey)

    /// Gives back memory that only an epoch needs; a start comes before the next unroll.
    func endEpoch()

    /// Runs the next unroll of the epoch.
    ///
    /// - Parameters:
    ///   - metaParameters: the optimizer's, one after the other; what lies behind them is left alone.
    ///   - metaGradient: where the estimate goes; as many elements, or more.
    /// - Returns: the meta-loss: the sum of the optimizee's losses before each step and after the last, by their
    ///   weights.
    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double

    /// Runs the next unroll of the epoch, of which nothing is to be learned.
    ///
    /// - Parameter scratch: what may be written to, as long as a meta-gradient.
    func skip(
        metaParameters: ElementBuffer<Scalar>, _ scratch: ElementBuffer<Scalar>, on executor: any PieceExecutor)

    /// How well meta-parameters imitate, on what nothing was learned from; nil where nothing is imitated, or nothing
    /// held out yet.
    func errors(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) -> ImitationErrors?
}

extension MetaGradientEstimator {
    var heldTensors: Int { 0 }

    func endEpoch() {}

    func skip(
        metaParameters: ElementBuffer<Scalar>, _ scratch: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) {
        _ = run(metaParameters: metaParameters, metaGradient: scratch, on: executor)
    }

    func errors(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) -> ImitationErrors? { nil }
}

/// How the gradient of the meta-loss is found.
public enum MetaGradientEstimation: Sendable {
    /// Backpropagation through each unroll, and no further.
    case truncatedBackpropagation(secondDerivatives: Bool)
    /// ``EvolutionStrategies``.
    case evolutionStrategies(deviation: Double, pairs: Int)
    /// ``PersistentEvolutionStrategies``, ES-Single where perturbations are kept for a whole epoch.
    case persistentEvolutionStrategies(deviation: Double, pairs: Int, keepsPerturbations: Bool = false)
    /// ``CombinedGradients``.
    case combined(deviation: Double, pairs: Int, secondDerivatives: Bool)
    /// ``ImitationEstimator``.
    case imitation(Imitation)
    /// ``SolutionEstimator``.
    case solutions(SolutionLearning)

    /// How many losses the meta-loss of an unroll is the sum of, when all count alike.
    public func lossesInMetaLoss(_ unroll: Unroll) -> Int {
        switch self {
        case .imitation: 1
        case .solutions: unroll.length
        default: unroll.length + 1
        }
    }

    /// Whether unrolls may begin again at states that were kept.
    public var replays: Bool { if case .solutions(let learning) = self { learning.replay != nil } else { false } }

    /// How many times each step of an unroll is taken.
    var passes: Int {
        switch self {
        case .truncatedBackpropagation, .imitation, .solutions: 1
        case .evolutionStrategies(_, let pairs): 2 * pairs + 1
        case .persistentEvolutionStrategies(_, let pairs, _), .combined(_, let pairs, _): 2 * pairs
        }
    }

    /// What an estimator keeps from one problem to the next; nil where it keeps nothing.
    ///
    /// - Parameter isNew: whether the optimizer's meta-parameters were drawn, not learned before.
    /// - Throws: `TrialFailure` where the optimizer cannot learn so.
    func memory<Scalar: TensorScalar>(
        _ optimizers: ParameterGroups, isNew: Bool
    ) throws -> (any EstimatorMemory<Scalar>)? {
        switch self {
        case .imitation(let imitation):
            Experience<Scalar>(imitation, of: try optimizers.imitating(), isNew: isNew)
        case .solutions(let learning): learning.replay.map { ReplayMemory<Scalar>($0) }
        default: nil
        }
    }

    /// An estimator for one problem; whatever is compiled for it is compiled here.
    ///
    /// - Parameter memory: as ``memory(_:isNew:)`` makes it; nil for one of its own.
    /// - Throws: `TrialFailure` where a parameter has no optimizer.
    func estimator<Scalar: TensorScalar>(
        _ problem: Problem, _ optimizers: ParameterGroups, _ unroll: Unroll,
        memory: (any EstimatorMemory<Scalar>)? = nil
    ) throws -> any MetaGradientEstimator<Scalar> {
        func forward() throws -> ForwardUnroll<Scalar> {
            ForwardUnroll(try OptimizationStep(problem, optimizers), unroll)
        }
        func truncated(secondDerivatives: Bool) throws -> any MetaGradientEstimator<Scalar> {
            guard optimizers.areCoordinatewise else {
                return GeneralUnroll(
                    try DifferentiableStep(problem, optimizers, secondDerivatives: secondDerivatives), unroll)
            }
            return try BlockedUnroll(problem, optimizers, unroll, secondDerivatives: secondDerivatives)
        }
        let count = optimizers.metaParameters.elementCount
        switch self {
        case .truncatedBackpropagation(let secondDerivatives):
            return try truncated(secondDerivatives: secondDerivatives)
        case .evolutionStrategies(let deviation, let pairs):
            return EvolutionStrategies(try forward(), metaParameterCount: count, deviation: deviation, pairs: pairs)
        case .persistentEvolutionStrategies(let deviation, let pairs, let keepsPerturbations):
            return PersistentEvolutionStrategies(
                try forward(), metaParameterCount: count, deviation: deviation, pairs: pairs,
                keepsPerturbations: keepsPerturbations)
        case .combined(let deviation, let pairs, let secondDerivatives):
            return try CombinedGradients(metaParameterCount: count, deviation: deviation, pairs: pairs) {
                try truncated(secondDerivatives: secondDerivatives)
            }
        case .imitation(let imitation):
            let optimizer = try optimizers.imitating()
            return try ImitationEstimator(
                problem, optimizer, imitation,
                experience: memory as? Experience<Scalar> ?? Experience(imitation, of: optimizer, isNew: true), unroll)
        case .solutions(let learning):
            return try SolutionEstimator(
                problem, optimizers, learning,
                memory: memory as? ReplayMemory<Scalar> ?? learning.replay.map { ReplayMemory($0) }, unroll)
        }
    }
}
