import Optimizers
import Problems
import TensorEngine

/// Where an optimizee's parameters lie in a flat vector: those that one optimizer updates one after the other, and then
/// those of the next. What a coordinatewise one updates is filled up to whole blocks.
struct ParameterLayout {
    /// The parameters that one coordinatewise optimizer updates.
    struct Group {
        let optimizer: any CoordinatewiseOptimizer
        let blocks: CoordinateBlocks
        /// Where its parameters begin in a flat vector.
        let start: Int
        /// Where its state begins in the state of all.
        let stateStart: Int
        /// Where its meta-parameters lie in those of all; empty for a hand-designed one.
        let metaParameters: Range<Int>
        /// The indices of its parameters.
        let parameters: [Int]
        /// How many numbers it is told of each coordinate, and where they begin among those of all groups: block by
        /// block, as state.
        let localRows: Int
        let localStart: Int
    }

    /// The parameters that an optimizer of whole tensors updates.
    struct WholeGroup {
        let optimizer: any Optimizer
        /// The indices of its parameters.
        let parameters: [Int]
        /// What it remembers, and where each tensor begins in the state of all.
        let state: [CarriedTensor]
        let stateOffsets: [Int]
        /// Where its meta-parameters lie in those of all.
        let metaParameters: Range<Int>
    }

    /// Those that have parameters.
    let groups: [Group]
    let wholeGroups: [WholeGroup]
    /// The parameters, in their own order.
    let parameters: [Parameter]
    /// Where each parameter begins, in the order of the parameters.
    let offsets: [Int]
    /// The length of a flat vector.
    let count: Int
    let stateCount: Int
    let localCount: Int

    /// - Parameter inBlocks: whether coordinatewise optimizers work on blocks; if not, all work on whole tensors.
    /// - Throws: `TrialFailure` where a parameter is in no group, or an optimizer asks what the problem cannot tell.
    init(_ problem: Problem, _ optimizers: ParameterGroups, inBlocks: Bool = true) throws {
        if let misfit = optimizers.misfit(with: problem) { throw TrialFailure(misfit) }
        self.init(
            problem.parameters, optimizers, examples: problem.data.minibatchExamples, inBlocks: inBlocks)
    }

    /// - Parameters:
    ///   - parameters: each in one of the groups.
    ///   - examples: how many examples of a minibatch optimizers are told of.
    ///   - inBlocks: whether coordinatewise optimizers work on blocks; if not, all work on whole tensors.
    init(_ parameters: [Parameter], _ optimizers: ParameterGroups, examples: Int = 1, inBlocks: Bool = true) {
        let membership = parameters.map { optimizers.group(of: $0.name)! }
        var groups: [Group] = []
        var wholeGroups: [WholeGroup] = []
        var offsets = Array(repeating: 0, count: parameters.count)
        var (count, stateCount, localCount) = (0, 0, 0)
        for (index, metaStart) in optimizers.metaParameterOffsets.enumerated() {
            var end = count
            for (parameter, group) in membership.enumerated() where group == index {
                offsets[parameter] = end
                end += parameters[parameter].shape.count
            }
            guard end > count else { continue }
            let members = membership.indices.filter { membership[$0] == index }
            let optimizer = optimizers.groups[index].optimizer
            let metaParameters = metaStart..<metaStart + optimizer.metaParameters.elementCount
            guard inBlocks, let optimizer = optimizer.coordinatewise else {
                let state = optimizer.state(of: members.map { parameters[$0] })
                wholeGroups.append(
                    WholeGroup(
                        optimizer: optimizer, parameters: members, state: state,
                        stateOffsets: state.map { tensor in
                            defer { stateCount += tensor.shape.count }
                            return stateCount
                        }, metaParameters: metaParameters))
                count = end
                continue
            }
            let blocks = CoordinateBlocks(
                parameterCount: end - count, features: optimizer.stateFeatures.reduce(0, +),
                isLearned: !optimizer.metaParameters.isEmpty)
            let localRows = optimizer.localRows(examples: examples)
            groups.append(
                Group(
                    optimizer: optimizer, blocks: blocks, start: count, stateStart: stateCount,
                    metaParameters: metaParameters, parameters: members, localRows: localRows,
                    localStart: localCount))
            count += blocks.paddedCount
            stateCount += blocks.stateCount
            localCount += blocks.paddedCount * localRows
        }
        self.groups = groups
        self.wholeGroups = wholeGroups
        self.parameters = parameters
        self.offsets = offsets
        self.count = count
        self.stateCount = stateCount
        self.localCount = localCount
    }

    /// Writes the optimizers' state before the first step.
    func initializeState<Scalar: TensorScalar>(_ state: ElementBuffer<Scalar>) {
        state.clear()
        for group in wholeGroups {
            for (tensor, offset) in zip(group.state, group.stateOffsets) { tensor.initialize(state.start + offset) }
        }
    }
}
