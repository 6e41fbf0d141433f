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
    private let stateFeatures: [Int]
    /// Of one block, at which nothing happens.
    private let gradient: ElementBuffer<Scalar>
    /// What the common work hands on.
    private let values: [ElementBuffer<Scalar>]
    private let firstValue: Int
    private let parameterInput: Int
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
    /// - Parameters:
    ///   - update: of a block's parameters and state.
    ///   - parameterInput: of the graph; the gradient is the next one, and then come the state's.
    init?(_ update: Graph, blocks: CoordinateBlocks, stateFeatures: [Int], parameterInput: Int) {
        let stateInputs = parameterInput + 2..<parameterInput + 2 + stateFeatures.count
        let overwriting = Dictionary(uniqueKeysWithValues: stateInputs.enumerated().map { ($0, $1) })
        guard
            let (common, own) = Plan<Scalar>.separating(
                update, input: parameterInput, updating: (overwriting, [0: parameterInput])),
            stateInputs.allSatisfy({ own.inputShapes[$0] == nil })
        else { return nil }
        self.blocks = blocks
        self.stateFeatures = stateFeatures
        self.parameterInput = parameterInput
        self.common = common
        self.own = own
        commonMemory = common.makeMemory()
        ownMemories = LendingPool { Own(memory: own.makeMemory(), length: blocks.length) }
        gradient = ElementBuffer(count: blocks.length)
        values = common.outputShapes.dropFirst(stateFeatures.count).map { ElementBuffer(count: $0.count) }
        firstValue = update.inputShapes.count
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
        commonMemory.bind(input: parameterInput + 1, to: self.gradient.start)
        var offset = 0
        for (index, features) in stateFeatures.enumerated() {
            commonMemory.bind(input: parameterInput + 2 + index, to: states.resting.start + offset)
            commonMemory.bind(output: index, to: newStates.resting.start + offset)
            offset += features * blocks.length
        }
        for (index, value) in values.enumerated() {
            commonMemory.bind(output: stateFeatures.count + index, to: value.start)
        }
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
            memory.bind(input: parameterInput, to: gathered)
            memory.bind(input: parameterInput + 1, to: gradient.start)
            for (index, value) in values.enumerated() { memory.bind(input: firstValue + index, to: value.start) }
            memory.bind(output: 0, to: gathered)
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
