import Nouns
import Problems
import TensorEngine

/// A problem compiled: its loss, gradient and scores as plans over one flat parameter vector.
///
/// It is immutable and may serve many trials of the same problem at once; each works in an `OptimizeeRun`.
final class Optimizee<Scalar: TensorScalar>: Sendable {
    let problem: Problem
    let layout: ParameterLayout
    /// Where each parameter begins in the flat vector.
    let parameterOffsets: [Int]
    /// What is carried from step to step, one tensor after the other.
    let carried: [CarriedTensor]
    let carriedOffsets: [Int]
    /// Inputs: parameters, what is carried, and the minibatch. Outputs: the loss; the gradient by each parameter, of the
    /// loss itself or of its surrogate; what is carried on; then, group by group, what optimizers are told of each
    /// parameter.
    let gradientPlan: Plan<Scalar>
    /// Output: the loss on the final batch, in evaluation.
    let finalPlan: Plan<Scalar>
    /// Output: the Hessian of the loss times a vector, for each parameter. Inputs: the parameters, the vector's parts
    /// of their shapes, what is carried, and the minibatch.
    let curvaturePlan: Plan<Scalar>?
    /// The split that is scored, and the plan of one chunk with the sums' names.
    let test: (split: ScoredSplit, plan: Plan<Scalar>, names: [String])?

    /// - Parameters:
    ///   - layout: of the flat vector.
    ///   - withCurvature: whether products with the Hessian will be asked for.
    /// - Throws: `TrialFailure` where a run would need more memory than the machine has.
    init(_ problem: Problem, _ layout: ParameterLayout, withCurvature: Bool = false) throws {
        var need = MemoryNeed(Scalar.self, of: problem)
        try need.check(for: "the problem with \(problem.parameters.elementCount) parameters and its data")
        self.problem = problem
        self.layout = layout
        parameterOffsets = layout.offsets
        carried = problem.objective.carried
        carriedOffsets = carried.offsets
        gradientPlan = Plan(Self.gradientGraph(problem, layout))
        finalPlan = Plan(
            problem.traced(problem.data.finalBatch, .evaluation) { inputs in [problem.objective.loss(inputs)] })
        curvaturePlan =
            withCurvature
            ? Plan(
                problem.traced(.minibatch(step: 0), .training, vectors: 1) { inputs, vectors in
                    Curvature(problem.objective, inputs).hessianProduct(vectors[0])
                }) : nil
        test = Self.test(of: problem)
        let others = max(finalPlan.memoryCount, test?.plan.memoryCount ?? 0)
        need.add(elements: Double(gradientPlan.memoryCount + others + (curvaturePlan?.memoryCount ?? 0)))
        try need.check(for: "a step of the problem")
    }

    private static func gradientGraph(_ problem: Problem, _ layout: ParameterLayout) -> Graph {
        problem.traced(.minibatch(step: 0), .training) { inputs in
            let result = problem.objective.evaluate(inputs)
            let loss = problem.objective.loss(result.outputs, batch: inputs.batch)
            let followed = problem.objective.surrogateLoss(result.outputs, batch: inputs.batch) ?? loss
            let local = layout.groups.flatMap { group in
                let features = group.optimizer.localInputs.compactMap { LocalFeature(rawValue: $0.name) }
                guard !features.isEmpty, let observable = problem.observable else { return [Tensor]() }
                let states = observable.localState(
                    features, ofExamples: group.optimizer.looksAtExamples, parameters: inputs.parameters,
                    batch: inputs.batch)
                return group.parameters.map { states[$0] }
            }
            return [loss] + gradient(of: followed, withRespectTo: inputs.parameters) + result.carried + local
        }
    }

    private static func test(of problem: Problem) -> (split: ScoredSplit, plan: Plan<Scalar>, names: [String])? {
        guard let split = problem.data.scoredSplit(.test) else { return nil }
        var names: [String] = []
        let graph = problem.traced(.chunk(0, of: .test), .evaluation) { inputs in
            let scores = problem.objective.scores(problem.objective.evaluate(inputs).outputs, batch: inputs.batch)
            names = scores.map(\.name)
            return scores.map(\.sum)
        }
        return names.isEmpty ? nil : (split, Plan(graph), names)
    }

    /// Writes a trial's initial parameters into a flat vector, and what is carried at first; what fills up the vector is
    /// left alone.
    func initialize(
        _ parameters: UnsafeMutablePointer<Scalar>, carried: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        problem.objective.initialize(elements(parameters), key: key)
        for (tensor, offset) in zip(self.carried, carriedOffsets) {
            (carried + offset).update(repeating: Scalar(tensor.initial), count: tensor.shape.count)
        }
    }

    /// Each parameter's in a flat vector.
    private func elements(_ parameters: UnsafeMutablePointer<Scalar>) -> [TensorElements<Scalar>] {
        zip(problem.parameters, parameterOffsets).map { TensorElements(parameters + $1, count: $0.shape.count) }
    }

    /// The parameters of a flat vector as bytes.
    func tensors(_ parameters: UnsafePointer<Scalar>) -> [NamedTensor] {
        NamedTensor.tensors(problem.parameters, parameters, offsets: parameterOffsets)
    }
}

extension Problem {
    /// A graph of the problem's parameters, some vectors of their shapes, what it carries, and a batch, in this order.
    func traced(
        _ batch: Batch, _ mode: ObjectiveMode, vectors: Int = 0,
        _ body: (ObjectiveInputs, [[Tensor]]) -> [Tensor]
    ) -> Graph {
        let shapes = parameters.map(\.shape)
        let trace = Trace()
        let parameters = shapes.map { trace.input($0) }
        let vectors = (0..<vectors).map { _ in shapes.map { trace.input($0) } }
        let carried = objective.carried.map { trace.input($0.shape) }
        let tensors = data.shapes(of: batch).map { trace.input($0) }
        let inputs = ObjectiveInputs(parameters, carried: carried, batch: tensors, mode: mode)
        return trace.graph(outputs: body(inputs, vectors))
    }

    func traced(_ batch: Batch, _ mode: ObjectiveMode, _ body: (ObjectiveInputs) -> [Tensor]) -> Graph {
        traced(batch, mode) { inputs, _ in body(inputs) }
    }
}

extension Array where Element == CarriedTensor {
    /// How many elements all of them have together.
    var elementCount: Int { reduce(0) { $0 + $1.shape.count } }

    /// Where each begins when they lie one after the other.
    var offsets: [Int] { map { Parameter($0.name, $0.shape) }.offsets }
}
