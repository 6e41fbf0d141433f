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
    private let layout: ParameterLayout
    private let groups: [UnrolledGroup<Scalar>]
    private let steps: Int
    /// Steps that are walked back at a time.
    private let chunk: Int
    private let secondDerivatives: Bool
    /// Whether coordinates have to do with each other, so that all of them go back a step together.
    private let isTogether: Bool
    private var run: OptimizeeRun<Scalar>
    private var ahead: MinibatchAhead<Scalar>
    private var epochStep = 0

    /// Gradients at each step and after the last, a flat parameter vector each.
    private let gradients: ElementBuffer<Scalar>
    /// What optimizers are told beside, at the same steps.
    private let locals: ElementBuffer<Scalar>
    /// What the objective carries, before each step and after the last evaluation.
    private let carried: ElementBuffer<Scalar>
    private let losses: ElementBuffer<Scalar>
    private let lossWeights: LossWeights
    /// Of the losses after each step.
    private let weights: ElementBuffer<Scalar>
    /// Parameters before each chunk, and after the last. Within a chunk, its end is updated in place.
    private var parameters: [ElementBuffer<Scalar>]

    /// The derivative of all later losses by a step's gradient, and its product with the Hessian.
    private let curvatureVectors: [ElementBuffer<Scalar>]

    /// - Parameter secondDerivatives: whether derivatives go through the optimizee's gradient.
    /// - Throws: `TrialFailure` where a parameter has no optimizer.
    init(
        _ problem: Problem, _ optimizers: ParameterGroups, steps: Int, secondDerivatives: Bool,
        lossWeights: LossWeights = .equal
    ) throws {
        let layout = try ParameterLayout(problem, optimizers)
        self.layout = layout
        self.steps = steps
        self.secondDerivatives = secondDerivatives
        self.lossWeights = lossWeights
        let history = Double(steps + 1) * Double(layout.count + layout.localCount)
        try MemoryNeed(Scalar.self, elements: history).check(for: "the gradients of an unroll of \(steps) steps")
        optimizee = try Optimizee(problem, layout, withCurvature: secondDerivatives)
        let isTogether =
            secondDerivatives || layout.groups.contains { !$0.optimizer.averagedFeatures.isEmpty }
        let chunk = isTogether ? 1 : Self.chunk(of: steps)
        self.isTogether = isTogether
        self.chunk = chunk
        groups = layout.groups.map {
            UnrolledGroup(
                $0, steps: steps, chunk: chunk, isTogether: isTogether, givesGradientCotangent: secondDerivatives)
        }
        run = OptimizeeRun(optimizee, key: RandomKey(seed: 0))
        ahead = MinibatchAhead(run)
        gradients = ElementBuffer(count: (steps + 1) * layout.count)
        locals = ElementBuffer(count: (steps + 1) * layout.localCount)
        carried = ElementBuffer(count: (steps + 2) * optimizee.carried.elementCount)
        losses = ElementBuffer(count: steps + 1)
        weights = ElementBuffer(count: steps)
        parameters = (0...steps / chunk).map { _ in ElementBuffer(count: layout.count) }
        curvatureVectors = (0..<(secondDerivatives ? 2 : 0)).map { _ in ElementBuffer(count: layout.count) }
    }

    /// The longest divisor of the number of steps up to 5: chunks whose work on one block fits in a second-level
    /// cache.
    private static func chunk(of steps: Int) -> Int {
        (1...5).last { steps.isMultiple(of: $0) }!
    }

    func start(key: RandomKey) {
        run = OptimizeeRun(optimizee, key: key)
        ahead = MinibatchAhead(run)
        epochStep = 0
        optimizee.initialize(parameters.last!.start, carried: carriedVector(0), key: key)
        for group in groups { group.start() }
    }

    func endEpoch() {
        for group in groups { group.endEpoch() }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        let metaLoss = goForward(metaParameters, on: executor)
        for group in groups { group.beginWayBack(vectors(group, metaParameters)) }
        if isTogether {
            goBackwardTogether(metaParameters, on: executor)
        } else {
            goBackward(metaParameters, on: executor)
        }
        metaGradient.clear()
        for group in groups {
            let start = group.place.metaParameters.lowerBound
            group.writeMetaGradient(to: metaGradient.start + start, metaParameters.start + start)
        }
        epochStep += steps
        return metaLoss
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goForward(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) -> Double {
        parameters.swapAt(0, parameters.count - 1)
        for group in groups { group.beginUnroll() }
        var metaLoss = 0.0
        for step in 0..<steps {
            weights.start[step] = Scalar(lossWeights.weight(afterStep: epochStep + step + 1))
            if step == 0, epochStep > 0 {
                // The last unroll ended where this one begins, on the same data.
                gradients.start.update(from: gradients.start + steps * layout.count, count: layout.count)
                locals.start.update(from: locals.start + steps * layout.localCount, count: layout.localCount)
                carriedVector(0).update(from: carriedVector(steps), count: 2 * optimizee.carried.elementCount)
                losses.start[0] = losses.start[steps]
            } else {
                evaluate(step, at: parameterVector(step), on: executor)
            }
            metaLoss += lossWeights.weight(afterStep: epochStep + step) * Double(losses.start[step])
            for (index, group) in groups.enumerated() {
                group.goForward(
                    step: step, epochStep: epochStep, vectors(group, metaParameters),
                    parameters: parameterVector(step).start + group.place.start,
                    newParameters: parameterVector(step + 1).start + group.place.start,
                    on: index == 0 ? ahead.filling(step: epochStep + step + 1, beside: executor) : executor)
            }
        }
        evaluate(steps, at: parameterVector(steps), on: executor)
        return metaLoss + lossWeights.weight(afterStep: epochStep + steps) * Double(losses.start[steps])
    }

    private func evaluate(_ step: Int, at parameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        let loss = run.evaluate(
            step: epochStep + step,
            .init(
                parameters: parameters.start, carried: carriedVector(step), newCarried: carriedVector(step + 1),
                gradient: gradients.start + step * layout.count, local: locals.start + step * layout.localCount),
            on: executor)
        losses.start[step] = Scalar(loss)
    }

    private func carriedVector(_ step: Int) -> UnsafeMutablePointer<Scalar> {
        carried.start + step * optimizee.carried.elementCount
    }

    private func parameterVector(_ step: Int) -> ElementBuffer<Scalar> { parameters[(step + chunk - 1) / chunk] }

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
            let this = UncheckedSendable((unroll: self, group: group, vectors: vectors(group, metaParameters)))
            executor.run(pieces: group.pieceCount) { piece in
                let (unroll, group, vectors) = this.value
                group.goBackward(piece: piece, vectors) { unroll.parameters[$0].start + group.place.start }
            }
        }
    }

    /// Goes back one step at a time, all blocks together: what flows to a step's gradient flows on to its parameters by
    /// the Hessian, and what flows to an average flows on to all that was averaged.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func goBackwardTogether(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        for group in groups { group.beginTogether() }
        for step in stride(from: steps - 1, through: 0, by: -1) {
            for group in groups {
                let start = group.place.start
                let this = UncheckedSendable(
                    (
                        group: group, vectors: vectors(group, metaParameters),
                        parameters: parameters[step].start + start,
                        toGradient: curvatureVectors.first.map { $0.start + start }
                    ))
                executor.run(pieces: group.pieceCount) { piece in
                    this.value.group.goBackwardTogether(
                        piece: piece, step: step, this.value.vectors, parameters: this.value.parameters,
                        toGradient: this.value.toGradient)
                }
            }
            guard step > 0 else { return }
            if secondDerivatives { addCurvature(before: step, on: executor) }
            for group in groups { group.averageCotangents() }
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
