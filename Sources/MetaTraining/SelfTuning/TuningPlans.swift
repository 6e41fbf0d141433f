import Foundation
import Nouns
import Problems
import TensorEngine

/// What a self-tuning network computes, compiled. It is immutable, and trials may share it.
struct TuningPlans<Scalar: TensorScalar>: Sendable {
    /// A plan of the weights, the hyperparameters and a batch.
    struct Part: Sendable {
        let plan: Plan<Scalar>
        let weights: VectorSlots<InputSlot>
        let center: InputSlot
        let scales: InputSlot
        let perturbation: InputSlot
        /// Where layers respond to nothing: zeros, as many as there are perturbations.
        let origin: InputSlot
        let batch: [InputSlot]
        /// The loss; or natural values, scales, measures, and what is shown; or sums of scores.
        let results: [OutputSlot]
        /// Derivatives of the loss, as one vector; none of what is measured.
        let gradient: VectorSlots<OutputSlot>
    }

    /// By the weights, and what makes them respond, which has no part in the first of them where it is linearized.
    let weights: Part
    let response: Part?
    /// By hyperparameters, and by their scales; nil for hyperparameters that are fixed.
    let center: Part?
    let scales: Part?
    /// The natural values of perturbed hyperparameters; nil where batches don't read them.
    let natural: Part?
    let measured: Part
    let measures: [Metric]
    let pictures: [(name: String, shape: Shape)]
    /// Of each split that is scored, with the names of the sums.
    let scored: [(split: DataSplit, size: ScoredSplit, part: Part, names: [String])]

    init(_ objective: any SelfTunedObjective, _ settings: SelfTuningSettings) {
        func part(
            _ batch: TuningBatch, _ results: (TracedTuning) -> [Tensor],
            gradientBy variables: ((TracedTuning) -> [Tensor])? = nil
        ) -> Part {
            let trace = Trace()
            let traced = TracedTuning(trace, objective, settings, batch)
            let values = results(traced)
            let derivatives = variables.map { gradient(of: values[0], withRespectTo: $0(traced)) } ?? []
            let outputs = values.map { trace.output($0) }
            let derivativeSlots = trace.outputs(derivatives)
            return Part(
                plan: Plan(trace.graph()), weights: VectorSlots(traced.weights), center: traced.center.inputSlot,
                scales: traced.scales.inputSlot, perturbation: traced.perturbation.inputSlot,
                origin: traced.origin.inputSlot, batch: traced.batch.map(\.inputSlot), results: outputs,
                gradient: derivativeSlots)
        }
        func validation(_ traced: TracedTuning) -> [Tensor] {
            [traced.loss(.validation) - settings.entropy * traced.entropy]
        }
        let training = TuningBatch.level(.training, step: 0)
        if settings.isLinearized {
            weights = part(training, { [$0.lossWithoutResponse] }, gradientBy: \.weights)
            response = part(training, { [$0.linearizedLoss] }, gradientBy: \.weights)
        } else {
            weights = part(training, { [$0.loss(.training)] }, gradientBy: \.weights)
            response = nil
        }
        let batch = TuningBatch.level(.validation, step: 0)
        center = settings.isTuned ? part(batch, validation, gradientBy: { [$0.center] }) : nil
        scales = settings.isTuned ? part(batch, validation, gradientBy: { [$0.scales] }) : nil
        natural = objective.readsHyperparameters ? part(training) { [$0.hyperparameters.natural] } : nil

        var (measures, pictures): ([Metric], [(name: String, shape: Shape)]) = ([], [])
        measured = part(.measured) { traced in
            let found = objective.measures(traced.weights, traced.hyperparameters, batch: traced.batch)
            let shown = objective.pictures(traced.weights, traced.hyperparameters, batch: traced.batch)
            measures = found.map(\.name)
            pictures = shown.map { ($0.name, $0.value.shape) }
            let naturals = settings.hyperparameters.enumerated().map { index, hyperparameter in
                hyperparameter.value.space.natural(traced.center.sliced(index..<index + 1))
            }
            return [Tensor.concatenating(naturals), traced.scales.softplus()] + found.map(\.value) + shown.map(\.value)
        }
        self.measures = measures
        self.pictures = pictures
        scored = objective.scoredSplits.map { split, size in
            var names: [String] = []
            let part = part(.chunk(0, of: split)) { traced in
                let scores = objective.scores(traced.predictions(.validation), batch: traced.batch)
                names = scores.map(\.name)
                return scores.map(\.sum)
            }
            return (split, size, part, names)
        }
    }
}

/// The inputs of a part's trace.
private struct TracedTuning {
    private let objective: any SelfTunedObjective
    let weights: [Tensor]
    let center: Tensor
    let scales: Tensor
    let perturbation: Tensor
    let origin: Tensor
    let batch: [Tensor]
    let hyperparameters: PerturbedHyperparameters

    init(
        _ trace: Trace, _ objective: any SelfTunedObjective, _ settings: SelfTuningSettings, _ batch: TuningBatch
    ) {
        self.objective = objective
        let count = settings.hyperparameters.count
        weights = trace.inputs(objective.tensors)
        center = trace.input([count])
        scales = trace.input([count])
        perturbation = trace.input([count, objective.examples(of: batch)])
        self.batch = trace.inputs(objective.shapes(of: batch))
        origin = trace.input(perturbation.shape)
        let perturbed = PerturbedHyperparameters(
            settings.hyperparameters.map(\.value), center: center, scales: scales, perturbation: perturbation,
            isCentred: settings.isCentred)
        hyperparameters = settings.response == nil ? perturbed.responding(to: nil) : perturbed
    }

    func predictions(_ level: TuningLevel) -> Tensor {
        objective.predictions(weights, hyperparameters, batch: batch, level)
    }

    func loss(_ level: TuningLevel) -> Tensor { loss(predictions(level), hyperparameters, level) }

    /// The training loss of the weights at the hyperparameters themselves.
    var lossWithoutResponse: Tensor {
        let fixed = hyperparameters.responding(to: nil)
        return loss(objective.predictions(weights, fixed, batch: batch, .training), fixed, .training)
    }

    /// The training loss of predictions that are linear in what layers respond to (Bae and Grosse 2020, section 3.3).
    var linearizedLoss: Tensor {
        let fixed = hyperparameters.responding(to: origin)
        let predictions = objective.predictions(weights, fixed, batch: batch, .training)
        guard let response = hyperparameters.response else { return loss(predictions, fixed, .training) }
        let change = jacobianVectorProduct(of: [predictions], variables: [origin], tangents: [response])[0]
        return loss(predictions + change, hyperparameters, .training)
    }

    private func loss(_ predictions: Tensor, _ hyperparameters: PerturbedHyperparameters, _ level: TuningLevel)
        -> Tensor
    {
        objective.loss(predictions, weights, hyperparameters, batch: batch, level)
    }

    /// The entropy of the perturbations, Σ log(σ √(2πe)).
    var entropy: Tensor { (scales.softplus() * (2 * Double.pi * M_E).squareRoot()).logarithm().sum() }
}
