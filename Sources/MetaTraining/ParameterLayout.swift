import Optimizers
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
    }

    /// Those that have parameters.
    let groups: [Group]
    /// Where each parameter begins, in the order of the parameters.
    let offsets: [Int]
    /// The length of a flat vector.
    let count: Int
    let stateCount: Int

    /// - Throws: `TrialFailure` where a parameter is in no group.
    init(_ parameters: [Parameter], _ optimizers: ParameterGroups) throws {
        let membership = try parameters.map { parameter in
            guard let group = optimizers.group(of: parameter.name) else {
                throw TrialFailure(
                    "no group's \"match\" matches the parameter \(parameter.name); a last one with \"*\" takes all that are "
                        + "left")
            }
            return group
        }
        var groups: [Group] = []
        var offsets = Array(repeating: 0, count: parameters.count)
        var (count, stateCount) = (0, 0)
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
            let metaParameters = metaStart..<metaStart + optimizer.metaParameters.elementCount
            groups.append(
                Group(
                    optimizer: optimizer, blocks: blocks, start: count, stateStart: stateCount,
                    metaParameters: metaParameters))
            count += blocks.paddedCount
            stateCount += blocks.stateCount
        }
        self.groups = groups
        self.offsets = offsets
        self.count = count
        self.stateCount = stateCount
    }
}
