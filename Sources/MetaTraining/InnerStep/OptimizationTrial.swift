import Optimizers
import Problems
import TensorEngine

/// One optimizer on one problem: what evaluations and the tuning of settings are made of.
public struct OptimizationTrial<Scalar: TensorScalar>: Sendable {
    private let family: any ProblemFamily
    private let optimizers: ParameterGroups
    private let metaParameters: [Scalar]
    private let steps: Int
    private let snapshotEvery: Int?
    private let compilation: SharedCompilation<Scalar>

    /// - Parameters:
    ///   - metaParameters: the learned optimizers', one tensor after the other; empty for hand-designed rules.
    ///   - snapshotEvery: after how many steps the parameters are told, the initial ones first and the final ones
    ///     last; nil for never.
    public init(
        family: any ProblemFamily, optimizers: ParameterGroups, metaParameters: [Scalar] = [], steps: Int,
        snapshotEvery: Int? = nil
    ) {
        precondition(metaParameters.count == optimizers.metaParameters.elementCount, "other meta-parameters are wanted")
        self.family = family
        self.optimizers = optimizers
        self.metaParameters = metaParameters
        self.steps = steps
        self.snapshotEvery = snapshotEvery
        compilation = SharedCompilation(family, optimizers)
    }

    /// The same with other meta-parameters; what was compiled is shared.
    func with(metaParameters: [Scalar]) -> OptimizationTrial {
        OptimizationTrial(sharing: self, metaParameters: metaParameters)
    }

    private init(sharing other: OptimizationTrial, metaParameters: [Scalar]) {
        family = other.family
        optimizers = other.optimizers
        self.metaParameters = metaParameters
        steps = other.steps
        snapshotEvery = other.snapshotEvery
        compilation = other.compilation
    }

    /// One optimizer on all parameters.
    public init(
        family: any ProblemFamily, optimizer: any Optimizer, metaParameters: [Scalar] = [], steps: Int,
        snapshotEvery: Int? = nil
    ) {
        self.init(
            family: family, optimizers: ParameterGroups(optimizer), metaParameters: metaParameters, steps: steps,
            snapshotEvery: snapshotEvery)
    }

    /// What came out.
    public struct Outcome: Sendable, Hashable {
        /// After the last step, on the problem's fixed final batch; not a number or infinite where it diverged.
        public var finalLoss: Double
        /// The smallest loss of any step.
        public var bestLoss: Double
        public var testLoss: Double?
        public var accuracy: Double?
    }

    /// Runs the trial. It tells the loss before each step and after the last, and takes time proportional to steps. The
    /// first run compiles; later ones, of other seeds, share what it compiled where problems differ in nothing but what
    /// they draw.
    ///
    /// - Throws: `CancellationError`; `TrialFailure` where a parameter has no optimizer.
    public func run(seed: UInt64, _ context: TrialContext) throws -> Outcome {
        let key = RandomKey(seed: seed)
        return try run(family.problem(key), key: key, context)
    }

    /// - Parameter scoresTest: whether the test split is scored.
    func run(
        _ problem: Problem, key: RandomKey, scoresTest: Bool = true, _ context: TrialContext
    ) throws -> Outcome {
        let compiled = try compilation.optimization(of: problem)
        let layout = compiled.layout
        var need = MemoryNeed(Scalar.self, elements: Double(layout.stateCount + layout.localCount))
        // Losses are kept in Double, whatever the precision.
        need.add(elements: Double(steps) * Double(MemoryLayout<Double>.size / MemoryLayout<Scalar>.size))
        try need.check(for: "the optimizer's state and a loss for each of \(steps) steps")
        return try compiled.withInnerStep { inner, state in
            inner.begin(state, key: key)
            return try run(inner, state, scoresTest: scoresTest, context)
        }
    }

    private func run(
        _ inner: OptimizationStep<Scalar>, _ state: InnerState<Scalar>, scoresTest: Bool, _ context: TrialContext
    ) throws -> Outcome {
        let metaParameters = ElementBuffer(self.metaParameters)
        var losses: [Double] = []
        var told = 0
        for _ in 0..<steps {
            try context.checkCancellation()
            losses.append(inner.loss(state, on: context.executor))
            snapshot(inner, state, context)
            inner.step(state, metaParameters: metaParameters, on: context.executor)
            if losses.count - told == 100 {
                tell(losses, from: &told, context)
            }
        }
        losses.append(inner.loss(state, on: context.executor))
        tell(losses, from: &told, context)
        snapshot(inner, state, context, isLast: true)
        let scores = scoresTest ? inner.testScores(state, on: context.executor) : [:]
        if let accuracy = scores[Score.correct] {
            context.emit(.points(metric: .accuracy, firstStep: steps, stride: 1, values: [accuracy]))
        }
        return Outcome(
            finalLoss: inner.finalLoss(state, on: context.executor),
            bestLoss: losses.filter { !$0.isNaN }.min() ?? .nan, testLoss: scores[Score.loss],
            accuracy: scores[Score.correct])
    }

    /// The final loss before any step is taken: what an optimizer that does nothing comes to.
    func initialLoss(_ problem: Problem, key: RandomKey) throws -> Double {
        try compilation.optimization(of: problem).withInnerStep { inner, state in
            inner.begin(state, key: key)
            return inner.finalLoss(state, on: SerialPieces())
        }
    }

    private func tell(_ losses: [Double], from told: inout Int, _ context: TrialContext) {
        context.emit(.points(metric: .loss, firstStep: told, stride: 1, values: Array(losses[told...])))
        context.emit(.advanced(steps: Double(min(losses.count, steps) - min(told, steps))))
        told = losses.count
    }

    private func snapshot(
        _ inner: OptimizationStep<Scalar>, _ state: InnerState<Scalar>, _ context: TrialContext, isLast: Bool = false
    ) {
        guard let snapshotEvery, isLast || state.step.isMultiple(of: snapshotEvery) else { return }
        context.emit(.snapshot(step: state.step, tensors: inner.optimizee.tensors(inner.judged(state).start)))
    }
}
