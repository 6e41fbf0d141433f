import Nouns
import Problems
import TensorEngine

/// The steps of a self-tuning network: weights on training batches, hyperparameters and their scales on validation
/// batches (MacKay et al. 2019, algorithm 1). Every batch has perturbations of its own.
///
/// Memory: that of one step. It runs one step at a time.
final class TwoLevelStep<Scalar: TensorScalar> {
    private let objective: any SelfTunedObjective
    private let settings: SelfTuningSettings
    private let plans: TuningPlans<Scalar>
    private let updates: (weights: MetaUpdate<Scalar>, center: MetaUpdate<Scalar>, scales: MetaUpdate<Scalar>)
    private let weights: Workspace
    private let center: Workspace
    private let scales: Workspace
    private let measured: Workspace
    private let perturbation: ElementBuffer<Scalar>
    private let batches:
        (training: [ElementBuffer<Scalar>], validation: [ElementBuffer<Scalar>], measured: [ElementBuffer<Scalar>])
    private let key: RandomKey

    /// One of the plans, and memory in which it runs.
    private struct Workspace {
        let part: TuningPlans<Scalar>.Part
        let memory: PlanMemory<Scalar>
        let results: [ElementBuffer<Scalar>]
        let gradient: ElementBuffer<Scalar>

        init(_ part: TuningPlans<Scalar>.Part) {
            self.part = part
            memory = part.plan.makeMemory()
            results = part.plan.outputShapes.prefix(part.results.count).map { ElementBuffer(count: $0.count) }
            gradient = ElementBuffer(count: part.gradient.count)
        }
    }

    init(
        _ objective: any SelfTunedObjective, _ settings: SelfTuningSettings, _ plans: TuningPlans<Scalar>,
        key: RandomKey
    ) {
        self.objective = objective
        self.settings = settings
        self.plans = plans
        self.key = key
        let count = settings.hyperparameters.count
        func update(_ optimizer: MetaOptimizer, _ parameters: [Parameter]) -> MetaUpdate<Scalar> {
            MetaUpdate(optimizer, of: parameters)
        }
        updates = (
            update(settings.weights, objective.parameters),
            update(settings.center, [Parameter("hyperparameters", [count])]),
            update(settings.scales, [Parameter("scales", [count])])
        )
        (weights, center, scales, measured) = (
            Workspace(plans.weights), Workspace(plans.center), Workspace(plans.scales), Workspace(plans.measured)
        )
        perturbation = ElementBuffer(count: objective.batchSize * count)
        func buffers(_ batch: TuningBatch) -> [ElementBuffer<Scalar>] {
            objective.shapes(of: batch).map { ElementBuffer(count: $0.count) }
        }
        batches = (
            buffers(.level(.training, step: 0)), buffers(.level(.validation, step: 0)), buffers(.measured)
        )
        objective.fill(batches.measured.map(TensorElements.init), .measured, key: key)
    }

    /// A state before the first step.
    func makeState() -> SelfTuningState<Scalar> {
        SelfTuningState(
            objective, settings.hyperparameters.map(\.value),
            remembered: [updates.weights.makeState(), updates.center.makeState(), updates.scales.makeState()], key: key)
    }

    /// One step of the weights.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func stepWeights(_ state: inout SelfTuningState<Scalar>) {
        fill(.training, step: state.weightSteps)
        state.weightSteps += 1
        state.losses.training = run(weights, batches.training, state)
        updates.weights.run(
            step: state.weightSteps, loss: state.losses.training, metaParameters: state.weights,
            metaGradient: weights.gradient, state: state.remembered[0])
    }

    /// One step of the hyperparameters, and one of the scales where those have led.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func stepHyperparameters(_ state: inout SelfTuningState<Scalar>) {
        fill(.validation, step: state.hyperparameterSteps)
        state.hyperparameterSteps += 1
        state.losses.validation = run(center, batches.validation, state)
        updates.center.run(
            step: state.hyperparameterSteps, loss: state.losses.validation, metaParameters: state.center,
            metaGradient: center.gradient, state: state.remembered[1])
        let loss = run(scales, batches.validation, state)
        updates.scales.run(
            step: state.hyperparameterSteps, loss: loss, metaParameters: state.scales, metaGradient: scales.gradient,
            state: state.remembered[2])
    }

    /// What is measured of the network.
    ///
    /// - Parameter isPerturbed: whether as the last batch perturbed it, or not at all.
    func measure(_ state: SelfTuningState<Scalar>, isPerturbed: Bool) -> [(metric: Metric, value: Double)] {
        if !isPerturbed { perturbation.clear() }
        _ = run(measured, batches.measured, state)
        return zip(plans.measures, measured.results.dropFirst(2)).map { ($0, Double($1.start[0])) }
    }

    /// The hyperparameters when something was measured at last, in natural space, and the scales of their perturbations.
    var hyperparameters: [(natural: Double, scale: Double)] {
        zip(measured.results[0].elements, measured.results[1].elements).map { (Double($0), Double($1)) }
    }

    /// What the last measurement showed.
    var pictures: [NamedTensor] {
        zip(plans.pictures, measured.results.dropFirst(2 + plans.measures.count)).flatMap { picture, values in
            NamedTensor.tensors([Parameter(picture.name, picture.shape)], values.start)
        }
    }

    /// Draws a batch and its perturbations.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func fill(_ level: TuningLevel, step: Int) {
        let tensors = level == .training ? batches.training : batches.validation
        objective.fill(tensors.map(TensorElements.init), .level(level, step: step), key: key)
        var stream = RandomStream(key.derived("\(level.rawValue) perturbation", UInt64(step)))
        TensorElements(perturbation).fillNormal(&stream)
    }

    /// - Returns: the first result.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(
        _ workspace: Workspace, _ batch: [ElementBuffer<Scalar>], _ state: SelfTuningState<Scalar>
    ) -> Double {
        let (part, memory) = (workspace.part, workspace.memory)
        memory.bind(part.parameters, to: state.weights.start)
        memory.bind(part.center, to: state.center.start)
        memory.bind(part.scales, to: state.scales.start)
        memory.bind(part.perturbation, to: perturbation.start)
        for (slot, tensor) in zip(part.batch, batch) { memory.bind(slot, to: tensor.start) }
        for (slot, result) in zip(part.results, workspace.results) { memory.bind(slot, to: result.start) }
        memory.bind(part.gradient, to: workspace.gradient.start)
        part.plan.run(memory)
        return Double(workspace.results[0].start[0])
    }
}
