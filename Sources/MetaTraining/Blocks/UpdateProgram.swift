import Optimizers
import TensorEngine

/// One step of an optimizer on all coordinates: a plan for one block, run for every block.
struct UpdateProgram<Scalar: TensorScalar>: Sendable {
    private let plans: UpdatePlans<Scalar>
    private let workspaces: LendingPool<Workspace>
    private let shared: SharedValues<Scalar>
    private let localRows: Int
    let blocks: CoordinateBlocks

    /// - Parameter localRows: how many numbers the optimizer is told of each coordinate.
    init(_ optimizer: any CoordinatewiseOptimizer, blocks: CoordinateBlocks, localRows: Int) {
        self.blocks = blocks
        self.localRows = localRows
        plans = UpdatePlans(optimizer, blockLength: blocks.length, localRows: localRows)
        shared = SharedValues(plans.shared, handed: plans.handed, metaParameters: plans.metaParameters)
        workspaces = LendingPool { [plans, blocks] in
            Workspace(memory: plans.own.makeMemory(), length: blocks.length)
        }
    }

    private init(copying other: UpdateProgram) {
        blocks = other.blocks
        localRows = other.localRows
        plans = other.plans
        workspaces = other.workspaces
        shared = SharedValues(copying: other.shared)
    }

    /// The same program, which may run at the same time, with other meta-parameters: only what is compiled is shared.
    func copy() -> UpdateProgram { UpdateProgram(copying: self) }

    /// What keeps account of the coordinates that rest while an epoch is run, for one who sees it from its start. Nil
    /// where coordinates that have no gradient differ, or do so little that nothing would be saved.
    func makeRestingCoordinates() -> RestingCoordinates<Scalar>? {
        guard !plans.metaParameters.slots.isEmpty, localRows == 0 else { return nil }
        return RestingCoordinates(plans, blocks: blocks)
    }

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

    /// What runs on one thread work in.
    private final class Workspace {
        let memory: PlanMemory<Scalar>
        /// Parameters and gradients of a block of coordinates that are no neighbours.
        let parameters: ElementBuffer<Scalar>
        let gradient: ElementBuffer<Scalar>

        init(memory: PlanMemory<Scalar>, length: Int) {
            self.memory = memory
            parameters = ElementBuffer(count: length)
            gradient = ElementBuffer(count: length)
        }
    }

    /// Runs one step. A program runs one step at a time.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(_ vectors: Vectors, on executor: any PieceExecutor) {
        shared.update(vectors.metaParameters)
        let pieceCount = executor.hasHelpers ? blocks.pieceCount : 1
        executor.run(pieces: pieceCount) { piece in
            workspaces.withValue { workspace in
                bindCommon(vectors, to: workspace.memory)
                for block in blocks.blocks(piece: piece, of: pieceCount) {
                    bind(block, vectors, to: workspace.memory)
                    let first = block * blocks.length
                    bindCoordinates(
                        vectors.parameters + first, vectors.gradient + first, vectors.newParameters + first,
                        to: workspace.memory)
                    plans.own.run(workspace.memory)
                }
            }
        }
    }

    /// Runs one step where some coordinates rest; the vectors' state is that of the slots of the others.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        _ vectors: Vectors, resting: RestingCoordinates<Scalar>, from states: CoordinateStates<Scalar>,
        to newStates: CoordinateStates<Scalar>, on executor: any PieceExecutor
    ) {
        precondition(
            vectors.state == states.slots.start && vectors.newState == newStates.slots.start,
            "state is read and written where the slots are")
        shared.update(vectors.metaParameters)
        resting.step(vectors.gradient, from: states, to: newStates) { bindCommon(vectors, to: $0) }
        let count = states.blockCount
        executor.run(pieces: blocks.pieceCount) { piece in
            workspaces.withValue { workspace in
                bindCommon(vectors, to: workspace.memory)
                for block in count * piece / blocks.pieceCount..<count * (piece + 1) / blocks.pieceCount {
                    bind(block, vectors, to: workspace.memory)
                    let first = block * blocks.length
                    run(first..<min(first + blocks.length, resting.slots.awakeCount), vectors, resting, workspace)
                }
            }
            resting.update(
                piece: piece, of: blocks.pieceCount, parameters: vectors.parameters, to: vectors.newParameters
            ) { bindCommon(vectors, to: $0) }
        }
    }

    /// Runs the step of the coordinates of a block's slots.
    @inline(__always)
    private func run(
        _ slots: Range<Int>, _ vectors: Vectors, _ resting: RestingCoordinates<Scalar>, _ workspace: Workspace
    ) {
        let coordinates = resting.slots.coordinates
        let memory = workspace.memory
        let row = coordinates.run(slots)
        if row.count == blocks.length {
            bindCoordinates(
                vectors.parameters + row.first, vectors.gradient + row.first, vectors.newParameters + row.first,
                to: memory)
            plans.own.run(memory)
            return
        }
        let parameters = workspace.parameters.start - slots.lowerBound
        let gradient = workspace.gradient.start - slots.lowerBound
        coordinates.forEachRun(slots) { slot, run in
            (parameters + slot).update(from: vectors.parameters + run.first, count: run.count)
            (gradient + slot).update(from: vectors.gradient + run.first, count: run.count)
        }
        // Lanes without a coordinate go on resting, until a coordinate that wakes takes them over.
        let missing = blocks.length - slots.count
        if missing > 0 { (gradient + slots.upperBound).update(repeating: 0, count: missing) }
        bindCoordinates(
            workspace.parameters.start, workspace.gradient.start, workspace.parameters.start, to: memory)
        plans.own.run(memory)
        coordinates.forEachRun(slots) { slot, run in
            (vectors.newParameters + run.first).update(from: parameters + slot, count: run.count)
        }
    }

    /// Binds what is told of a block beside, and its state.
    @inline(__always)
    private func bind(_ block: Int, _ vectors: Vectors, to memory: PlanMemory<Scalar>) {
        if let slot = plans.local, let local = vectors.local {
            memory.bind(slot, to: local + block * blocks.length * localRows)
        }
        memory.bind(plans.state, to: vectors.state + blocks.stateOffset(block))
        memory.bind(plans.newState, to: vectors.newState + blocks.stateOffset(block))
    }

    @inline(__always)
    private func bindCoordinates(
        _ parameters: UnsafeMutablePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>,
        _ newParameters: UnsafeMutablePointer<Scalar>, to memory: PlanMemory<Scalar>
    ) {
        memory.bind(plans.parameters, to: parameters)
        memory.bind(plans.gradient, to: gradient)
        memory.bind(plans.newParameters, to: newParameters)
    }

    /// Binds what is no block's.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func bindCommon(_ vectors: Vectors, to memory: PlanMemory<Scalar>) {
        memory.bind(plans.metaParameters, to: vectors.metaParameters)
        memory.bind(plans.schedule, to: vectors.schedule)
        shared.bind(to: memory)
    }
}
