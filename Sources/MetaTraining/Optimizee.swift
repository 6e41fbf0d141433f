import Problems
import TensorEngine

/// A problem compiled: its loss, gradient and scores as plans over one flat parameter vector.
///
/// It is immutable and may serve many trials of the same problem at once; each works in an `OptimizeeRun`.
final class Optimizee<Scalar: TensorScalar>: Sendable {
    let problem: any Problem
    let layout: ParameterLayout
    /// Where each parameter begins in the flat vector.
    let parameterOffsets: [Int]
    /// Outputs: the loss, then the gradient by each parameter: the loss's own, or that of its surrogate; then, group by
    /// group, what the optimizers are told of each parameter.
    let gradientPlan: Plan<Scalar>
    /// Output: the loss on the fixed final batch, or on a batch of the usual size where there is none.
    let finalPlan: Plan<Scalar>
    /// Output: the Hessian of the loss times a vector, for each parameter. Inputs: the parameters, the vector's parts
    /// of their shapes, and the data.
    let curvaturePlan: Plan<Scalar>?
    /// Outputs: the sum of losses and the number of correct answers of one chunk.
    let testPlan: Plan<Scalar>?

    /// - Parameters:
    ///   - layout: of the flat vector.
    ///   - withCurvature: whether products with the Hessian will be asked for.
    /// - Throws: `TrialFailure` where a run would need more memory than the machine has.
    init(_ problem: any Problem, _ layout: ParameterLayout, withCurvature: Bool = false) throws {
        var need = MemoryNeed(Scalar.self, of: problem)
        try need.check(for: "the problem with \(problem.parameters.elementCount) parameters and its data")
        self.problem = problem
        self.layout = layout
        parameterOffsets = layout.offsets
        let shapes = problem.parameters.map(\.shape)
        gradientPlan = Plan(
            .tracing(shapes + problem.dataShapes(examples: nil)) { inputs in
                let parameters = Array(inputs.prefix(shapes.count))
                let data = Array(inputs.dropFirst(shapes.count))
                let loss = problem.loss(parameters, data: data)
                let followed = problem.surrogateLoss(parameters, data: data) ?? loss
                let local = layout.groups.flatMap { group in
                    let features = group.optimizer.localInputs.compactMap { LocalFeature(rawValue: $0.name) }
                    guard !features.isEmpty else { return [Tensor]() }
                    let states = problem.localState(
                        features, ofExamples: group.optimizer.looksAtExamples, parameters: parameters, data: data)
                    return group.parameters.map { states[$0] }
                }
                return [loss] + gradient(of: followed, withRespectTo: parameters) + local
            })
        finalPlan = Plan(
            .tracing(shapes + problem.dataShapes(examples: problem.finalExamples)) { inputs in
                [problem.loss(Array(inputs.prefix(shapes.count)), data: Array(inputs.dropFirst(shapes.count)))]
            })
        curvaturePlan =
            withCurvature
            ? Plan(
                .tracing(shapes + shapes + problem.dataShapes(examples: nil)) { inputs in
                    let parameters = Array(inputs.prefix(shapes.count))
                    let vector = Array(inputs.dropFirst(shapes.count).prefix(shapes.count))
                    let loss = problem.loss(parameters, data: Array(inputs.dropFirst(2 * shapes.count)))
                    let gradients = gradient(of: loss, withRespectTo: parameters)
                    return jacobianVectorProduct(of: gradients, variables: parameters, tangents: vector)
                }) : nil
        testPlan = problem.test.map { test in
            Plan(
                .tracing(shapes + test.dataShapes) { inputs in
                    let scores = test.scores(
                        Array(inputs.prefix(shapes.count)), data: Array(inputs.dropFirst(shapes.count)))
                    return [scores.loss, scores.correct]
                })
        }
        let others = max(finalPlan.memoryCount, testPlan?.memoryCount ?? 0)
        need.add(elements: Double(gradientPlan.memoryCount + others + (curvaturePlan?.memoryCount ?? 0)))
        try need.check(for: "a step of the problem")
    }

    /// Writes a trial's initial parameters into a flat vector; what fills it up is left alone.
    func initialize(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        let ordered = ElementBuffer<Scalar>(count: problem.parameters.elementCount)
        problem.initialize(ordered.start, key: key)
        for (parameter, (source, target)) in zip(
            problem.parameters, zip(problem.parameters.offsets, parameterOffsets))
        {
            (parameters + target).update(from: ordered.start + source, count: parameter.shape.count)
        }
    }

    /// The parameters of a flat vector as bytes.
    func tensors(_ parameters: UnsafePointer<Scalar>) -> [NamedTensor] {
        NamedTensor.tensors(problem.parameters, parameters, offsets: parameterOffsets)
    }
}

/// The working memory of one trial's optimizee: data of the current batch, and where its plans run.
final class OptimizeeRun<Scalar: TensorScalar> {
    let optimizee: Optimizee<Scalar>
    private let key: RandomKey
    private let gradientMemory: PlanMemory<Scalar>
    private let data: [ElementBuffer<Scalar>]
    /// Where `data` begins: an array that needs not be made at each step.
    private let dataStarts: [UnsafeMutablePointer<Scalar>]
    private let loss = ElementBuffer<Scalar>(count: 1)
    private let localState: LocalState<Scalar>
    private var heldStep: Int?
    private let curvatureMemory: PlanMemory<Scalar>?

    init(_ optimizee: Optimizee<Scalar>, key: RandomKey) {
        self.optimizee = optimizee
        self.key = key
        gradientMemory = optimizee.gradientPlan.makeMemory()
        data = optimizee.problem.dataShapes(examples: nil).map { ElementBuffer(count: $0.count) }
        dataStarts = data.map(\.start)
        let first = optimizee.problem.parameters.count
        for (index, buffer) in data.enumerated() { gradientMemory.bind(input: first + index, to: buffer.start) }
        gradientMemory.bind(output: 0, to: loss.start)
        localState = LocalState(optimizee)
        localState.bind(to: gradientMemory, firstOutput: 1 + first)
        curvatureMemory = optimizee.curvaturePlan?.makeMemory()
        for (index, buffer) in data.enumerated() { curvatureMemory?.bind(input: 2 * first + index, to: buffer.start) }
    }

    /// Sees to it that the data of a step is there. Nothing may read the data of another step any more.
    func hold(step: Int) {
        let problem = optimizee.problem
        guard heldStep == nil || (problem.hasFreshData && heldStep != step) else { return }
        problem.fill(dataStarts, batch: .step(step), examples: nil, key: key)
        heldStep = step
    }

    /// The loss on the data of a step, and its gradient.
    ///
    /// - Parameters:
    ///   - parameters: the flat parameter vector.
    ///   - gradient: where the gradient goes, as many elements.
    ///   - local: where goes what optimizers are told of each parameter, as the layout says.
    func evaluate(
        step: Int, parameters: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>,
        local: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        hold(step: step)
        for (index, offset) in optimizee.parameterOffsets.enumerated() {
            gradientMemory.bind(input: index, to: parameters + offset)
            gradientMemory.bind(output: 1 + index, to: gradient + offset)
        }
        optimizee.gradientPlan.run(gradientMemory, on: executor)
        localState.write(to: local)
        return Double(loss.start.pointee)
    }

    /// The Hessian of the loss on the data of a step, times a vector; all vectors are flat.
    func multiplyByCurvature(
        step: Int, parameters: UnsafeMutablePointer<Scalar>, vector: UnsafeMutablePointer<Scalar>,
        product: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor
    ) {
        guard let plan = optimizee.curvaturePlan, let memory = curvatureMemory else {
            preconditionFailure("this optimizee was made without curvature")
        }
        hold(step: step)
        let offsets = optimizee.parameterOffsets
        for (index, offset) in offsets.enumerated() {
            memory.bind(input: index, to: parameters + offset)
            memory.bind(input: offsets.count + index, to: vector + offset)
            memory.bind(output: index, to: product + offset)
        }
        plan.run(memory, on: executor)
    }

    /// The loss on the fixed final batch; for a problem without one, on the data that all its steps see.
    func finalLoss(parameters: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor) -> Double {
        let problem = optimizee.problem
        let examples = problem.finalExamples
        let buffers = problem.dataShapes(examples: examples).map { ElementBuffer<Scalar>(count: $0.count) }
        problem.fill(
            buffers.map(\.start), batch: examples == nil ? .step(0) : .final, examples: examples, key: key)
        return run(optimizee.finalPlan, parameters, buffers, outputs: 1, on: executor)[0]
    }

    /// The mean loss on the test split and the share of it that is answered correctly; nil where there is none.
    func testScores(
        parameters: UnsafeMutablePointer<Scalar>, on executor: any PieceExecutor
    ) -> (loss: Double, accuracy: Double)? {
        guard let test = optimizee.problem.test, let plan = optimizee.testPlan else { return nil }
        let buffers = test.dataShapes.map { ElementBuffer<Scalar>(count: $0.count) }
        var (loss, correct) = (0.0, 0.0)
        for start in stride(from: 0, to: test.count, by: test.chunk) {
            test.fill(buffers.map(\.start), from: start)
            let scores = run(plan, parameters, buffers, outputs: 2, on: executor)
            loss += scores[0]
            correct += scores[1]
        }
        return (loss / Double(test.count), correct / Double(test.count))
    }

    private func run(
        _ plan: Plan<Scalar>, _ parameters: UnsafeMutablePointer<Scalar>, _ data: [ElementBuffer<Scalar>], outputs: Int,
        on executor: any PieceExecutor
    ) -> [Double] {
        let memory = plan.makeMemory()
        let offsets = optimizee.parameterOffsets
        for (index, offset) in offsets.enumerated() { memory.bind(input: index, to: parameters + offset) }
        for (index, buffer) in data.enumerated() { memory.bind(input: offsets.count + index, to: buffer.start) }
        let results = ElementBuffer<Scalar>(count: outputs)
        for index in 0..<outputs { memory.bind(output: index, to: results.start + index) }
        plan.run(memory, on: executor)
        return results.elements.map(Double.init)
    }
}
