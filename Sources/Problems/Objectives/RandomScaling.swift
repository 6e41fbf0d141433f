import TensorEngine

/// A problem in other units: f(exp(c) ∘ θ) in place of f(θ), with c uniform for each coordinate (Lv, Jiang and Li 2017,
/// arXiv:1703.03633, section 4.1, "random scaling").
///
/// It starts where the problem itself does: at the problem's initial parameters divided by exp(c). A learned optimizer
/// that is trained on it cannot learn one size of step by heart. c follows from a trial's key, so that every epoch of
/// meta-training has its own. There is no test split: what is tested is the problem itself.
public struct RandomScaling: Objective, DataSource, LocallyObservable {
    private let problem: Problem
    private let range: ClosedRange<Double>

    /// - Parameter range: that of c, the logarithm of a coordinate's scale.
    public init(_ problem: Problem, _ range: ClosedRange<Double>) {
        self.problem = problem
        self.range = range
    }

    private var objective: any Objective { problem.objective }

    public var parameters: [Parameter] { objective.parameters }
    public var carried: [CarriedTensor] { objective.carried }
    public var outputCount: Int { objective.outputCount }
    public var isLossConvex: Bool { objective.isLossConvex }

    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs { objective.outputs(unscaled(inputs)) }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { objective.loss(outputs, batch: own(batch)) }

    public func surrogateLoss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor? {
        objective.surrogateLoss(outputs, batch: own(batch))
    }

    public var localFeatures: [LocalFeature] { problem.localFeatures }

    /// What the problem itself tells, of weights in its own units.
    public func localState(
        _ features: [LocalFeature], ofExamples: Bool, parameters: [Tensor], batch: [Tensor]
    ) -> [Tensor] {
        let inputs = unscaled(ObjectiveInputs(parameters, batch: batch))
        return problem.observable?.localState(
            features, ofExamples: ofExamples, parameters: inputs.parameters, batch: inputs.batch) ?? []
    }

    /// The problem's own part of a batch: the logarithms of the scales come last.
    private func own(_ batch: [Tensor]) -> [Tensor] { Array(batch.dropLast(parameters.count)) }

    /// Parameters and batch of the problem itself.
    private func unscaled(_ inputs: ObjectiveInputs) -> ObjectiveInputs {
        var result = inputs
        let logarithms = inputs.batch.suffix(inputs.parameters.count)
        result.parameters = zip(inputs.parameters, logarithms).map { $0 * $1.exponential() }
        result.batch = own(inputs.batch)
        return result
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        objective.initialize(parameters, key: key)
        let count = self.parameters.elementCount
        let (logarithms, values) = (ElementBuffer<Scalar>(count: count), ElementBuffer<Scalar>(count: count))
        fill(TensorElements.consecutive(shapes, at: logarithms.start), key: key)
        let parts = TensorElements.consecutive(shapes, at: values.start)
        for (part, parameter) in zip(parts, parameters) { part.start.update(from: parameter.start, count: part.count) }
        // The engine's own exponential, as in the loss: the same bits on every machine.
        let plan = Plan<Scalar>(.tracing([[count], [count]]) { [$0[0] * (-$0[1]).exponential()] })
        let memory = plan.makeMemory()
        let divided = ElementBuffer<Scalar>(count: count)
        memory.bind(input: 0, to: values.start)
        memory.bind(input: 1, to: logarithms.start)
        memory.bind(output: 0, to: divided.start)
        plan.run(memory)
        let results = TensorElements.consecutive(shapes, at: divided.start)
        for (result, parameter) in zip(results, parameters) {
            parameter.start.update(from: result.start, count: result.count)
        }
    }

    public var isFresh: Bool { problem.data.isFresh }
    public var minibatchExamples: Int { problem.data.minibatchExamples }
    public var hasFixedBatch: Bool { problem.data.hasFixedBatch }

    /// The problem's batch, and then the logarithms of the scales.
    public func shapes(of batch: Batch) -> [Shape] { problem.data.shapes(of: batch) + shapes }

    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        problem.data.fill(Array(tensors.dropLast(parameters.count)), batch, key: key)
        fill(Array(tensors.suffix(parameters.count)), key: key)
    }

    private var shapes: [Shape] { parameters.map(\.shape) }

    /// Writes the logarithms of the scales.
    private func fill<Scalar: TensorScalar>(_ logarithms: [TensorElements<Scalar>], key: RandomKey) {
        var stream = RandomStream(key.derived("random scaling"))
        let width = range.upperBound - range.lowerBound
        for tensor in logarithms {
            for index in 0..<tensor.count { tensor[index] = Scalar(range.lowerBound + width * stream.uniform()) }
        }
    }
}

/// A family's problems, each in units of its own.
public struct RandomScalingFamily: ProblemFamily {
    private let family: any ProblemFamily
    private let range: ClosedRange<Double>

    public init(_ family: any ProblemFamily, _ range: ClosedRange<Double>) {
        self.family = family
        self.range = range
    }

    public var misfit: String? { family.misfit }

    public func problem(_ key: RandomKey) -> Problem {
        let scaled = RandomScaling(family.problem(key), range)
        return Problem(scaled, scaled, observable: scaled)
    }
}
