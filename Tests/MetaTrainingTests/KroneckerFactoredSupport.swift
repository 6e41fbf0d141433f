import Optimizers
import Problems
import TensorEngine

@testable import MetaTraining

/// Steps of an optimizer of whole tensors on batches that a test says.
struct GivenBatches {
    let objective: Classification
    let optimizer: any Optimizer
    private let plan: Plan<Double>
    private(set) var parameters: [[Double]]
    private var state: [[Double]]
    private var step = 0

    /// - Parameter examples: how many a batch has.
    init(_ objective: Classification, _ optimizer: any Optimizer, examples: Int, from parameters: [[Double]]) {
        (self.objective, self.optimizer, self.parameters) = (objective, optimizer, parameters)
        let carried = optimizer.state(of: objective.parameters)
        let shapes = objective.parameters.map(\.shape)
        let batch: [Shape] = [[examples, objective.student.inputs], [examples, objective.student.classes]]
        state = carried.map { Array(repeating: $0.initial, count: $0.shape.count) }
        plan = Plan(
            .tracing(
                shapes + batch + carried.map(\.shape) + Array(repeating: .scalar, count: optimizer.scheduleCount)
            ) { all in
                let inputs = ObjectiveInputs(Array(all[..<shapes.count]), batch: Array(all[shapes.count...].prefix(2)))
                let rest = Array(all[(shapes.count + 2)...])
                let loss = objective.loss(inputs)
                let landscape = ObjectiveLandscape(
                    objective, inputs, members: Array(shapes.indices), isDifferentiated: false)
                let updated = optimizer.update(
                    OptimizationPoint(
                        described: objective.parameters, parameters: inputs.parameters,
                        gradient: gradient(of: loss, withRespectTo: inputs.parameters), loss: loss,
                        state: Array(rest.prefix(carried.count)), schedule: Array(rest.dropFirst(carried.count)),
                        landscape: landscape), metaParameters: [])
                return updated.parameters + updated.state
            })
    }

    mutating func take(images: [Double], labels: [Double]) {
        step += 1
        let schedule = optimizer.scheduleValues(step: step).map { [$0] }
        let results = plan(parameters + [images, labels] + state + schedule)
        (parameters, state) = (
            Array(results.prefix(parameters.count)), Array(results.dropFirst(parameters.count))
        )
    }
}
