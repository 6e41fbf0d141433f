/// A learning rate, constant or on a schedule over a known number of steps.
public struct LearningRate: Hashable, Sendable, ExpressibleByFloatLiteral {
    public let initial: Double
    public let schedule: LearningRateSchedule
    /// Over how many steps the schedule goes.
    public let steps: Int

    public init(_ initial: Double, schedule: LearningRateSchedule = .constant, steps: Int = 1) {
        self.initial = initial
        self.schedule = schedule
        self.steps = steps
    }

    public init(floatLiteral value: Double) {
        self.init(value)
    }

    /// Another rate on the same schedule.
    func scaled(to initial: Double) -> LearningRate { LearningRate(initial, schedule: schedule, steps: steps) }

    /// The learning rate of a step; the first is 1.
    public func value(step: Int) -> Double {
        schedule.value(of: initial, step: step, of: steps)
    }
}
