import Optimizers
import Problems
import TensorEngine

/// Truncated backpropagation: the exact derivative of each unroll's meta-loss, as if the state that it begins at were
/// given. It works on blocks of coordinates, and keeps the gradients of all steps and, once a chunk of steps, the
/// parameters and the optimizer's state; what lies in between is computed again on the way back.
///
/// Memory: parameters × unroll length elements for the gradients, and parameters and state once a chunk. A chunk has up
/// to five steps; with second derivatives it has one.
final class BlockedUnroll<Scalar: TensorScalar>: MetaGradientEstimator {
    private let optimizee: Optimizee<Scalar>
    private let layout: ParameterLayout
    private let groups: [UnrolledGroup<Scalar>]
    private let unroll: Unroll
    /// How many steps a block walks back at a time.
    private let chunkLength: Int
    private let secondDerivatives: Bool
    private let run: OptimizeeRun<Scalar>
    private let ahead: MinibatchAhead<Scalar>
    /// How many of the epoch's steps earlier unrolls have taken.
    private var epochStep = 0

    /// The loss's gradient before each step and after the last, `[unroll length + 1, layout's count]`.
    private let gradients: ElementBuffer<Scalar>
    /// What optimizers are told beside, at the same times, `[unroll length + 1, layout's local count]`.
    private let locals: ElementBuffer<Scalar>
    /// What the objective carries before each evaluation and after the last, `[unroll length + 2, carried elements]`.
    private let carried: ElementBuffer<Scalar>
    /// The loss before each step and after the last, `[unroll length + 1]`.
    private let losses: ElementBuffer<Scalar>
    /// How much the loss after each step counts, `[unroll length]`.
    private let weights: ElementBuffer<Scalar>
    /// The parameters before each chunk and after the last, `[layout's count]` each. Within a chunk, every step writes
    /// to the vector that is the next chunk's.
    private var parameters: [ElementBuffer<Scalar>]

    /// What flows from all later losses to a step's gradient, and its product with the Hessian, `[layout's count]`
    /// each; none without second derivatives.
    private let curvatureVectors: [ElementBuffer<Scalar>]

    /// - Parameter secondDerivatives: whether derivatives go through the optimizee's gradient.
    /// - Throws: `TrialFailure` where a parameter has no optimizer.
    init(
        _ problem: Problem, _ optimizers: ParameterGroups, _ unroll: Unroll, secondDerivatives: Bool
    ) throws {
        let layout = try ParameterLayout(problem, optimizers)
        self.layout = layout
        self.unroll = unroll
        self.secondDerivatives = secondDerivatives
        let history = Double(unroll.length + 1) * Double(layout.count + layout.localCount)
        try MemoryNeed(Scalar.self, elements: history).check(
            for: "the gradients of an unroll of \(unroll.length) steps")
        optimizee = try Optimizee(problem, layout, withCurvature: secondDerivatives)
        let chunkLength = secondDerivatives ? 1 : Self.chunkLength(unroll)
        self.chunkLength = chunkLength
        groups = layout.groups.map {
            UnrolledGroup(
                $0, unroll, chunkLength: chunkLength, secondDerivatives: secondDerivatives)
        }
        run = OptimizeeRun(optimizee, key: RandomKey(seed: 0))
        ahead = MinibatchAhead(run)
        gradients = ElementBuffer(count: (unroll.length + 1) * layout.count)
        locals = ElementBuffer(count: (unroll.length + 1) * layout.localCount)
        carried = ElementBuffer(count: (unroll.length + 2) * optimizee.carried.elementCount)
        losses = ElementBuffer(count: unroll.length + 1)
        weights = ElementBuffer(count: unroll.length)
        parameters = (0...unroll.length / chunkLength).map { _ in ElementBuffer(count: layout.count) }
        curvatureVectors = (0..<(secondDerivatives ? 2 : 0)).map { _ in ElementBuffer(count: layout.count) }
    }

    /// The longest divisor of the unroll's length up to 5: a chunk's work on one block then fits in a second-level
    /// cache.
    private static func chunkLength(_ unroll: Unroll) -> Int {
        (1...5).last { unroll.length.isMultiple(of: $0) }!
    }

    func start(key: RandomKey) {
        run.begin(key: key)
        epochStep = 0
        optimizee.initialize(parameters.last!.start, carried: carriedVector(0), key: key)
        for group in groups { group.start() }
    }

    func endEpoch() {
        for group in groups { group.endEpoch() }
    }

    func skip(
        metaParameters: ElementBuffer<Scalar>, _ scratch: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) {
        _ = goForward(metaParameters, on: executor)
        epochStep += unroll.length
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        let metaLoss = goForward(metaParameters, on: executor)
        for group in groups { group.beginWayBack(vectors(group, metaParameters)) }
        if secondDerivatives {
            goBackwardTogether(metaParameters, on: executor)
        } else {
            goBackward(metaParameters, on: executor)
        }
        metaGradient.clear()
        for group in groups {
            let start = group.place.metaParameters.lowerBound
            group.writeMetaGradient(to: metaGradient.start + start, metaParameters.start + start)
        }
        epochStep += unroll.length
        return metaLoss
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goForward(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) -> Double {
        parameters.swapAt(0, parameters.count - 1)
        for group in groups { group.beginUnroll() }
        var metaLoss = 0.0
        for step in 0..<unroll.length {
            weights.start[step] = Scalar(unroll.lossWeights.weight(afterStep: epochStep + step + 1))
            if step == 0, epochStep > 0 {
                // The last unroll ended where this one begins, on the same data.
                gradients.start.update(from: gradients.start + unroll.length * layout.count, count: layout.count)
                locals.start.update(from: locals.start + unroll.length * layout.localCount, count: layout.localCount)
                carriedVector(0).update(from: carriedVector(unroll.length), count: 2 * optimizee.carried.elementCount)
                losses.start[0] = losses.start[unroll.length]
            } else {
                evaluate(step, at: parameterVector(step), on: executor)
            }
            metaLoss += unroll.lossWeights.weight(afterStep: epochStep + step) * Double(losses.start[step])
            for (index, group) in groups.enumerated() {
                group.goForward(
                    step: step, epochStep: epochStep, vectors(group, metaParameters),
                    parameters: parameterVector(step).start + group.place.start,
                    newParameters: parameterVector(step + 1).start + group.place.start,
                    on: index == 0 ? ahead.filling(step: epochStep + step + 1, beside: executor) : executor)
            }
        }
        evaluate(unroll.length, at: parameterVector(unroll.length), on: executor)
        let lastWeight = unroll.lossWeights.weight(afterStep: epochStep + unroll.length)
        return metaLoss + lastWeight * Double(losses.start[unroll.length])
    }

    /// Finds the loss, its gradient and what optimizers are told before a step of the unroll.
    private func evaluate(_ step: Int, at parameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        let loss = run.evaluate(
            step: epochStep + step,
            .init(
                parameters: parameters.start, carried: carriedVector(step), newCarried: carriedVector(step + 1),
                gradient: gradients.start + step * layout.count, local: locals.start + step * layout.localCount),
            on: executor)
        losses.start[step] = Scalar(loss)
    }

    /// What the objective carries before the evaluation at a step of the unroll.
    private func carriedVector(_ step: Int) -> UnsafeMutablePointer<Scalar> {
        carried.start + step * optimizee.carried.elementCount
    }

    /// Where the parameters before a step of the unroll are, until a later step of the same chunk writes there.
    private func parameterVector(_ step: Int) -> ElementBuffer<Scalar> {
        parameters[(step + chunkLength - 1) / chunkLength]
    }

    private func vectors(
        _ group: UnrolledGroup<Scalar>, _ metaParameters: ElementBuffer<Scalar>
    ) -> UnrolledGroup<Scalar>.Vectors {
        .init(
            metaParameters: metaParameters.start + group.place.metaParameters.lowerBound,
            gradients: gradients.start + group.place.start, gradientStride: layout.count,
            lossWeights: weights.start,
            locals: group.place.localRows > 0 ? locals.start + group.place.localStart : nil,
            localStride: layout.localCount)
    }

    /// Walks every block back on its own. Without derivatives of the gradient, groups have nothing to do with each
    /// other, and those without meta-parameters nothing to learn.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goBackward(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        for group in groups where !group.place.metaParameters.isEmpty {
            group.findReached(vectors(group, metaParameters))
            let this = UncheckedSendable((estimator: self, group: group, vectors: vectors(group, metaParameters)))
            executor.run(pieces: group.pieceCount) { piece in
                let (estimator, group, vectors) = this.value
                group.goBackward(piece: piece, vectors) { estimator.parameters[$0].start + group.place.start }
            }
        }
    }

    /// Goes back one step at a time, all blocks together: what flows to a step's gradient flows on to its parameters by
    /// the Hessian.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goBackwardTogether(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        for group in groups { group.beginTogether() }
        for step in (0..<unroll.length).reversed() {
            for group in groups {
                let start = group.place.start
                let this = UncheckedSendable(
                    (
                        group: group, vectors: vectors(group, metaParameters),
                        parameters: parameters[step].start + start,
                        toGradient: curvatureVectors[0].start + start
                    ))
                executor.run(pieces: group.pieceCount) { piece in
                    this.value.group.goBackwardTogether(
                        piece: piece, step: step, this.value.vectors, parameters: this.value.parameters,
                        toGradient: this.value.toGradient)
                }
            }
            guard step > 0 else { return }
            addCurvature(before: step, on: executor)
        }
    }

    /// Adds the Hessian times what flows to a step's gradient to the cotangents of the parameters there.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func addCurvature(before step: Int, on executor: any PieceExecutor) {
        let (toGradient, product) = (curvatureVectors[0], curvatureVectors[1])
        run.multiplyByCurvature(
            step: epochStep + step, parameters: parameters[step].start, carried: carriedVector(step),
            vector: toGradient.start, product: product.start, on: executor)
        for group in groups { group.addToCotangents(product.start + group.place.start) }
    }
}
