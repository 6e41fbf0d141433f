import Optimizers
import TensorEngine

/// One step of an optimizer on all coordinates: a plan for one block, run for every block.
struct UpdateProgram<Scalar: TensorScalar>: Sendable {
    /// Of one block, from meta-parameters, schedule, parameters, gradient, what it is told beside, and state.
    private let graph: Graph
    private let plan: Plan<Scalar>
    private let memories: LendingPool<PlanMemory<Scalar>>
    private let shared: SharedValues<Scalar>
    private let stateFeatures: [Int]
    private let scheduleCount: Int
    private let localRows: Int
    private let metaOffsets: [Int]
    private let averaging: StateAveraging
    let blocks: CoordinateBlocks

    /// - Parameter localRows: how many numbers the optimizer is told of each coordinate.
    init(_ optimizer: any Optimizer, blocks: CoordinateBlocks, localRows: Int) {
        self.blocks = blocks
        averaging = StateAveraging(optimizer, blocks: blocks)
        stateFeatures = optimizer.stateFeatures
        scheduleCount = optimizer.scheduleCount
        metaOffsets = optimizer.metaParameters.offsets
        self.localRows = localRows
        let row: Shape = [1, blocks.length]
        let trace = Trace()
        let metaParameters = optimizer.metaParameters.map { trace.input($0.shape) }
        let schedule = (0..<scheduleCount).map { _ in trace.input(.scalar) }
        let coordinates = Coordinates(
            parameter: trace.input(row), gradient: trace.input(row),
            local: localRows > 0 ? trace.input([localRows, blocks.length]) : nil,
            state: stateFeatures.map { trace.input([$0, blocks.length]) }, schedule: schedule)
        let updated = optimizer.update(coordinates, metaParameters: metaParameters)
        let (shared, rest) = trace.graph(outputs: [updated.parameter] + updated.state).hoisting(0..<metaOffsets.count)
        self.shared = SharedValues(shared, metaOffsets: metaOffsets)
        graph = rest
        // Parameters and state may be updated in place.
        let first = metaOffsets.count + scheduleCount
        let updating = (0..<stateFeatures.count).map { (1 + $0, first + (localRows > 0 ? 3 : 2) + $0) } + [(0, first)]
        plan = Plan(graph, updating: Dictionary(uniqueKeysWithValues: updating))
        memories = LendingPool { [plan] in plan.makeMemory() }
    }

    private init(copying other: UpdateProgram) {
        blocks = other.blocks
        averaging = other.averaging
        stateFeatures = other.stateFeatures
        scheduleCount = other.scheduleCount
        localRows = other.localRows
        metaOffsets = other.metaOffsets
        graph = other.graph
        plan = other.plan
        memories = other.memories
        shared = SharedValues(copying: other.shared)
    }

    /// The same program, which may run at the same time, with other meta-parameters: only what is compiled is shared.
    func copy() -> UpdateProgram { UpdateProgram(copying: self) }

    /// What keeps account of the blocks that rest while an epoch is run, for one who sees it from its start. Nil where
    /// blocks that have no gradient differ, or do so little that nothing would be saved.
    func makeRestingBlocks() -> RestingBlocks<Scalar>? {
        guard !metaOffsets.isEmpty, localRows == 0, !averaging.isNeeded else { return nil }
        return RestingBlocks(graph, blocks: blocks, stateFeatures: stateFeatures, parameterInput: parameterInput)
    }

    private var parameterInput: Int { metaOffsets.count + scheduleCount }

    /// What one step reads and writes; all vectors are padded to whole blocks.
    struct Vectors: @unchecked Sendable {
        var metaParameters: UnsafeMutablePointer<Scalar>
        var schedule: UnsafeMutablePointer<Scalar>
        var gradient: UnsafeMutablePointer<Scalar>
        /// What the optimizer is told beside, block by block; nil where it looks at nothing else.
        var local: UnsafeMutablePointer<Scalar>?
        var parameters: UnsafeMutablePointer<Scalar>
        var state: UnsafeMutablePointer<Scalar>
        /// May be the memory of `parameters`.
        var newParameters: UnsafeMutablePointer<Scalar>
        /// May be the memory of `state`.
        var newState: UnsafeMutablePointer<Scalar>
    }

    /// Runs one step. A program runs one step at a time.
    ///
    /// - Parameter resting: the blocks that rest, of this epoch.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(_ vectors: Vectors, resting: RestingBlocks<Scalar>? = nil, on executor: any PieceExecutor) {
        shared.update(vectors.metaParameters)
        resting?.step(vectors.gradient) { bindCommon(vectors, to: $0) }
        executor.run(pieces: blocks.pieceCount) { piece in
            memories.withValue { run(piece: piece, vectors, resting, $0) }
        }
        averaging.average { vectors.newState + blocks.stateOffset($0) }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(
        piece: Int, _ vectors: Vectors, _ resting: RestingBlocks<Scalar>?, _ memory: PlanMemory<Scalar>
    ) {
        bindCommon(vectors, to: memory)
        let first = parameterInput
        for block in blocks.blocks(piece: piece, of: blocks.pieceCount) {
            let start = block * blocks.length
            if let resting, resting.rests(block) {
                resting.update(
                    parameters: vectors.parameters + start, to: vectors.newParameters + start,
                    newState: vectors.newState + blocks.stateOffset(block)
                ) { bindCommon(vectors, to: $0) }
                continue
            }
            memory.bind(input: first, to: vectors.parameters + start)
            memory.bind(input: first + 1, to: vectors.gradient + start)
            memory.bind(output: 0, to: vectors.newParameters + start)
            if let local = vectors.local { memory.bind(input: first + 2, to: local + start * localRows) }
            let stateInput = first + (localRows > 0 ? 3 : 2)
            var offset = blocks.stateOffset(block)
            for (index, features) in stateFeatures.enumerated() {
                memory.bind(input: stateInput + index, to: vectors.state + offset)
                memory.bind(output: 1 + index, to: vectors.newState + offset)
                offset += features * blocks.length
            }
            plan.run(memory)
        }
    }

    /// Binds what is no block's.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func bindCommon(_ vectors: Vectors, to memory: PlanMemory<Scalar>) {
        for (index, offset) in metaOffsets.enumerated() {
            memory.bind(input: index, to: vectors.metaParameters + offset)
        }
        shared.bind(to: memory)
        for index in 0..<scheduleCount {
            memory.bind(input: metaOffsets.count + index, to: vectors.schedule + index)
        }
    }
}

/// Carries a value to closures that may run on other threads, where the code around it keeps accesses apart.
struct UncheckedSendable<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
