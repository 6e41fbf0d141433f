import Nouns
import Problems
import TensorEngine

/// A problem compiled: its loss, gradient and scores as plans over one flat parameter vector.
///
/// It is immutable and may serve many trials of the same problem at once; each works in an `OptimizeeRun`.
final class Optimizee<Scalar: TensorScalar>: Sendable {
    let problem: Problem
    let layout: ParameterLayout
    /// What is carried from step to step, one tensor after the other.
    let carried: [CarriedTensor]
    let gradient: GradientPlan<Scalar>
    /// Output: the loss on the final batch, as a step would have it: batch normalization takes that batch's statistics.
    let final: ObjectivePlan<Scalar>
    let curvature: CurvaturePlan<Scalar>?
    /// The split that is scored, in evaluation, and the plan of one chunk with the sums' names.
    let test: (split: ScoredSplit, plan: ObjectivePlan<Scalar>, names: [String])?
    /// Whether what a trial works in is kept for the next.
    let keepsMemory: Bool

    /// - Parameters:
    ///   - layout: of the flat vector.
    ///   - withCurvature: whether products with the Hessian will be asked for.
    /// - Throws: `TrialFailure` where a run would need more memory than the machine has.
    init(_ problem: Problem, _ layout: ParameterLayout, withCurvature: Bool = false) throws {
        var need = MemoryNeed(Scalar.self, of: problem)
        try need.check(for: "the problem with \(problem.parameters.elementCount) parameters and its data")
        self.problem = problem
        self.layout = layout
        carried = problem.objective.carried
        gradient = GradientPlan(problem, layout)
        final = ObjectivePlan(problem, offsets: layout.offsets, problem.data.finalBatch, .training) {
            trace, inputs, _ in
            _ = trace.output(problem.objective.loss(inputs))
        }
        curvature = withCurvature ? CurvaturePlan(problem, layout) : nil
        test = Self.test(of: problem, layout)
        let others = max(final.plan.memoryCount, test?.plan.plan.memoryCount ?? 0)
        need.add(
            elements: Double(
                gradient.objective.plan.memoryCount + others + (curvature?.objective.plan.memoryCount ?? 0)))
        try need.check(for: "a step of the problem")
        need.add(elements: Double(layout.stateCount + layout.localCount))
        keepsMemory = need.isWorthKeeping
    }

    private static func test(
        of problem: Problem, _ layout: ParameterLayout
    ) -> (split: ScoredSplit, plan: ObjectivePlan<Scalar>, names: [String])? {
        guard let split = problem.data.scoredSplit(.test) else { return nil }
        var names: [String] = []
        let plan = ObjectivePlan<Scalar>(problem, offsets: layout.offsets, .chunk(0, of: .test), .evaluation) {
            trace, inputs, _ in
            let scores = problem.objective.scores(problem.objective.evaluate(inputs).outputs, batch: inputs.batch)
            names = scores.map(\.name)
            for score in scores { _ = trace.output(score.sum) }
        }
        return names.isEmpty ? nil : (split, plan, names)
    }

    /// Writes a trial's initial parameters into a flat vector, and what is carried at first; what fills up the vector is
    /// left alone.
    func initialize(
        _ parameters: UnsafeMutablePointer<Scalar>, carried: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        problem.objective.initialize(elements(parameters), key: key)
        for (tensor, offset) in zip(self.carried, self.carried.offsets) { tensor.initialize(carried + offset) }
    }

    /// Each parameter's in a flat vector.
    private func elements(_ parameters: UnsafeMutablePointer<Scalar>) -> [TensorElements<Scalar>] {
        zip(problem.parameters, layout.offsets).map { TensorElements(parameters + $1, count: $0.shape.count) }
    }

    /// The parameters of a flat vector as bytes.
    func tensors(_ parameters: UnsafePointer<Scalar>) -> [NamedTensor] {
        NamedTensor.tensors(problem.parameters, parameters, offsets: layout.offsets)
    }
}

/// The loss on a minibatch, its gradient, and what goes with them.
struct GradientPlan<Scalar: TensorScalar>: Sendable {
    let objective: ObjectivePlan<Scalar>
    let loss: OutputSlot
    /// By each parameter, of the loss itself or of its surrogate; in a flat vector.
    let gradient: VectorSlots<OutputSlot>
    /// One tensor after the other.
    let newCarried: VectorSlots<OutputSlot>
    /// What optimizers are told of each parameter that they ask about, group by group.
    let local: [OutputSlot]

    init(_ problem: Problem, _ layout: ParameterLayout) {
        var outputs: (loss: OutputSlot, gradient: VectorSlots<OutputSlot>, carried: VectorSlots<OutputSlot>)?
        var local: [OutputSlot] = []
        objective = ObjectivePlan(problem, offsets: layout.offsets, .minibatch(step: 0), .training) {
            trace, inputs, _ in
            let result = problem.objective.evaluate(inputs)
            let loss = problem.objective.loss(result.outputs, batch: inputs.batch)
            let followed = problem.objective.followedLoss(result.outputs, batch: inputs.batch)
            let told = Self.told(problem, layout, inputs)
            let gradients = TensorEngine.gradient(of: followed, withRespectTo: inputs.parameters)
            outputs = (
                trace.output(loss), trace.outputs(gradients, offsets: layout.offsets), trace.outputs(result.carried)
            )
            local = told.map { trace.output($0) }
        }
        (loss, gradient, newCarried) = outputs!
        self.local = local
    }

    private static func told(_ problem: Problem, _ layout: ParameterLayout, _ inputs: ObjectiveInputs) -> [Tensor] {
        layout.groups.flatMap { group in
            let features = group.optimizer.localInputs.compactMap { LocalFeature(rawValue: $0.name) }
            guard !features.isEmpty, let observable = problem.observable else { return [Tensor]() }
            let states = observable.localState(
                features, ofExamples: group.optimizer.looksAtExamples, parameters: inputs.parameters,
                batch: inputs.batch)
            return group.parameters.map { states[$0] }
        }
    }
}

/// The Hessian of the loss on a minibatch times a vector.
struct CurvaturePlan<Scalar: TensorScalar>: Sendable {
    /// It reads one vector.
    let objective: ObjectivePlan<Scalar>
    /// A flat vector.
    let product: VectorSlots<OutputSlot>

    init(_ problem: Problem, _ layout: ParameterLayout) {
        var product: VectorSlots<OutputSlot>?
        objective = ObjectivePlan(problem, offsets: layout.offsets, .minibatch(step: 0), .training, vectors: 1) {
            trace, inputs, vectors in
            product = trace.outputs(
                Curvature(problem.objective, inputs).hessianProduct(vectors[0]), offsets: layout.offsets)
        }
        self.product = product!
    }
}
