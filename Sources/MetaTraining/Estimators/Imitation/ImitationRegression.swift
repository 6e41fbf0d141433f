import Optimizers
import TensorEngine

/// The mean squared error of an optimizer's answers on pairs of a pool, compiled.
final class ImitationRegression<Scalar: TensorScalar> {
    private let batchSize: Int
    private let rows: Int
    private let lossPlan: Plan<Scalar>
    private let answerPlan: Plan<Scalar>
    private let lossMemory: PlanMemory<Scalar>
    private let answerMemory: PlanMemory<Scalar>
    /// Inputs of both plans.
    private let metaParameters: VectorSlots<InputSlot>
    /// Output of the plan of the loss.
    private let metaGradient: VectorSlots<OutputSlot>
    /// What the optimizer has seen, `[rows, batch size]`.
    private let seen: ElementBuffer<Scalar>
    /// What is to be answered, and what is, `[1, batch size]`.
    private let answers: ElementBuffer<Scalar>
    /// One over the mean square of answers.
    private let factor = ElementBuffer<Scalar>(count: 1)
    private let loss = ElementBuffer<Scalar>(count: 1)

    init(_ optimizer: any ImitatingOptimizer, batchSize: Int) {
        self.batchSize = batchSize
        rows = optimizer.observedRows
        let trace = Trace()
        let metaParameters = trace.inputs(optimizer.metaParameters.map(\.shape))
        let seen = trace.input([rows, batchSize])
        let answers = trace.input([1, batchSize])
        let factor = trace.input(.scalar)
        let found = optimizer.answer(seen, metaParameters: metaParameters)
        let foundSlot = trace.output(found)
        answerPlan = Plan(trace.graph())
        let loss = (found - answers).squared().mean() * factor
        let lossSlot = trace.output(loss)
        // Shift and scale, the first two, are what the pool says they are.
        let learned = Array(metaParameters.dropFirst(2))
        self.metaParameters = VectorSlots(metaParameters)
        metaGradient = trace.outputs(
            TensorEngine.gradient(of: loss, withRespectTo: learned),
            offsets: Array(self.metaParameters.offsets.dropFirst(2)))
        lossPlan = Plan(trace.graph())
        lossMemory = lossPlan.makeMemory()
        answerMemory = answerPlan.makeMemory()
        self.seen = ElementBuffer(count: rows * batchSize)
        self.answers = ElementBuffer(count: batchSize)
        for memory in [lossMemory, answerMemory] { memory.bind(seen.inputSlot, to: self.seen.start) }
        lossMemory.bind(answers.inputSlot, to: self.answers.start)
        lossMemory.bind(factor.inputSlot, to: self.factor.start)
        lossMemory.bind(lossSlot, to: self.loss.start)
        answerMemory.bind(foundSlot, to: self.answers.start)
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
        lossMemory.bind(self.metaParameters, to: metaParameters.start)
        lossMemory.bind(self.metaGradient, to: metaGradient.start)
        lossPlan.run(lossMemory, on: executor)
        return Double(loss.start.pointee)
    }

    /// How well all pairs of a pool are answered; nil where it has none.
    func errors(
        _ metaParameters: ElementBuffer<Scalar>, _ pool: ExperiencePool<Scalar>, on executor: any PieceExecutor
    ) -> ImitationErrors? {
        guard pool.count > 0 else { return nil }
        answerMemory.bind(self.metaParameters, to: metaParameters.start)
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
