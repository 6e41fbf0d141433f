import TensorEngine

/// An optimizer whose steps have other lengths: θ' = θ + s(t) (u(θ) − θ), where u is its own update and s a schedule that
/// begins at 1. So a learned optimizer that is told nothing of the time can end with small steps, as hand-designed rules do.
///
/// What it remembers is as without a schedule.
public struct ScheduledOptimizer: Optimizer, ScheduledSteps {
    let base: any Optimizer
    let factor: LearningRate

    /// - Parameter steps: over how many steps the schedule goes.
    public init(_ base: any Optimizer, _ schedule: LearningRateSchedule, steps: Int) {
        self.base = base
        factor = LearningRate(1, schedule: schedule, steps: steps)
    }

    public var coordinatewise: (any CoordinatewiseOptimizer)? {
        base.coordinatewise.map { ScheduledRule(rule: $0, factor: factor) }
    }

    public func state(of parameters: [Parameter]) -> [CarriedTensor] { base.state(of: parameters) }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        var own = point
        let factor = own.schedule.removeLast()
        var updated = base.update(own, metaParameters: metaParameters)
        updated.parameters = zip(point.parameters, updated.parameters).map { $0 + factor * ($1 - $0) }
        return updated
    }
}

/// The same of a rule for every coordinate alike.
private struct ScheduledRule: ScheduledSteps, CoordinatewiseOptimizer {
    let rule: any CoordinatewiseOptimizer
    let factor: LearningRate

    var base: any Optimizer { rule }
    var stateFeatures: [Int] { rule.stateFeatures }
    var localInputs: [LocalInput] { rule.localInputs }
    var looksAtExamples: Bool { rule.looksAtExamples }

    func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        var own = coordinates
        let factor = own.schedule.removeLast().reshaped([1, 1])
        var updated = rule.update(own, metaParameters: metaParameters)
        updated.parameter = coordinates.parameter + factor * (updated.parameter - coordinates.parameter)
        return updated
    }
}

/// What both have of the optimizer whose steps they change.
protocol ScheduledSteps: Optimizer {
    var base: any Optimizer { get }
    var factor: LearningRate { get }
}

extension ScheduledSteps {
    public var metaParameters: [Parameter] { base.metaParameters }
    public var demands: Set<LandscapeDemand> { base.demands }
    public var isJudgedElsewhere: Bool { base.isJudgedElsewhere }

    public func misfit(with parameters: [Parameter]) -> String? { base.misfit(with: parameters) }

    /// The base's, and s(t) behind them.
    public func scheduleValues(step: Int) -> [Double] { base.scheduleValues(step: step) + [factor.value(step: step)] }

    public func judged(_ parameters: [Tensor], state: [Tensor]) -> [Tensor] { base.judged(parameters, state: state) }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        base.initializeMetaParameters(values, key: key)
    }
}

extension ParameterGroups {
    /// The same, each with steps on a schedule over so many steps.
    public func scheduled(_ schedule: LearningRateSchedule, steps: Int) -> ParameterGroups {
        guard schedule != .constant else { return self }
        return ParameterGroups(
            groups.map { Group($0.pattern, ScheduledOptimizer($0.optimizer, schedule, steps: steps)) })
    }
}
