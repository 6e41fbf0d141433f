import TensorEngine
import TestSupport
import Testing

@testable import Optimizers

@Suite("Steps on a schedule")
struct ScheduledOptimizerTests {
    private static let schedule = LearningRateSchedule(.linear, warmup: 3)
    private static let steps = 9
    private let described = [Parameter("weight", [3, 2]), Parameter("bias", [2])]
    private let start = (0..<8).map { 0.1 * Double($0) - 0.3 }
    private let gradients: [[Double]] = (0..<steps).map { step in
        (0..<8).map { coordinate in
            let number = (7 * step + 3 * coordinate) % 11
            return Double(number) / 11 - 0.4
        }
    }

    private func path(_ optimizer: any Optimizer) -> [[Double]] {
        trajectory(optimizer, described, from: start, along: gradients, [])
    }

    /// Where the update is proportional to the rate, it is the rate that follows the schedule.
    @Test func itIsARatesOwnSchedule() {
        let rule = Momentum(learningRate: 0.1, momentum: 0.9)
        let own = Momentum(
            learningRate: LearningRate(0.1, schedule: Self.schedule, steps: Self.steps), momentum: 0.9)
        let scheduled = ScheduledOptimizer(rule, Self.schedule, steps: Self.steps)
        let expected = path(own).flatMap(\.self)
        #expect(largestError(path(scheduled).flatMap(\.self), expected) < 1e-14)
        #expect(largestError(path(scheduled.coordinatewise!).flatMap(\.self), expected) < 1e-14)
        #expect(largestError(path(rule).flatMap(\.self), expected) > 1e-3)
    }

    /// A step of whole tensors is shortened, and what is remembered is not.
    @Test func itShortensStepsOfWholeTensors() {
        let rule = Muon(learningRate: 0.1, rest: Adam(learningRate: 0.1))
        let path = path(ScheduledOptimizer(rule, LearningRateSchedule(.linear), steps: 1))
        #expect(largestError(path[0], self.path(rule)[0]) < 1e-14)
        // Behind its end the schedule is 0.
        #expect(path[1] == path[0] && path[8] == path[0])
        #expect(ScheduledOptimizer(rule, Self.schedule, steps: 9).coordinatewise == nil)
    }

    @Test func aConstantOneChangesNothing() {
        let groups = ParameterGroups(Momentum(learningRate: 0.1, momentum: 0.9))
        #expect(!(groups.scheduled(.constant, steps: 5).groups[0].optimizer is ScheduledOptimizer))
        #expect(groups.scheduled(Self.schedule, steps: 5).groups[0].optimizer is ScheduledOptimizer)
    }
}
