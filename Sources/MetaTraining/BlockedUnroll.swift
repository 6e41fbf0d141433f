import Optimizers
import Problems
import TensorEngine

/// Truncated backpropagation: the exact derivative of each unroll's meta-loss, as if the state that it begins at were
/// given. It works on blocks of coordinates and keeps only the history of gradients and, now and then, of state.
///
/// Memory: parameters × steps elements for the gradients, and the state every few steps (with second derivatives, or
/// where the optimizer averages over coordinates: at every step); of what is computed within a step, nothing.
final class BlockedUnroll<Scalar: TensorScalar>: MetaGradientEstimator {
    private let optimizee: Optimizee<Scalar>
    private let optimizer: any Optimizer
    private let steps: Int
    private let secondDerivatives: Bool
    private let averaging: StateAveraging
    private let update: UpdateProgram<Scalar>
    private let pullback: ChunkPullback<Scalar>
    private let blocks: CoordinateBlocks
    private var run: OptimizeeRun<Scalar>
    private var epochStep = 0

    /// Gradients at each step and after the last, a padded parameter vector each.
    private let gradients: ElementBuffer<Scalar>
    private let losses: ElementBuffer<Scalar>
    /// Parameters and state before each chunk, and after the last. Within a chunk, its end is updated in place.
    private var parameters: [ElementBuffer<Scalar>]
    private var states: [ElementBuffer<Scalar>]
    private let schedule: ElementBuffer<Scalar>
    private let partialGradients: [ElementBuffer<Scalar>]
    private let cotangents: [ElementBuffer<Scalar>]

    /// The derivative of all later losses by a step's gradient, and its product with the Hessian.
    private let curvatureVectors: [ElementBuffer<Scalar>]

    /// - Parameter secondDerivatives: whether derivatives go through the optimizee's gradient.
    init(_ problem: any Problem, _ optimizer: any Optimizer, steps: Int, secondDerivatives: Bool) {
        let optimizee = Optimizee<Scalar>(problem, withCurvature: secondDerivatives)
        self.optimizee = optimizee
        self.secondDerivatives = secondDerivatives
        self.optimizer = optimizer
        self.steps = steps
        let features = optimizer.stateFeatures.reduce(0, +)
        let blocks = CoordinateBlocks(
            parameterCount: optimizee.parameterCount, features: features, isLearned: true)
        self.blocks = blocks
        averaging = StateAveraging(optimizer, blocks: blocks)
        // Where coordinates have to do with each other, all of them go back a step together.
        let isTogether = secondDerivatives || averaging.isNeeded
        update = UpdateProgram(optimizer, blocks: blocks)
        pullback = ChunkPullback(
            optimizer, steps: isTogether ? 1 : Self.chunk(of: steps), blockLength: blocks.length,
            givesGradientCotangent: secondDerivatives)
        run = OptimizeeRun(optimizee, key: RandomKey(seed: 0))

        func buffers(_ number: Int, _ count: Int) -> [ElementBuffer<Scalar>] {
            (0..<number).map { _ in ElementBuffer(count: count) }
        }
        let chunks = steps / pullback.steps
        gradients = ElementBuffer(count: (steps + 1) * blocks.paddedCount)
        losses = ElementBuffer(count: steps + 1)
        parameters = buffers(chunks + 1, blocks.paddedCount)
        states = buffers(chunks + 1, blocks.stateCount)
        schedule = ElementBuffer(count: steps * optimizer.scheduleCount)
        partialGradients = buffers(blocks.pieceCount, optimizer.metaParameters.elementCount)
        // Going back a step together, each block needs cotangents of its own.
        cotangents = buffers(isTogether ? blocks.count : blocks.pieceCount, blocks.length * (1 + features))
        curvatureVectors = buffers(secondDerivatives ? 2 : 0, blocks.paddedCount)
    }

    /// The longest divisor of the number of steps up to 5: chunks whose work on one block fits in a second-level
    /// cache.
    private static func chunk(of steps: Int) -> Int {
        (1...5).last { steps.isMultiple(of: $0) }!
    }

    func start(key: RandomKey) {
        run = OptimizeeRun(optimizee, key: key)
        epochStep = 0
        optimizee.problem.initialize(parameters.last!.start, key: key)
        states.last!.clear()
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        let metaLoss = goForward(metaParameters, on: executor)
        pullback.prepare(metaParameters)
        if secondDerivatives || averaging.isNeeded {
            goBackwardTogether(metaParameters, on: executor)
        } else {
            goBackward(metaParameters, on: executor)
        }
        metaGradient.clear()
        for partial in partialGradients {
            for index in 0..<partial.count { metaGradient.start[index] += partial.start[index] }
        }
        epochStep += steps
        return metaLoss
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goForward(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) -> Double {
        parameters.swapAt(0, parameters.count - 1)
        states.swapAt(0, states.count - 1)
        let padded = blocks.paddedCount
        var metaLoss = 0.0
        for step in 0..<steps {
            if step == 0, epochStep > 0 {
                // The last unroll ended where this one begins, on the same data.
                gradients.start.update(from: gradients.start + steps * padded, count: padded)
                losses.start[0] = losses.start[steps]
            } else {
                evaluate(step, at: parameterVector(step), on: executor)
            }
            metaLoss += Double(losses.start[step])
            let values = optimizer.scheduleValues(step: epochStep + step + 1)
            for (index, value) in values.enumerated() {
                schedule.start[step * values.count + index] = Scalar(value)
            }
            update.run(
                .init(
                    metaParameters: metaParameters.start, schedule: schedule.start + step * values.count,
                    gradient: gradients.start + step * padded, parameters: parameterVector(step).start,
                    state: stateVector(step).start, newParameters: parameterVector(step + 1).start,
                    newState: stateVector(step + 1).start),
                on: executor)
            clearPadding(of: parameterVector(step + 1))
        }
        evaluate(steps, at: parameterVector(steps), on: executor)
        return metaLoss + Double(losses.start[steps])
    }

    /// Keeps what fills up the last block at 0: no gradient holds it back, and were it to grow step by step to
    /// infinity, as a λ can have it, 0 times it would no longer be 0 in the meta-gradient.
    private func clearPadding(of parameters: ElementBuffer<Scalar>) {
        for index in blocks.parameterCount..<blocks.paddedCount { parameters.start[index] = 0 }
    }

    private func evaluate(_ step: Int, at parameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        let loss = run.evaluate(
            step: epochStep + step, parameters: parameters.start,
            gradient: gradients.start + step * blocks.paddedCount, on: executor)
        losses.start[step] = Scalar(loss)
    }

    private func parameterVector(_ step: Int) -> ElementBuffer<Scalar> {
        parameters[(step + pullback.steps - 1) / pullback.steps]
    }

    private func stateVector(_ step: Int) -> ElementBuffer<Scalar> {
        states[(step + pullback.steps - 1) / pullback.steps]
    }

    private func goBackward(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        let this = UncheckedSendable((unroll: self, metaParameters: metaParameters.start))
        executor.run(pieces: blocks.pieceCount) { piece in
            this.value.unroll.goBackward(piece: piece, this.value.metaParameters)
        }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goBackward(piece: Int, _ metaParameters: UnsafeMutablePointer<Scalar>) {
        let cotangent = cotangents[piece]
        partialGradients[piece].clear()
        pullback.withMemory { memory in
            for block in blocks.blocks(piece: piece, of: blocks.pieceCount) {
                cotangent.clear()
                for chunk in stride(from: lastReached(block) / pullback.steps, through: 0, by: -1) {
                    goBackward(piece: piece, block: block, chunk: chunk, cotangent, metaParameters, nil, memory)
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
    private func lastReached(_ block: Int) -> Int {
        for step in stride(from: steps, to: 0, by: -1) {
            let gradient = gradients.start + step * blocks.paddedCount + block * blocks.length
            for index in 0..<blocks.length where gradient[index] != 0 { return step - 1 }
        }
        return -pullback.steps
    }

    /// Walks one block back through one chunk.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goBackward(
        piece: Int, block: Int, chunk: Int, _ cotangent: ElementBuffer<Scalar>,
        _ metaParameters: UnsafeMutablePointer<Scalar>, _ gradientCotangent: UnsafeMutablePointer<Scalar>?,
        _ memory: PlanMemory<Scalar>
    ) {
        let (length, step) = (blocks.length, chunk * pullback.steps)
        pullback.run(
            .init(
                metaParameters: metaParameters, metaGradient: partialGradients[piece].start,
                schedule: schedule.start + step * optimizer.scheduleCount,
                gradients: gradients.start + step * blocks.paddedCount + block * length,
                gradientStride: blocks.paddedCount, parameters: parameters[chunk].start + block * length,
                state: states[chunk].start + blocks.stateOffset(block),
                cotangent: cotangent.start, stateCotangent: cotangent.start + length,
                gradientCotangent: gradientCotangent),
            memory, blockLength: length)
    }

    /// Goes back one step at a time, all blocks together: what flows to a step's gradient flows on to its parameters by
    /// the Hessian, and what flows to an average flows on to all that was averaged.
    private func goBackwardTogether(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        for partial in partialGradients { partial.clear() }
        for cotangent in cotangents { cotangent.clear() }
        let this = UncheckedSendable((unroll: self, metaParameters: metaParameters.start))
        let toGradient = UncheckedSendable(curvatureVectors.first?.start)
        let length = blocks.length
        for step in stride(from: steps - 1, through: 0, by: -1) {
            executor.run(pieces: blocks.pieceCount) { [blocks] piece in
                let unroll = this.value.unroll
                unroll.pullback.withMemory { memory in
                    for block in blocks.blocks(piece: piece, of: blocks.pieceCount) {
                        unroll.goBackward(
                            piece: piece, block: block, chunk: step, unroll.cotangents[block],
                            this.value.metaParameters, toGradient.value.map { $0 + block * length }, memory)
                    }
                }
            }
            guard step > 0 else { return }
            if secondDerivatives { addCurvature(before: step, on: executor) }
            averaging.average { cotangents[$0].start + length }
        }
    }

    /// Adds the Hessian times what flows to a step's gradient to the cotangents of the parameters there.
    private func addCurvature(before step: Int, on executor: any PieceExecutor) {
        let (toGradient, product) = (curvatureVectors[0], curvatureVectors[1])
        run.multiplyByCurvature(
            step: epochStep + step, parameters: parameters[step].start, vector: toGradient.start,
            product: product.start, on: executor)
        for block in 0..<blocks.count {
            let target = cotangents[block].start
            for index in 0..<blocks.length { target[index] += product.start[block * blocks.length + index] }
        }
    }
}
