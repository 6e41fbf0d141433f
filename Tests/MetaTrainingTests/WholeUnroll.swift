import Optimizers
import Problems
import TensorEngine

@testable import MetaTraining

/// An unroll as one graph over all coordinates, with nothing of the blocks in it: what blocked unrolls must agree with.
///
/// Memory: everything that is computed on the way, for every coordinate and step.
final class WholeUnroll<Scalar: TensorScalar>: MetaGradientEstimator {
    private let problem: any Problem
    private let optimizer: any Optimizer
    private let steps: Int
    private let plan: Plan<Scalar>
    private let memory: PlanMemory<Scalar>
    private let parameters: [ElementBuffer<Scalar>]
    private let states: [ElementBuffer<Scalar>]
    private let data: [[ElementBuffer<Scalar>]]
    private let schedule: ElementBuffer<Scalar>
    private let metaLoss = ElementBuffer<Scalar>(count: 1)
    private var key = RandomKey(seed: 0)
    private var epochStep = 0

    /// - Parameter secondDerivatives: whether derivatives go through the optimizee's gradient.
    init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool) {
        self.problem = problem
        self.optimizer = optimizer
        self.steps = steps
        let dataShapes = problem.dataShapes(examples: nil)
        let count = problem.parameters.elementCount
        let trace = Trace()
        let metaParameters = optimizer.metaParameters.map { trace.input($0.shape) }
        let start = trace.input([1, count])
        let startState = optimizer.stateFeatures.map { trace.input([$0, count]) }
        let schedules = (0..<steps).map { _ in (0..<optimizer.scheduleCount).map { _ in trace.input(.scalar) } }
        let batches = (0...steps).map { _ in dataShapes.map { trace.input($0) } }

        var (parameter, state) = (start, startState)
        var losses: [Tensor] = []
        for step in 0..<steps {
            let parts = Self.parts(of: parameter, problem.parameters)
            let loss = problem.loss(parts, data: batches[step])
            losses.append(loss)
            let pieces = gradient(of: loss, withRespectTo: parts).map { $0.reshaped([1, $0.shape.count]) }
            let whole = Tensor.concatenating(pieces, axis: 1)
            let updated = optimizer.update(
                Coordinates(
                    parameter: parameter, gradient: secondDerivatives ? whole : whole.stoppingGradient(),
                    state: state, schedule: schedules[step]),
                metaParameters: metaParameters)
            (parameter, state) = (updated.parameter, Self.averaging(updated.state, optimizer.averagedFeatures))
        }
        losses.append(problem.loss(Self.parts(of: parameter, problem.parameters), data: batches[steps]))
        let total = losses.dropFirst().reduce(losses[0], +)
        plan = Plan(
            trace.graph(
                outputs: [total, parameter] + state + gradient(of: total, withRespectTo: metaParameters)))
        memory = plan.makeMemory()

        parameters = (0..<2).map { _ in ElementBuffer(count: count) }
        states = (0..<2).map { _ in ElementBuffer(count: count * optimizer.stateFeatures.reduce(0, +)) }
        data = (0...steps).map { _ in dataShapes.map { ElementBuffer(count: $0.count) } }
        schedule = ElementBuffer(count: steps * optimizer.scheduleCount)
    }

    private static func averaging(_ state: [Tensor], _ features: [Int]) -> [Tensor] {
        var first = 0
        return state.map { tensor in
            defer { first += tensor.shape[0] }
            let rows = (0..<tensor.shape[0]).map { index in
                let row = tensor.sliced(index..<index + 1)
                let isAveraged = features.contains(first + index)
                return isAveraged ? (row.sum(axes: [1]) * (1 / Double(row.shape[1]))).broadcast(to: row.shape) : row
            }
            return Tensor.concatenating(rows)
        }
    }

    private static func parts(of vector: Tensor, _ parameters: [Parameter]) -> [Tensor] {
        zip(parameters, parameters.offsets).map { parameter, offset in
            vector.sliced(offset..<offset + parameter.shape.count, axis: 1).reshaped(parameter.shape)
        }
    }

    func start(key: RandomKey) {
        self.key = key
        epochStep = 0
        problem.initialize(parameters[0].start, key: key)
        states[0].clear()
    }

    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        var input = 0
        func bind(_ pointer: UnsafeMutablePointer<Scalar>) {
            memory.bind(input: input, to: pointer)
            input += 1
        }
        let metaOffsets = optimizer.metaParameters.offsets
        for offset in metaOffsets { bind(metaParameters.start + offset) }
        bind(parameters[0].start)
        for offset in stateOffsets { bind(states[0].start + offset) }
        for step in 0..<steps {
            let values = optimizer.scheduleValues(step: epochStep + step + 1)
            for (index, value) in values.enumerated() {
                schedule.start[step * values.count + index] = Scalar(value)
                bind(schedule.start + step * values.count + index)
            }
        }
        for (step, batch) in data.enumerated() {
            problem.fill(batch.map(\.start), batch: .step(epochStep + step), examples: nil, key: key)
            for buffer in batch { bind(buffer.start) }
        }
        memory.bind(output: 0, to: metaLoss.start)
        memory.bind(output: 1, to: parameters[1].start)
        for (index, offset) in stateOffsets.enumerated() { memory.bind(output: 2 + index, to: states[1].start + offset) }
        for (index, offset) in metaOffsets.enumerated() {
            memory.bind(output: 2 + stateOffsets.count + index, to: metaGradient.start + offset)
        }
        plan.run(memory)
        parameters[0].copy(from: parameters[1])
        states[0].copy(from: states[1])
        epochStep += steps
        return Double(metaLoss.start.pointee)
    }

    private var stateOffsets: [Int] {
        var total = 0
        return optimizer.stateFeatures.map { features in
            defer { total += features * problem.parameters.elementCount }
            return total
        }
    }
}
