import TensorEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The blocks of coordinates that have had no gradient since the epoch began. They are all in one state, and what of a
/// step doesn't depend on a coordinate's parameter is done once for all of them.
///
/// The first layer's weights from pixels that were black in every minibatch rest: of a student of MNIST an eighth of
/// the blocks in the first 20 steps, and a fifteenth after 60.
final class RestingBlocks<Scalar: TensorScalar>: @unchecked Sendable {
    /// What is the same for all, and what each block's parameters need beside.
    private let common: Plan<Scalar>
    private let own: Plan<Scalar>
    private let commonMemory: PlanMemory<Scalar>
    private let ownMemories: LendingPool<PlanMemory<Scalar>>
    private let blocks: CoordinateBlocks
    private let stateFeatures: [Int]
    /// Of one block, at which nothing happens.
    private let gradient: ElementBuffer<Scalar>
    private let state: ElementBuffer<Scalar>
    /// What the common work hands on.
    private let values: [ElementBuffer<Scalar>]
    private let firstValue: Int
    private let parameterInput: Int
    private var isResting: [Bool]
    private var hasResting = false

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
        ownMemories = LendingPool { own.makeMemory() }
        gradient = ElementBuffer(count: blocks.length)
        state = ElementBuffer(count: blocks.length * blocks.features)
        values = common.outputShapes.dropFirst(stateFeatures.count).map { ElementBuffer(count: $0.count) }
        firstValue = update.inputShapes.count
        isResting = Array(repeating: false, count: blocks.count)
    }

    /// Says that all state is 0 again.
    func start() {
        for block in isResting.indices { isResting[block] = true }
        hasResting = true
        state.clear()
    }

    /// Wakes the blocks that have a gradient, and does the common work of a step for the others.
    ///
    /// - Parameters:
    ///   - gradient: of all coordinates.
    ///   - bind: binds the inputs of a plan that are no block's.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func step(_ gradient: UnsafeMutablePointer<Scalar>, bind: (PlanMemory<Scalar>) -> Void) {
        guard hasResting else { return }
        hasResting = false
        let bytes = blocks.length * MemoryLayout<Scalar>.stride
        for block in isResting.indices where isResting[block] {
            isResting[block] = memcmp(gradient + block * blocks.length, self.gradient.start, bytes) == 0
            hasResting = hasResting || isResting[block]
        }
        guard hasResting else { return }
        bind(commonMemory)
        commonMemory.bind(input: parameterInput + 1, to: self.gradient.start)
        var offset = 0
        for (index, features) in stateFeatures.enumerated() {
            commonMemory.bind(input: parameterInput + 2 + index, to: state.start + offset)
            commonMemory.bind(output: index, to: state.start + offset)
            offset += features * blocks.length
        }
        for (index, value) in values.enumerated() {
            commonMemory.bind(output: stateFeatures.count + index, to: value.start)
        }
        common.run(commonMemory)
    }

    func rests(_ block: Int) -> Bool { isResting[block] }

    /// Writes a resting block's parameters and state after the step.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func update(
        parameters: UnsafeMutablePointer<Scalar>, to newParameters: UnsafeMutablePointer<Scalar>,
        newState: UnsafeMutablePointer<Scalar>, bind: (PlanMemory<Scalar>) -> Void
    ) {
        newState.update(from: state.start, count: state.count)
        ownMemories.withValue { memory in
            bind(memory)
            memory.bind(input: parameterInput, to: parameters)
            memory.bind(input: parameterInput + 1, to: gradient.start)
            for (index, value) in values.enumerated() { memory.bind(input: firstValue + index, to: value.start) }
            memory.bind(output: 0, to: newParameters)
            own.run(memory)
        }
    }
}
