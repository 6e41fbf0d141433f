import Optimizers
import TensorEngine

/// One step of every group's optimizer on a flat parameter vector, in place.
final class OptimizerStep<Scalar: TensorScalar> {
    private let groups: [Group]

    private struct Group {
        let place: ParameterLayout.Group
        let update: UpdateProgram<Scalar>
        let schedule: ElementBuffer<Scalar>
    }

    init(_ layout: ParameterLayout) {
        groups = layout.groups.map { place in
            Group(
                place: place, update: UpdateProgram(place.optimizer, blocks: place.blocks, localRows: place.localRows),
                schedule: ElementBuffer(count: place.optimizer.scheduleCount))
        }
    }

    /// The same step, which may run at the same time, with other meta-parameters: only what is compiled is shared.
    init(copying other: OptimizerStep) {
        groups = other.groups.map { group in
            Group(
                place: group.place, update: group.update.copy(), schedule: ElementBuffer(count: group.schedule.count))
        }
    }

    /// Runs one step. It runs one at a time.
    ///
    /// - Parameters:
    ///   - step: 1 for the first.
    ///   - gradient: a flat vector, as `parameters`.
    ///   - local: what optimizers are told beside, as the layout says.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        step: Int, metaParameters: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>,
        local: UnsafeMutablePointer<Scalar>, parameters: UnsafeMutablePointer<Scalar>,
        state: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor
    ) {
        for group in groups {
            let place = group.place
            for (index, value) in place.optimizer.scheduleValues(step: step).enumerated() {
                group.schedule.start[index] = Scalar(value)
            }
            group.update.run(
                .init(
                    metaParameters: metaParameters + place.metaParameters.lowerBound, schedule: group.schedule.start,
                    gradient: gradient + place.start,
                    local: place.localRows > 0 ? local + place.localStart : nil, parameters: parameters + place.start,
                    state: state + place.stateStart, newParameters: parameters + place.start,
                    newState: state + place.stateStart),
                on: executor)
        }
    }
}
