import Optimizers
import Problems
import TensorEngine

/// One step of every group's optimizer on a flat parameter vector, in place.
final class OptimizerStep<Scalar: TensorScalar> {
    private let groups: [Group]
    private let wholeGroups: [WholeUpdate<Scalar>]

    private struct Group {
        let place: ParameterLayout.Group
        let update: UpdateProgram<Scalar>
        let schedule: ElementBuffer<Scalar>
    }

    /// - Parameter problem: whose parameters they are; nil for meta-parameters.
    init(_ layout: ParameterLayout, _ problem: Problem?) {
        groups = layout.groups.map { place in
            Group(
                place: place, update: UpdateProgram(place.optimizer, blocks: place.blocks, localRows: place.localRows),
                schedule: ElementBuffer(count: place.optimizer.scheduleCount))
        }
        wholeGroups = layout.wholeGroups.map { WholeUpdate($0, layout, problem) }
    }

    /// The same step, which may run at the same time, with other meta-parameters: only what is compiled is shared.
    init(copying other: OptimizerStep) {
        groups = other.groups.map { group in
            Group(
                place: group.place, update: group.update.copy(), schedule: ElementBuffer(count: group.schedule.count))
        }
        wholeGroups = other.wholeGroups.map(WholeUpdate.init(copying:))
    }

    /// Whether some optimizer asks for more than the gradient, so that the minibatch must be at hand.
    var asksForMinibatch: Bool { wholeGroups.contains { $0.group.asksForMinibatch } }

    /// Whether some optimizer is judged by other parameters than those where it takes gradients.
    var isJudgedElsewhere: Bool { wholeGroups.contains { $0.group.optimizer.isJudgedElsewhere } }

    /// What one step reads and writes; vectors are flat, as the layout has them.
    struct Vectors {
        var metaParameters: UnsafeMutablePointer<Scalar>
        var gradient: UnsafeMutablePointer<Scalar>
        /// What optimizers are told beside.
        var local: UnsafeMutablePointer<Scalar>
        var loss: Double
        var parameters: UnsafeMutablePointer<Scalar>
        var state: UnsafeMutablePointer<Scalar>
        /// What the objective carries, and the tensors of the minibatch: for optimizers that ask for more.
        var carried: UnsafeMutablePointer<Scalar>?
        var minibatch: [UnsafeMutablePointer<Scalar>] = []
    }

    /// Runs one step. It runs one at a time.
    ///
    /// - Parameter step: 1 for the first.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(step: Int, _ vectors: Vectors, on executor: any PieceExecutor) {
        // These read all parameters, so the others are not changed before.
        for group in wholeGroups {
            group.run(
                step: step,
                .init(
                    metaParameters: vectors.metaParameters, gradient: vectors.gradient, loss: vectors.loss,
                    parameters: vectors.parameters, state: vectors.state, carried: vectors.carried,
                    minibatch: vectors.minibatch), on: executor)
        }
        for group in groups {
            let place = group.place
            for (index, value) in place.optimizer.scheduleValues(step: step).enumerated() {
                group.schedule.start[index] = Scalar(value)
            }
            let parameters = vectors.parameters + place.start
            let state = vectors.state + place.stateStart
            group.update.run(
                .init(
                    metaParameters: vectors.metaParameters + place.metaParameters.lowerBound,
                    schedule: group.schedule.start, gradient: vectors.gradient + place.start,
                    local: place.localRows > 0 ? vectors.local + place.localStart : nil, parameters: parameters,
                    state: state, newParameters: parameters, newState: state), on: executor)
        }
        for group in wholeGroups { group.write(parameters: vectors.parameters) }
    }

    /// Puts the parameters that optimizers are judged by in the place of their own.
    func judge(_ parameters: UnsafeMutablePointer<Scalar>, state: UnsafeMutablePointer<Scalar>) {
        for group in wholeGroups { group.judge(parameters, state: state) }
    }
}
