import Optimizers
import TensorEngine

/// One optimizer's part in an unroll: the forward steps of its parameters, and the way back through them.
///
/// Memory: the state every few steps, a sum of meta-gradients for each piece, and what is computed in one block.
final class UnrolledGroup<Scalar: TensorScalar> {
    let place: ParameterLayout.Group
    let pullback: ChunkPullback<Scalar>
    private let averaging: StateAveraging
    private let update: UpdateProgram<Scalar>
    private let steps: Int
    /// State before each chunk, and after the last. Within a chunk, its end is updated in place.
    private var states: [ElementBuffer<Scalar>]
    private let schedule: ElementBuffer<Scalar>
    private let partialGradients: [ElementBuffer<Scalar>]
    /// Each block's, where all walk back a step together.
    private let cotangents: [ElementBuffer<Scalar>]

    /// - Parameters:
    ///   - chunk: how many steps are walked back at a time.
    ///   - isTogether: whether all blocks walk back a step together.
    ///   - givesGradientCotangent: whether derivatives go through the optimizee's gradient.
    init(
        _ place: ParameterLayout.Group, steps: Int, chunk: Int, isTogether: Bool, givesGradientCotangent: Bool
    ) {
        let (optimizer, blocks) = (place.optimizer, place.blocks)
        self.place = place
        self.steps = steps
        averaging = StateAveraging(optimizer, blocks: blocks)
        update = UpdateProgram(optimizer, blocks: blocks, localRows: place.localRows)
        pullback = ChunkPullback(
            optimizer, steps: chunk, blockLength: blocks.length, localRows: place.localRows,
            givesGradientCotangent: givesGradientCotangent)
        func buffers(_ number: Int, _ count: Int) -> [ElementBuffer<Scalar>] {
            (0..<number).map { _ in ElementBuffer(count: count) }
        }
        states = buffers(steps / chunk + 1, blocks.stateCount)
        schedule = ElementBuffer(count: steps * optimizer.scheduleCount)
        partialGradients = buffers(blocks.pieceCount, place.metaParameters.count)
        cotangents = buffers(isTogether ? blocks.count : 0, blocks.length * (1 + blocks.features))
    }

    /// Vectors of all groups' parameters, at this group's.
    struct Vectors {
        var metaParameters: UnsafeMutablePointer<Scalar>
        /// The gradient at the unroll's first step; those of the next steps follow at a stride.
        var gradients: UnsafeMutablePointer<Scalar>
        var gradientStride: Int
        /// How much the loss after each of the unroll's steps counts.
        var lossWeights: UnsafeMutablePointer<Scalar>
        /// What the optimizer is told beside at the first step, if it is; that of the next steps follows at a stride.
        var locals: UnsafeMutablePointer<Scalar>?
        var localStride: Int
    }

    private var blocks: CoordinateBlocks { place.blocks }

    var pieceCount: Int { blocks.pieceCount }

    /// State 0, where the next unroll begins.
    func start() { states.last!.clear() }

    /// Goes on where the last unroll ended.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func beginUnroll() { states.swapAt(0, states.count - 1) }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func goForward(
        step: Int, epochStep: Int, _ vectors: Vectors, parameters: UnsafeMutablePointer<Scalar>,
        newParameters: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor
    ) {
        let values = place.optimizer.scheduleValues(step: epochStep + step + 1)
        for (index, value) in values.enumerated() { schedule.start[step * values.count + index] = Scalar(value) }
        update.run(
            .init(
                metaParameters: vectors.metaParameters, schedule: schedule.start + step * values.count,
                gradient: vectors.gradients + step * vectors.gradientStride,
                local: vectors.locals.map { $0 + step * vectors.localStride }, parameters: parameters,
                state: state(step).start, newParameters: newParameters, newState: state(step + 1).start),
            on: executor)
        // Keeps what fills up the last block at 0: no gradient holds it back, and were it to grow step by step to
        // infinity, as a λ can have it, 0 times it would no longer be 0 in the meta-gradient.
        for index in blocks.parameterCount..<blocks.paddedCount { newParameters[index] = 0 }
    }

    private func state(_ step: Int) -> ElementBuffer<Scalar> {
        states[(step + pullback.steps - 1) / pullback.steps]
    }

    /// Says with which meta-parameters the next way back goes.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func beginWayBack(_ vectors: Vectors) {
        pullback.prepare(vectors.metaParameters)
        for partial in partialGradients { partial.clear() }
    }

    /// Walks the blocks of a piece back through the whole unroll.
    ///
    /// - Parameter chunkParameters: the parameters before each chunk.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func goBackward(piece: Int, _ vectors: Vectors, chunkParameters: (Int) -> UnsafeMutablePointer<Scalar>) {
        pullback.withWorkspace { workspace in
            for block in blocks.blocks(piece: piece, of: blocks.pieceCount) {
                workspace.cotangent.clear()
                for chunk in stride(from: lastReached(block, vectors) / pullback.steps, through: 0, by: -1) {
                    goBackward(
                        piece: piece, block: block, chunk: chunk, workspace.cotangent, vectors, chunkParameters(chunk),
                        nil, workspace.memory)
                }
            }
        }
    }

    /// The last step whose result a derivative flows to; below 0 where none flows to the block at all.
    ///
    /// The first layer's weights from pixels that are black in every minibatch have no gradient, and what is not
    /// reached contributes nothing: a tenth of the blocks of a student of MNIST.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func lastReached(_ block: Int, _ vectors: Vectors) -> Int {
        for step in stride(from: steps, to: 0, by: -1) {
            let gradient = vectors.gradients + step * vectors.gradientStride + block * blocks.length
            for index in 0..<blocks.length where gradient[index] != 0 { return step - 1 }
        }
        return -pullback.steps
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
    ///   - toGradient: where the derivative by the step's gradient goes, if it is asked for.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func goBackwardTogether(
        piece: Int, step: Int, _ vectors: Vectors, parameters: UnsafeMutablePointer<Scalar>,
        toGradient: UnsafeMutablePointer<Scalar>?
    ) {
        pullback.withWorkspace { workspace in
            for block in blocks.blocks(piece: piece, of: blocks.pieceCount) {
                goBackward(
                    piece: piece, block: block, chunk: step, cotangents[block], vectors, parameters,
                    toGradient.map { $0 + block * blocks.length }, workspace.memory)
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

    /// The way back through the averages over coordinates before a step.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func averageCotangents() { averaging.average { cotangents[$0].start + blocks.length } }

    /// Walks one block back through one chunk.
    ///
    /// - Parameter parameters: the group's, before the chunk.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goBackward(
        piece: Int, block: Int, chunk: Int, _ cotangent: ElementBuffer<Scalar>, _ vectors: Vectors,
        _ parameters: UnsafeMutablePointer<Scalar>, _ gradientCotangent: UnsafeMutablePointer<Scalar>?,
        _ memory: PlanMemory<Scalar>
    ) {
        let (length, step) = (blocks.length, chunk * pullback.steps)
        pullback.run(
            .init(
                metaParameters: vectors.metaParameters, metaGradient: partialGradients[piece].start,
                schedule: schedule.start + step * place.optimizer.scheduleCount,
                weights: vectors.lossWeights + step,
                gradients: vectors.gradients + step * vectors.gradientStride + block * length,
                gradientStride: vectors.gradientStride,
                locals: vectors.locals.map { $0 + step * vectors.localStride + block * length * place.localRows },
                localStride: vectors.localStride, parameters: parameters + block * length,
                state: states[chunk].start + blocks.stateOffset(block),
                cotangent: cotangent.start, stateCotangent: cotangent.start + length,
                gradientCotangent: gradientCotangent),
            memory, blockLength: length)
    }

    /// Writes the sum of all pieces' meta-gradients, in the order of the pieces.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func sumMetaGradients(_ sum: UnsafeMutablePointer<Scalar>) {
        sum.update(repeating: 0, count: place.metaParameters.count)
        for partial in partialGradients {
            for index in 0..<partial.count { sum[index] += partial.start[index] }
        }
    }
}
