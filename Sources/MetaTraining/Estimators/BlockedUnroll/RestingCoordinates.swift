import TensorEngine

/// The coordinates that have had no gradient since the epoch began. They are all in one state, and what of a step
/// doesn't depend on a coordinate's parameter is done once for all of them.
final class RestingCoordinates<Scalar: TensorScalar>: @unchecked Sendable {
    /// What is the same for all, and what each block's parameters need beside.
    private let common: Plan<Scalar>
    private let own: Plan<Scalar>
    private let commonMemory: PlanMemory<Scalar>
    private let ownMemories: LendingPool<Own>
    private let blocks: CoordinateBlocks
    /// Of the whole step of a block.
    private let plans: UpdatePlans<Scalar>
    /// Of one block, at which nothing happens.
    private let gradient: ElementBuffer<Scalar>
    /// What the common work hands on, and where it lies.
    private let handed: HandedValues
    private let values: ElementBuffer<Scalar>
    let slots: CoordinateSlots

    /// Where what each block needs beside is computed.
    private final class Own {
        let memory: PlanMemory<Scalar>
        let parameters: ElementBuffer<Scalar>

        init(memory: PlanMemory<Scalar>, length: Int) {
            self.memory = memory
            parameters = ElementBuffer(count: length)
        }
    }

    /// Nil where what is to be the same for all depends on parameters.
    ///
    /// - Parameter plans: of the whole step of a block.
    init?(_ plans: UpdatePlans<Scalar>, blocks: CoordinateBlocks) {
        guard let (common, own, handed) = Plan<Scalar>.separating(plans.graph, input: plans.parameters),
            !plans.state.slots.contains(where: own.reads)
        else { return nil }
        self.blocks = blocks
        self.plans = plans
        self.handed = handed
        self.common = common
        self.own = own
        commonMemory = common.makeMemory()
        ownMemories = LendingPool { Own(memory: own.makeMemory(), length: blocks.length) }
        gradient = ElementBuffer(count: blocks.length)
        values = ElementBuffer(count: handed.count)
        slots = CoordinateSlots(count: blocks.parameterCount)
    }

    /// Wakes the coordinates that have a gradient, and does the common work of a step for the others.
    ///
    /// - Parameters:
    ///   - gradient: of all coordinates.
    ///   - states: before the step and after it; may be the same.
    ///   - bind: binds the inputs of a plan that are no block's.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func step(
        _ gradient: UnsafeMutablePointer<Scalar>, from states: CoordinateStates<Scalar>,
        to newStates: CoordinateStates<Scalar>, bind: (PlanMemory<Scalar>) -> Void
    ) {
        slots.wake(gradient)
        states.open((slots.awakeCount + blocks.length - 1) / blocks.length)
        newStates.willBeWritten(blocks: states.blockCount)
        guard slots.restingCount > 0 else { return }
        bind(commonMemory)
        commonMemory.bind(plans.gradient, to: self.gradient.start)
        commonMemory.bind(plans.state, to: states.resting.start)
        commonMemory.bind(plans.newState, to: newStates.resting.start)
        commonMemory.bind(handed.outputs, to: values.start)
        common.run(commonMemory)
    }

    /// Writes the parameters of a piece of the resting coordinates after the step.
    ///
    /// - Parameter newParameters: may be the memory of `parameters`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func update(
        piece: Int, of pieces: Int, parameters: UnsafeMutablePointer<Scalar>,
        to newParameters: UnsafeMutablePointer<Scalar>, bind: (PlanMemory<Scalar>) -> Void
    ) {
        let (length, count) = (blocks.length, slots.restingCount)
        let blockCount = (count + length - 1) / length
        let range = blockCount * piece / pieces..<blockCount * (piece + 1) / pieces
        guard !range.isEmpty else { return }
        ownMemories.withValue { own in
            let (memory, gathered) = (own.memory, own.parameters.start)
            bind(memory)
            memory.bind(plans.parameters, to: gathered)
            memory.bind(plans.gradient, to: gradient.start)
            memory.bind(handed.inputs, to: values.start)
            memory.bind(plans.newParameters, to: gathered)
            for block in range {
                let positions = block * length..<min((block + 1) * length, count)
                let lanes = gathered - positions.lowerBound
                slots.restingCoordinates.forEachRun(positions) { position, run in
                    (lanes + position).update(from: parameters + run.first, count: run.count)
                }
                self.own.run(memory)
                slots.restingCoordinates.forEachRun(positions) { position, run in
                    (newParameters + run.first).update(from: lanes + position, count: run.count)
                }
            }
        }
    }
}
