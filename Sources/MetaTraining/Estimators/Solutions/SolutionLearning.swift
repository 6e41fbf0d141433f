import Optimizers
import Problems
import TensorEngine

/// How an optimizer learns whose steps solve linear systems (Chen, Lu and Fokoue 2018, section 3.3, and the code published
/// with it).
public struct SolutionLearning: Sendable, Hashable {
    /// The longest step, as a share of the parameters' norm. Steps that are kept for the next system aren't shortened.
    public var longestStep: Double
    /// Each coordinate of a step is scaled by a factor that is uniform within 1 ± this.
    public var noise: Double
    /// What the mean error of the losses is multiplied by, beside that of the solutions.
    public var lossScale: Double
    /// Half of this times the sum of the squares of all meta-parameters counts into the meta-loss.
    public var penalty: Double
    /// Which states unrolls begin at; nil for each where the one before ended.
    public var replay: Replay?

    /// Experience replay of optimizees' states.
    public struct Replay: Sendable, Hashable {
        /// How many states are kept.
        public var size: Int
        /// The probability that an unroll goes on where the one before ended.
        public var keepProbability: Double

        public init(size: Int, keepProbability: Double) {
            self.size = size
            self.keepProbability = keepProbability
        }
    }

    public init(
        longestStep: Double = 0.25, noise: Double = 0.02, lossScale: Double = 10, penalty: Double = 2e-7,
        replay: Replay? = nil
    ) {
        self.longestStep = longestStep
        self.noise = noise
        self.lossScale = lossScale
        self.penalty = penalty
        self.replay = replay
    }
}

extension ParameterGroups {
    /// The optimizer of all parameters, where there is but one and its steps solve linear systems.
    public var solving: (any SolvingOptimizer)? {
        groups.count == 1 ? groups[0].optimizer as? any SolvingOptimizer : nil
    }

    /// Why the optimizers cannot learn by their solutions, in words; nil where they can.
    public var solvingObstacle: String? {
        guard solving == nil else { return nil }
        return
            "the estimator \"solutions\" is for one optimizer of all parameters whose steps solve linear systems, as "
            + "\"mlhf\" does"
    }
}
