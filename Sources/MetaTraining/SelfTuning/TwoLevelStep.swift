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
    private let updates:
        (
            weights: MetaUpdate<Scalar>, center: MetaUpdate<Scalar>, scales: MetaUpdate<Scalar>,
            response: MetaUpdate<Scalar>?
        )
    private let weights: TuningWorkspace<Scalar>
    private let response: TuningWorkspace<Scalar>?
    private let center: TuningWorkspace<Scalar>?
    private let scales: TuningWorkspace<Scalar>?
    private let natural: TuningWorkspace<Scalar>?
    private let measured: TuningWorkspace<Scalar>
    private let perturbation: ElementBuffer<Scalar>
    private let zeros: ElementBuffer<Scalar>
    private let batches:
        (training: [ElementBuffer<Scalar>], validation: [ElementBuffer<Scalar>], measured: [ElementBuffer<Scalar>])
    /// The same, to be filled: arrays that need not be made at each step.
    private let filled: (training: [TensorElements<Scalar>], validation: [TensorElements<Scalar>])
    /// The natural values of the last training batch.
    private let naturals: TensorElements<Scalar>
    private let key: RandomKey

    init(
        _ objective: any SelfTunedObjective, _ settings: SelfTuningSettings, _ plans: TuningPlans<Scalar>,
        key: RandomKey
    ) {
        self.objective = objective
        self.settings = settings
        self.plans = plans
        self.key = key
        let count = settings.hyperparameters.count
        func update(ofResponse isResponse: Bool?, _ optimizer: MetaOptimizer) -> MetaUpdate<Scalar> {
            let all = objective.parameters
            let own = all.indices.filter { isResponse == nil || objective.isResponse[$0] == isResponse }
            return MetaUpdate(optimizer, of: own.map { all[$0] }, at: own.map { all.offsets[$0] })
        }
        updates = (
            update(ofResponse: settings.isLinearized ? false : nil, settings.weights),
            MetaUpdate(settings.center, of: [Parameter("hyperparameters", [count])]),
            MetaUpdate(settings.scales, of: [Parameter("scales", [count])]),
            settings.linearizedResponse.map { update(ofResponse: true, $0) }
        )
        func workspace(_ part: TuningPlans<Scalar>.Part?) -> TuningWorkspace<Scalar>? { part.map(TuningWorkspace.init) }
        weights = TuningWorkspace(plans.weights)
        measured = TuningWorkspace(plans.measured)
        (response, natural) = (workspace(plans.response), workspace(plans.natural))
        (center, scales) = (workspace(plans.center), workspace(plans.scales))
        perturbation = ElementBuffer(count: objective.examples(of: .level(.training, step: 0)) * count)
        zeros = ElementBuffer(count: perturbation.count)
        func buffers(_ batch: TuningBatch) -> [ElementBuffer<Scalar>] {
            objective.shapes(of: batch).map { ElementBuffer(count: $0.count) }
        }
        batches = (
            buffers(.level(.training, step: 0)), buffers(.level(.validation, step: 0)), buffers(.measured)
        )
        filled = (batches.training.map(TensorElements.init), batches.validation.map(TensorElements.init))
        naturals = TensorElements(natural?.results[0] ?? zeros)
        objective.fill(batches.measured.map(TensorElements.init), .measured, natural: naturals, key: key)
    }

    /// A state before the first step.
    func makeState() -> SelfTuningState<Scalar> {
        let remembered = [updates.weights, updates.center, updates.scales] + [updates.response].compactMap(\.self)
        return SelfTuningState(
            objective, settings.hyperparameters.map(\.value), remembered: remembered.map { $0.makeState() }, key: key)
    }

    /// One step of the weights, and of a response that is trained apart from them.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func stepWeights(_ state: inout SelfTuningState<Scalar>) {
        let step = state.weightSteps
        state.weightSteps += 1
        fill(.training, step: step, isPerturbed: !settings.isLinearized, state)
        state.losses.training = run(weights, batches.training, state)
        updates.weights.run(
            step: state.weightSteps, loss: state.losses.training, metaParameters: state.weights,
            metaGradient: weights.gradient, state: state.remembered[0])
        guard let response, let update = updates.response else { return }
        // The same examples, as perturbed hyperparameters have them.
        fill(.training, step: step, isPerturbed: true, state)
        let loss = run(response, batches.training, state)
        update.run(
            step: state.weightSteps, loss: loss, metaParameters: state.weights, metaGradient: response.gradient,
            state: state.remembered[3])
    }

    /// One step of the hyperparameters, and one of the scales where those have led.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func stepHyperparameters(_ state: inout SelfTuningState<Scalar>) {
        guard let center, let scales else { return }
        fill(.validation, step: state.hyperparameterSteps, isPerturbed: true, state)
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
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
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

    /// The means of the scores over the splits that are scored, without perturbation.
    func scores(_ state: SelfTuningState<Scalar>) -> [(split: DataSplit, means: [String: Double])] {
        plans.scored.map { split, size, part, names in
            let workspace = TuningWorkspace(part)
            let batch = objective.shapes(of: .chunk(0, of: split)).map { ElementBuffer<Scalar>(count: $0.count) }
            let zeros = ElementBuffer<Scalar>(
                count: settings.hyperparameters.count * objective.examples(of: .chunk(0, of: split)))
            var sums = names.map { _ in 0.0 }
            for chunk in 0..<size.chunks {
                objective.fill(
                    batch.map(TensorElements.init), .chunk(chunk, of: split), natural: TensorElements(zeros), key: key)
                workspace.run(state, batch, perturbation: zeros, zeros: zeros)
                for (index, result) in workspace.results.enumerated() { sums[index] += Double(result.start[0]) }
            }
            return (
                split, Dictionary(uniqueKeysWithValues: zip(names, sums.map { $0 / Double(size.examples) }))
            )
        }
    }

    /// Draws a batch and its perturbations.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func fill(_ level: TuningLevel, step: Int, isPerturbed: Bool, _ state: SelfTuningState<Scalar>) {
        if isPerturbed, settings.response != nil {
            var stream = RandomStream(key.derived("\(level.rawValue) perturbation", UInt64(step)))
            TensorElements(perturbation).fillNormal(&stream)
        } else {
            perturbation.clear()
        }
        if level == .training, let natural {
            natural.run(state, batches.training, perturbation: perturbation, zeros: zeros)
        }
        objective.fill(
            level == .training ? filled.training : filled.validation, .level(level, step: step), natural: naturals,
            key: key)
    }

    /// - Returns: the first result.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(
        _ workspace: TuningWorkspace<Scalar>, _ batch: [ElementBuffer<Scalar>], _ state: SelfTuningState<Scalar>
    ) -> Double {
        workspace.run(state, batch, perturbation: perturbation, zeros: zeros)
        return Double(workspace.results[0].start[0])
    }
}
