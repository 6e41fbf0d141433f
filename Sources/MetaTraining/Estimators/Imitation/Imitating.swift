import Optimizers

extension ParameterGroups {
    /// Why the optimizer cannot learn by imitation, in words; nil where it can.
    public var imitationObstacle: String? {
        guard groups.count == 1, let optimizer = groups[0].optimizer as? any ImitatingOptimizer else {
            return "the estimator \"imitation\" is for one optimizer of the kind \"teacher\" for all parameters"
        }
        return optimizer.imitationObstacle.map { "the estimator \"imitation\" is not for a teacher with \($0)" }
    }

    /// - Throws: `TrialFailure` where it cannot.
    func imitating() throws -> any ImitatingOptimizer {
        if let obstacle = imitationObstacle { throw TrialFailure(obstacle) }
        guard let optimizer = groups[0].optimizer as? any ImitatingOptimizer else {
            preconditionFailure("checked above")
        }
        return optimizer
    }
}
