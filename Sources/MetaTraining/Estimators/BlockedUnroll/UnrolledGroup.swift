import Optimizers
import TensorEngine

/// One optimizer's part in an unroll: the forward steps of its parameters, and the way back through them.
///
/// Memory: the state once a chunk of steps, a sum of meta-gradients for each piece, and what is computed in one block.
final class UnrolledGroup<Scalar: TensorScalar> {
    let place: ParameterLayout.Group
    let pullback: ChunkPullback<Scalar>
    private let update: UpdateProgram<Scalar>
    private let resting: RestingCoordinates<Scalar>?
    private let unroll: Unroll
    /// The state before each chunk and after the last. Within a chunk, every step writes to the state that is the next
    /// chunk's. Between epochs there is none.
    private var states: [CoordinateStates<Scalar>] = []
    /// `[unroll length, schedule values]`.
    private let schedule: ElementBuffer<Scalar>
    /// For each piece of the blocks, its sum of derivatives by what blocks read of the meta-parameters, one tensor after
    /// the other.
    private let partialSums: [ElementBuffer<Scalar>]
    private var reached: ReachedCoordinates
    /// What flows to each block's parameters and state, `[1 + features, block length]` each, where all blocks walk back
    /// a step together; else none.
    private let cotangents: [ElementBuffer<Scalar>]

    /// - Parameters:
    ///   - chunkLength: how many steps a block walks back at a time; the unroll's length is a multiple.
    ///   - secondDerivatives: whether derivatives go through the optimizee's gradient, so that all blocks walk back a step
    ///     together.
    init(
        _ place: ParameterLayout.Group, _ unroll: Unroll, chunkLength: Int, secondDerivatives: Bool
    ) {
        let (optimizer, blocks) = (place.optimizer, place.blocks)
        self.place = place
        self.unroll = unroll
        update = UpdateProgram(optimizer, blocks: blocks, localRows: place.localRows)
        // Where all walk back together, a block of state must be one of neighbours.
        resting = secondDerivatives ? nil : update.makeRestingCoordinates()
        pullback = ChunkPullback(
            optimizer, chunkLength: chunkLength, blockLength: blocks.length, localRows: place.localRows,
            givesGradientCotangent: secondDerivatives)
        func buffers(_ number: Int, _ count: Int) -> [ElementBuffer<Scalar>] {
            (0..<number).map { _ in ElementBuffer(count: count) }
        }
        schedule = ElementBuffer(count: unroll.length * optimizer.scheduleCount)
        partialSums = buffers(blocks.pieceCount, pullback.toMetaParameters.count)
        reached = ReachedCoordinates(parameterCount: blocks.parameterCount, chunkCount: unroll.length / chunkLength)
        cotangents = buffers(secondDerivatives ? blocks.count : 0, blocks.length * (1 + blocks.features))
    }

    /// Vectors of all groups' parameters, each from where this group's begin.
    struct Vectors {
        var metaParameters: UnsafeMutablePointer<Scalar>
        /// The loss's gradient before the unroll's first step; those before the next steps, and after the last, follow
        /// at a stride.
        var gradients: UnsafeMutablePointer<Scalar>
        var gradientStride: Int
        /// How much the loss after each of the unroll's steps counts, `[unroll length]`.
        var lossWeights: UnsafeMutablePointer<Scalar>
        /// What the optimizer is told beside at the first step, if it is; that of the next steps follows at a stride.
        var locals: UnsafeMutablePointer<Scalar>?
        var localStride: Int
    }

    private var blocks: CoordinateBlocks { place.blocks }

    var pieceCount: Int { blocks.pieceCount }

    /// State 0, where the next unroll begins.
    func start() {
        if states.isEmpty {
            states = (0...unroll.length / pullback.chunkLength).map { _ in
                CoordinateStates(blocks, canRest: resting != nil)
            }
        }
        states.last!.start()
        resting?.slots.start()
    }

    func endEpoch() { states = [] }

    /// Goes on where the last unroll ended.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func beginUnroll() {
        let last = states.count - 1
        if let slots = resting?.slots, slots.isScattered {
            states[0].takeOver(states[last], sorting: slots)
        } else {
            states.swapAt(0, last)
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func goForward(
        step: Int, epochStep: Int, _ vectors: Vectors, parameters: UnsafeMutablePointer<Scalar>,
        newParameters: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor
    ) {
        let values = place.optimizer.scheduleValues(step: epochStep + step + 1)
        for (index, value) in values.enumerated() { schedule.start[step * values.count + index] = Scalar(value) }
        let (state, newState) = (state(step), state(step + 1))
        let stepVectors = UpdateProgram<Scalar>.Vectors(
            metaParameters: vectors.metaParameters, schedule: schedule.start + step * values.count,
            gradient: vectors.gradients + step * vectors.gradientStride,
            local: vectors.locals.map { $0 + step * vectors.localStride }, parameters: parameters,
            state: state.slots.start, newParameters: newParameters, newState: newState.slots.start)
        if let resting {
            update.run(stepVectors, resting: resting, from: state, to: newState, on: executor)
        } else {
            update.run(stepVectors, on: executor)
        }
        // Keeps what fills up the last block at 0: no gradient holds it back, and were it to grow step by step to
        // infinity, as a λ can have it, 0 times it would no longer be 0 in the meta-gradient.
        for index in blocks.parameterCount..<blocks.paddedCount { newParameters[index] = 0 }
    }

    /// The state before a step of the unroll, until a later step of the same chunk writes there.
    private func state(_ step: Int) -> CoordinateStates<Scalar> {
        states[(step + pullback.chunkLength - 1) / pullback.chunkLength]
    }

    /// Says with which meta-parameters the next way back goes.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func beginWayBack(_ vectors: Vectors) {
        pullback.prepare(vectors.metaParameters)
        for sum in partialSums { sum.clear() }
    }

    /// Finds the coordinates that walk back on their own.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func findReached(_ vectors: Vectors) {
        reached.find(in: vectors.gradients, stride: vectors.gradientStride, chunkLength: pullback.chunkLength)
    }

    /// Walks the reached coordinates of a piece back through the whole unroll, in blocks of their own.
    ///
    /// - Parameter chunkParameters: the parameters before the chunk with a number.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func goBackward(piece: Int, _ vectors: Vectors, chunkParameters: (Int) -> UnsafeMutablePointer<Scalar>) {
        let (length, blockCount) = (blocks.length, reached.blockCount(length: blocks.length))
        pullback.withWorkspace { workspace in
            for block in blockCount * piece / pieceCount..<blockCount * (piece + 1) / pieceCount {
                let positions = block * length..<min((block + 1) * length, reached.count)
                workspace.cotangent.clear()
                if positions.count < length { workspace.gathered.clear() }
                for chunk in (0..<reached.chunks(at: positions.lowerBound)).reversed() {
                    let source = source(chunk, vectors, chunkParameters(chunk))
                    gather(positions, of: chunk, from: source, to: workspace.gathered)
                    goBackward(
                        piece: piece, chunk: chunk, vectors, workspace.gathered.source, workspace.cotangent, nil,
                        workspace.memory)
                }
            }
        }
    }

    /// Copies what a chunk reads of the reached coordinates at some positions together.
    @inline(__always)
    private func gather(
        _ positions: Range<Int>, of chunk: Int, from source: ChunkPullback<Scalar>.Source,
        to gathered: GatheredBlock<Scalar>
    ) {
        let states = states[chunk]
        reached.forEachRun(positions) { position, run in
            run.forEachPart(slots: resting?.slots.ofCoordinates, length: blocks.length) { part, slot in
                let lane = position - positions.lowerBound + part.first - run.first
                gathered.gather(part, to: lane, from: source, state: states.start(ofSlot: slot))
            }
        }
    }

    /// Where what the chunk with a number reads lies of all coordinates.
    ///
    /// - Parameter parameters: before the chunk.
    private func source(
        _ chunk: Int, _ vectors: Vectors, _ parameters: UnsafeMutablePointer<Scalar>
    ) -> ChunkPullback<Scalar>.Source {
        let step = chunk * pullback.chunkLength
        return .init(
            parameters: parameters, state: states[chunk].slots.start,
            gradients: vectors.gradients + step * vectors.gradientStride, gradientStride: vectors.gradientStride,
            locals: vectors.locals.map { $0 + step * vectors.localStride }, localStride: vectors.localStride)
    }

    /// Makes ready for a way back in which all blocks walk a step together.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func beginTogether() {
        for cotangent in cotangents { cotangent.clear() }
    }

    /// Walks the blocks of a piece back one step.
    ///
    /// - Parameters:
    ///   - parameters: before the step.
    ///   - toGradient: where the derivative by the step's gradient goes.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func goBackwardTogether(
        piece: Int, step: Int, _ vectors: Vectors, parameters: UnsafeMutablePointer<Scalar>,
        toGradient: UnsafeMutablePointer<Scalar>
    ) {
        pullback.withWorkspace { workspace in
            for block in blocks.blocks(piece: piece, of: blocks.pieceCount) {
                var source = source(step, vectors, parameters)
                source.advance(to: block, of: blocks, localRows: place.localRows)
                goBackward(
                    piece: piece, chunk: step, vectors, source, cotangents[block],
                    toGradient + block * blocks.length, workspace.memory)
            }
        }
    }

    /// Adds to the derivatives by the parameters.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func addToCotangents(_ derivative: UnsafeMutablePointer<Scalar>) {
        for block in 0..<blocks.count {
            let target = cotangents[block].start
            for index in 0..<blocks.length { target[index] += derivative[block * blocks.length + index] }
        }
    }

    /// Walks one block back through one chunk.
    ///
    /// - Parameter block: what is read of it.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goBackward(
        piece: Int, chunk: Int, _ vectors: Vectors, _ block: ChunkPullback<Scalar>.Source,
        _ cotangent: ElementBuffer<Scalar>, _ gradientCotangent: UnsafeMutablePointer<Scalar>?,
        _ memory: PlanMemory<Scalar>
    ) {
        let step = chunk * pullback.chunkLength
        pullback.run(
            .init(
                metaParameters: vectors.metaParameters, sums: partialSums[piece].start,
                schedule: schedule.start + step * place.optimizer.scheduleCount,
                weights: vectors.lossWeights + step, block: block, cotangent: cotangent.start,
                stateCotangent: cotangent.start + blocks.length, gradientCotangent: gradientCotangent),
            memory)
    }

    /// Writes the meta-gradient: that of the sum over all pieces, in their order.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func writeMetaGradient(
        to metaGradient: UnsafeMutablePointer<Scalar>, _ metaParameters: UnsafeMutablePointer<Scalar>
    ) {
        let total = partialSums[0]
        for sum in partialSums.dropFirst() {
            for index in 0..<sum.count { total.start[index] += sum.start[index] }
        }
        pullback.toMetaParameters.run(metaParameters, cotangents: total.start, to: metaGradient)
    }
}
