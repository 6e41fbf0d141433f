import Optimizers
import TensorEngine

/// The mean squared error of an optimizer's answers on pairs of a pool, compiled.
final class ImitationRegression<Scalar: TensorScalar> {
    private let batchSize: Int
    private let rows: Int
    private let offsets: [Int]
    private let lossPlan: Plan<Scalar>
    private let answerPlan: Plan<Scalar>
    private let lossMemory: PlanMemory<Scalar>
    private let answerMemory: PlanMemory<Scalar>
    private let seen: ElementBuffer<Scalar>
    private let answers: ElementBuffer<Scalar>
    /// One over the mean square of answers.
    private let factor = ElementBuffer<Scalar>(count: 1)
    private let loss = ElementBuffer<Scalar>(count: 1)

    init(_ optimizer: any ImitatingOptimizer, batchSize: Int) {
        self.batchSize = batchSize
        rows = optimizer.observedRows
        let shapes = optimizer.metaParameters.map(\.shape)
        offsets = optimizer.metaParameters.offsets
        let seenShape: Shape = [rows, batchSize]
        lossPlan = Plan(
            .tracing(shapes + [seenShape, [1, batchSize], .scalar]) { inputs in
                let metaParameters = Array(inputs.prefix(shapes.count))
                let found = optimizer.answer(inputs[shapes.count], metaParameters: metaParameters)
                let loss = (found - inputs[shapes.count + 1]).squared().mean() * inputs[shapes.count + 2]
                // Shift and scale, the first two, are what the pool says they are.
                return [loss] + TensorEngine.gradient(of: loss, withRespectTo: Array(metaParameters.dropFirst(2)))
            })
        answerPlan = Plan(
            .tracing(shapes + [seenShape]) { inputs in
                [optimizer.answer(inputs[shapes.count], metaParameters: Array(inputs.prefix(shapes.count)))]
            })
        lossMemory = lossPlan.makeMemory()
        answerMemory = answerPlan.makeMemory()
        seen = ElementBuffer(count: rows * batchSize)
        answers = ElementBuffer(count: batchSize)
        for memory in [lossMemory, answerMemory] { memory.bind(input: shapes.count, to: seen.start) }
        lossMemory.bind(input: shapes.count + 1, to: answers.start)
        lossMemory.bind(input: shapes.count + 2, to: factor.start)
        lossMemory.bind(output: 0, to: loss.start)
        answerMemory.bind(output: 0, to: answers.start)
    }

    /// The error on some pairs relative to the answers' mean square, and its gradient.
    ///
    /// - Parameter metaGradient: where it goes; shift and scale are left alone.
    func gradient(
        _ metaParameters: ElementBuffer<Scalar>, _ pool: ExperiencePool<Scalar>, _ chosen: [Int], answerSquare: Double,
        to metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        take(chosen, from: pool)
        for (position, index) in chosen.enumerated() { answers.start[position] = pool.answer(index) }
        factor.start.pointee = Scalar(1 / answerSquare)
        for (index, offset) in offsets.enumerated() {
            lossMemory.bind(input: index, to: metaParameters.start + offset)
            if index >= 2 { lossMemory.bind(output: index - 1, to: metaGradient.start + offset) }
        }
        lossPlan.run(lossMemory, on: executor)
        return Double(loss.start.pointee)
    }

    /// How well all pairs of a pool are answered; nil where it has none.
    func errors(
        _ metaParameters: ElementBuffer<Scalar>, _ pool: ExperiencePool<Scalar>, on executor: any PieceExecutor
    ) -> ImitationErrors? {
        guard pool.count > 0 else { return nil }
        for (index, offset) in offsets.enumerated() {
            answerMemory.bind(input: index, to: metaParameters.start + offset)
        }
        var found: [Double] = []
        for start in stride(from: 0, to: pool.count, by: batchSize) {
            // The last batch is filled up with pairs from the pool's start, whose answers are not read.
            let chosen = (start..<start + batchSize).map { $0 % pool.count }
            take(chosen, from: pool)
            answerPlan.run(answerMemory, on: executor)
            found += (0..<min(batchSize, pool.count - start)).map { Double(answers.start[$0]) }
        }
        return ImitationErrors(found, answers: (0..<pool.count).map { Double(pool.answer($0)) })
    }

    private func take(_ chosen: [Int], from pool: ExperiencePool<Scalar>) {
        for (position, index) in chosen.enumerated() {
            let pair = pool.seen(index)
            for row in 0..<rows { seen.start[row * batchSize + position] = pair[row] }
        }
    }
}
