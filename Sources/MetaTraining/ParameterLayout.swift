import Optimizers
import Problems
import TensorEngine

/// Where an optimizee's parameters lie in a flat vector: those that one optimizer updates one after the other, filled
/// up to whole blocks, and then those of the next.
struct ParameterLayout {
    /// The parameters that one optimizer updates.
    struct Group {
        let optimizer: any Optimizer
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

    /// Those that have parameters.
    let groups: [Group]
    /// Where each parameter begins, in the order of the parameters.
    let offsets: [Int]
    /// The length of a flat vector.
    let count: Int
    let stateCount: Int
    let localCount: Int

    /// - Throws: `TrialFailure` where a parameter is in no group, or an optimizer asks what the problem cannot tell.
    init(_ problem: any Problem, _ optimizers: ParameterGroups) throws {
        if let misfit = optimizers.misfit(with: problem) { throw TrialFailure(misfit) }
        self.init(problem.parameters, optimizers, examples: problem.localExamples)
    }

    /// - Parameters:
    ///   - parameters: each in one of the groups.
    ///   - examples: how many examples of a minibatch optimizers are told of.
    init(_ parameters: [Parameter], _ optimizers: ParameterGroups, examples: Int = 1) {
        let membership = parameters.map { optimizers.group(of: $0.name)! }
        var groups: [Group] = []
        var offsets = Array(repeating: 0, count: parameters.count)
        var (count, stateCount, localCount) = (0, 0, 0)
        for (index, metaStart) in optimizers.metaParameterOffsets.enumerated() {
            var end = count
            for (parameter, group) in membership.enumerated() where group == index {
                offsets[parameter] = end
                end += parameters[parameter].shape.count
            }
            guard end > count else { continue }
            let optimizer = optimizers.groups[index].optimizer
            let blocks = CoordinateBlocks(
                parameterCount: end - count, features: optimizer.stateFeatures.reduce(0, +),
                isLearned: !optimizer.metaParameters.isEmpty)
            let localRows = optimizer.localRows(examples: examples)
            let metaParameters = metaStart..<metaStart + optimizer.metaParameters.elementCount
            groups.append(
                Group(
                    optimizer: optimizer, blocks: blocks, start: count, stateStart: stateCount,
                    metaParameters: metaParameters,
                    parameters: membership.indices.filter { membership[$0] == index },
                    localRows: localRows, localStart: localCount))
            count += blocks.paddedCount
            stateCount += blocks.stateCount
            localCount += blocks.paddedCount * localRows
        }
        self.groups = groups
        self.offsets = offsets
        self.count = count
        self.stateCount = stateCount
        self.localCount = localCount
    }
}
