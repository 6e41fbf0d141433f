import Optimizers
import Problems
import TensorEngine

@testable import MetaTraining

/// An unroll as one graph over all coordinates, with nothing of the blocks in it: what blocked unrolls must agree with.
///
/// Memory: everything that is computed on the way, for every coordinate and step.
final class WholeUnroll<Scalar: TensorScalar>: MetaGradientEstimator {
    private let problem: any Problem
    private let optimizers: ParameterGroups
    /// The optimizer of each group, and the coordinates that are its.
    private let groups: [(optimizer: any Optimizer, coordinates: Range<Int>)]
    private let offsets: [Int]
    private let lossWeights: LossWeights
    private let weights: ElementBuffer<Scalar>
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
    init(
        _ problem: any Problem, _ optimizers: ParameterGroups, steps: Int, secondDerivatives: Bool,
        lossWeights: LossWeights = .equal
    ) {
        self.problem = problem
        self.optimizers = optimizers
        self.steps = steps
        self.lossWeights = lossWeights
        let dataShapes = problem.dataShapes(examples: nil)
        let count = problem.parameters.elementCount
        var offsets = Array(repeating: 0, count: problem.parameters.count)
        var order: [Int] = []
        var groups: [(optimizer: any Optimizer, coordinates: Range<Int>)] = []
        var total = 0
        for (index, group) in optimizers.groups.enumerated() {
            let first = total
            for (parameter, value) in problem.parameters.enumerated() where optimizers.group(of: value.name) == index {
                offsets[parameter] = total
                order.append(parameter)
                total += value.shape.count
            }
            groups.append((group.optimizer, first..<total))
        }
        self.offsets = offsets
        self.groups = groups
        let trace = Trace()
        let metaParameters = groups.map { $0.optimizer.metaParameters.map { trace.input($0.shape) } }
        let start = trace.input([1, count])
        let startState = groups.map { group in
            group.optimizer.stateFeatures.map { trace.input([$0, group.coordinates.count]) }
        }
        let schedules = (0..<steps).map { _ in
            groups.map { (0..<$0.optimizer.scheduleCount).map { _ in trace.input(.scalar) } }
        }
        let lossFactors = (0...steps).map { _ in trace.input(.scalar) }
        let batches = (0...steps).map { _ in dataShapes.map { trace.input($0) } }

        var (parameter, state) = (start, startState)
        var losses: [Tensor] = []
        for step in 0..<steps {
            let parts = Self.parts(of: parameter, problem.parameters, offsets)
            let loss = problem.loss(parts, data: batches[step])
            losses.append(loss)
            let pieces = gradient(of: loss, withRespectTo: parts).map { $0.reshaped([1, $0.shape.count]) }
            let whole = Tensor.concatenating(order.map { pieces[$0] }, axis: 1)
            let updates = groups.enumerated().map { index, group in
                let features = group.optimizer.localInputs.compactMap { LocalFeature(rawValue: $0.name) }
                let states =
                    features.isEmpty
                    ? []
                    : problem.localState(
                        features, ofExamples: group.optimizer.looksAtExamples, parameters: parts, data: batches[step])
                let members = order.filter { group.coordinates.contains(offsets[$0]) }
                let own = whole.sliced(group.coordinates, axis: 1)
                return group.optimizer.update(
                    Coordinates(
                        parameter: parameter.sliced(group.coordinates, axis: 1),
                        gradient: secondDerivatives ? own : own.stoppingGradient(),
                        local: features.isEmpty
                            ? nil
                            : Tensor.concatenating(members.map { states[$0] }, axis: 1).stoppingGradient(),
                        state: state[index], schedule: schedules[step][index]),
                    metaParameters: metaParameters[index])
            }
            parameter = Tensor.concatenating(updates.map(\.parameter), axis: 1)
            state = zip(updates, groups).map { Self.averaging($0.state, $1.optimizer.averagedFeatures) }
        }
        losses.append(problem.loss(Self.parts(of: parameter, problem.parameters, offsets), data: batches[steps]))
        let weighted = zip(losses, lossFactors).map(*)
        let metaLoss = weighted.dropFirst().reduce(weighted[0], +)
        plan = Plan(
            trace.graph(
                outputs: [metaLoss, parameter] + state.flatMap(\.self)
                    + gradient(of: metaLoss, withRespectTo: metaParameters.flatMap(\.self))))
        memory = plan.makeMemory()

        parameters = (0..<2).map { _ in ElementBuffer(count: count) }
        let stateCount = groups.reduce(0) { $0 + $1.coordinates.count * $1.optimizer.stateFeatures.reduce(0, +) }
        states = (0..<2).map { _ in ElementBuffer(count: stateCount) }
        data = (0...steps).map { _ in dataShapes.map { ElementBuffer(count: $0.count) } }
        schedule = ElementBuffer(count: steps * groups.reduce(0) { $0 + $1.optimizer.scheduleCount })
        weights = ElementBuffer(count: steps + 1)
    }

    convenience init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool) {
        self.init(problem, ParameterGroups(optimizer), steps: steps, secondDerivatives: secondDerivatives)
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

    private static func parts(of vector: Tensor, _ parameters: [Parameter], _ offsets: [Int]) -> [Tensor] {
        zip(parameters, offsets).map { parameter, offset in
            vector.sliced(offset..<offset + parameter.shape.count, axis: 1).reshaped(parameter.shape)
        }
    }

    func start(key: RandomKey) {
        self.key = key
        epochStep = 0
        let ordered = ElementBuffer<Scalar>(count: parameters[0].count)
        problem.initialize(ordered.start, key: key)
        for (parameter, (source, target)) in zip(problem.parameters, zip(problem.parameters.offsets, offsets)) {
            for index in 0..<parameter.shape.count {
                parameters[0].start[target + index] = ordered.start[source + index]
            }
        }
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
        let metaOffsets = optimizers.metaParameters.offsets
        for offset in metaOffsets { bind(metaParameters.start + offset) }
        bind(parameters[0].start)
        for offset in stateOffsets { bind(states[0].start + offset) }
        for step in 0..<steps {
            let values = groups.flatMap { $0.optimizer.scheduleValues(step: epochStep + step + 1) }
            for (index, value) in values.enumerated() {
                schedule.start[step * values.count + index] = Scalar(value)
                bind(schedule.start + step * values.count + index)
            }
        }
        for step in 0...steps {
            weights.start[step] = Scalar(lossWeights.weight(afterStep: epochStep + step))
            bind(weights.start + step)
        }
        for (step, batch) in data.enumerated() {
            problem.fill(batch.map(\.start), batch: .step(epochStep + step), examples: nil, key: key)
            for buffer in batch { bind(buffer.start) }
        }
        memory.bind(output: 0, to: metaLoss.start)
        memory.bind(output: 1, to: parameters[1].start)
        for (index, offset) in stateOffsets.enumerated() {
            memory.bind(output: 2 + index, to: states[1].start + offset)
        }
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
        return groups.flatMap { group in
            group.optimizer.stateFeatures.map { features in
                defer { total += features * group.coordinates.count }
                return total
            }
        }
    }
}
