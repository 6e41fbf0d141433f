import TensorEngine

/// A problem in other units: f(exp(c) ∘ θ) in place of f(θ), with c uniform for each coordinate (Lv, Jiang and Li 2017,
/// arXiv:1703.03633, section 4.1, "random scaling").
///
/// It starts where the problem itself does: at the problem's initial parameters divided by exp(c). A learned optimizer
/// that is trained on it cannot learn one size of step by heart. c follows from a trial's key, so that every epoch of
/// meta-training has its own. There is no test split: what is tested is the problem itself.
public struct RandomScaling: Problem {
    private let problem: any Problem
    private let range: ClosedRange<Double>

    /// - Parameter range: that of c, the logarithm of a coordinate's scale.
    public init(_ problem: any Problem, _ range: ClosedRange<Double>) {
        self.problem = problem
        self.range = range
    }

    public var parameters: [Parameter] { problem.parameters }
    public var hasFreshData: Bool { problem.hasFreshData }
    public var finalExamples: Int? { problem.finalExamples }

    /// The problem's data, and then the logarithms of the scales.
    public func dataShapes(examples: Int?) -> [Shape] {
        problem.dataShapes(examples: examples) + problem.parameters.map(\.shape)
    }

    public func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor {
        problem.loss(scaled(parameters, data), data: Array(data.dropLast(parameters.count)))
    }

    public func surrogateLoss(_ parameters: [Tensor], data: [Tensor]) -> Tensor? {
        problem.surrogateLoss(scaled(parameters, data), data: Array(data.dropLast(parameters.count)))
    }

    public var localFeatures: [LocalFeature] { problem.localFeatures }
    public var localExamples: Int { problem.localExamples }

    /// What the problem itself tells, of weights in its own units.
    public func localState(
        _ features: [LocalFeature], ofExamples: Bool, parameters: [Tensor], data: [Tensor]
    ) -> [Tensor] {
        problem.localState(
            features, ofExamples: ofExamples, parameters: scaled(parameters, data),
            data: Array(data.dropLast(parameters.count)))
    }

    private func scaled(_ parameters: [Tensor], _ data: [Tensor]) -> [Tensor] {
        zip(parameters, data.suffix(parameters.count)).map { $0 * $1.exponential() }
    }

    public func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        problem.initialize(parameters, key: key)
        let logarithms = ElementBuffer<Scalar>(count: problem.parameters.elementCount)
        fill(logarithms.start, count: logarithms.count, key: key)
        // The engine's own exponential, as in the loss: the same bits on every machine.
        let shape: Shape = [logarithms.count]
        let plan = Plan<Scalar>(.tracing([shape, shape]) { [$0[0] * (-$0[1]).exponential()] })
        let memory = plan.makeMemory()
        let divided = ElementBuffer<Scalar>(count: logarithms.count)
        memory.bind(input: 0, to: parameters)
        memory.bind(input: 1, to: logarithms.start)
        memory.bind(output: 0, to: divided.start)
        plan.run(memory)
        parameters.update(from: divided.start, count: divided.count)
    }

    public func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {
        let count = problem.parameters.count
        problem.fill(Array(data.dropLast(count)), batch: batch, examples: examples, key: key)
        var stream = RandomStream(Self.key(key))
        for (pointer, parameter) in zip(data.suffix(count), problem.parameters) {
            fill(pointer, count: parameter.shape.count, from: &stream)
        }
    }

    private func fill<Scalar: TensorScalar>(_ logarithms: UnsafeMutablePointer<Scalar>, count: Int, key: RandomKey) {
        var stream = RandomStream(Self.key(key))
        fill(logarithms, count: count, from: &stream)
    }

    private func fill<Scalar: TensorScalar>(
        _ logarithms: UnsafeMutablePointer<Scalar>, count: Int, from stream: inout RandomStream
    ) {
        let width = range.upperBound - range.lowerBound
        for index in 0..<count { logarithms[index] = Scalar(range.lowerBound + width * stream.uniform()) }
    }

    private static func key(_ key: RandomKey) -> RandomKey { key.derived("random scaling") }
}

/// A family's problems, each in units of its own.
public struct RandomScalingFamily: ProblemFamily {
    private let family: any ProblemFamily
    private let range: ClosedRange<Double>

    public init(_ family: any ProblemFamily, _ range: ClosedRange<Double>) {
        self.family = family
        self.range = range
    }

    public func problem(_ key: RandomKey) -> any Problem { RandomScaling(family.problem(key), range) }
}
