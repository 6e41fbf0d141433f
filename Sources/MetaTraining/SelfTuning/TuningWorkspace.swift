import TensorEngine

/// One of a self-tuning network's plans, and memory in which it runs.
struct TuningWorkspace<Scalar: TensorScalar> {
    private let part: TuningPlans<Scalar>.Part
    private let memory: PlanMemory<Scalar>
    let results: [ElementBuffer<Scalar>]
    let gradient: ElementBuffer<Scalar>

    init(_ part: TuningPlans<Scalar>.Part) {
        self.part = part
        memory = part.plan.makeMemory()
        results = part.plan.outputShapes.prefix(part.results.count).map { ElementBuffer(count: $0.count) }
        gradient = ElementBuffer(count: part.gradient.count)
    }

    /// Computes results and gradient.
    ///
    /// - Parameters:
    ///   - perturbation: of the batch.
    ///   - zeros: as many.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        _ state: SelfTuningState<Scalar>, _ batch: [ElementBuffer<Scalar>], perturbation: ElementBuffer<Scalar>,
        zeros: ElementBuffer<Scalar>
    ) {
        memory.bind(part.weights, to: state.weights.start)
        memory.bind(part.center, to: state.center.start)
        memory.bind(part.scales, to: state.scales.start)
        memory.bind(part.perturbation, to: perturbation.start)
        memory.bind(part.origin, to: zeros.start)
        for (slot, tensor) in zip(part.batch, batch) { memory.bind(slot, to: tensor.start) }
        for (slot, result) in zip(part.results, results) { memory.bind(slot, to: result.start) }
        memory.bind(part.gradient, to: gradient.start)
        part.plan.run(memory)
    }
}
