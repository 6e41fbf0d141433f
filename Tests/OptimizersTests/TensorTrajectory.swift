import TensorEngine

@testable import Optimizers

/// The elements of all parameters after each step.
func trajectory(
    _ optimizer: any Optimizer, _ described: [Parameter], from start: [Double], along gradients: [[Double]],
    _ metaParameters: [Double]
) -> [[Double]] {
    let trace = Trace()
    let weights = optimizer.metaParameters.map { trace.input($0.shape) }
    let schedule = optimizer.scheduleValues(step: 1).map { _ in trace.input(.scalar) }
    let remembered = optimizer.state(of: described)
    let updated = optimizer.update(
        OptimizationPoint(
            described: described, parameters: described.map { trace.input($0.shape) },
            gradient: described.map { trace.input($0.shape) }, loss: trace.input(.scalar),
            state: remembered.map { trace.input($0.shape) }, schedule: schedule, landscape: Nowhere()),
        metaParameters: weights)
    let plan = Plan<Double>(trace.graph(outputs: updated.parameters + updated.state))
    func split(_ values: [Double], _ shapes: [Shape]) -> [[Double]] {
        var rest = values[...]
        return shapes.map { shape in
            defer { rest = rest.dropFirst(shape.count) }
            return Array(rest.prefix(shape.count))
        }
    }
    let shapes = described.map(\.shape)
    var (parameters, state) = (
        split(start, shapes), remembered.map { [Double](repeating: 0, count: $0.shape.count) }
    )
    return gradients.enumerated().map { index, gradient in
        let values = optimizer.scheduleValues(step: index + 1).map { [$0] }
        let results = plan(
            split(metaParameters, optimizer.metaParameters.map(\.shape)) + values + parameters
                + split(gradient, shapes) + [[0]] + state)
        (parameters, state) = (Array(results.prefix(shapes.count)), Array(results.dropFirst(shapes.count)))
        return parameters.flatMap(\.self)
    }
}

private struct Nowhere: Landscape {
    func loss(at parameters: [Tensor]) -> Tensor { preconditionFailure("nobody asks") }
    func gradient(at parameters: [Tensor]) -> [Tensor] { preconditionFailure("nobody asks") }
    func gaussNewtonProduct(_ vector: [Tensor]) -> [Tensor] { preconditionFailure("nobody asks") }
    func hessianProduct(_ vector: [Tensor]) -> [Tensor] { preconditionFailure("nobody asks") }
    func layerStatistics(number: Tensor) -> [LayerStatistics] { preconditionFailure("nobody asks") }
}
