import Foundation
import Nouns
import Problems
import TensorEngine

/// What a self-tuning network computes, compiled. It is immutable, and trials may share it.
struct TuningPlans<Scalar: TensorScalar>: Sendable {
    /// A plan of the weights, the hyperparameters and a batch.
    struct Part: Sendable {
        let plan: Plan<Scalar>
        let parameters: VectorSlots<InputSlot>
        let center: InputSlot
        let scales: InputSlot
        let perturbation: InputSlot
        let batch: [InputSlot]
        /// The loss; or natural values, scales, measures, and what is shown.
        let results: [OutputSlot]
        /// Derivatives of the loss, as one vector; none of what is measured.
        let gradient: VectorSlots<OutputSlot>
    }

    let weights: Part
    let center: Part
    let scales: Part
    let measured: Part
    let measures: [Metric]
    let pictures: [(name: String, shape: Shape)]

    init(
        _ objective: any SelfTunedObjective, _ hyperparameters: [Hyperparameter], isCentred: Bool = false,
        entropy: Double
    ) {
        func part(
            _ batch: TuningBatch, _ results: (Traced) -> [Tensor], gradientBy variables: ((Traced) -> [Tensor])? = nil
        ) -> Part {
            let trace = Trace()
            let traced = Traced(trace, objective, hyperparameters, isCentred: isCentred, batch)
            let values = results(traced)
            let derivatives = variables.map { gradient(of: values[0], withRespectTo: $0(traced)) } ?? []
            let outputs = values.map { trace.output($0) }
            let derivativeSlots = trace.outputs(derivatives)
            return Part(
                plan: Plan(trace.graph()), parameters: VectorSlots(traced.parameters), center: traced.center.inputSlot,
                scales: traced.scales.inputSlot, perturbation: traced.perturbation.inputSlot,
                batch: traced.batch.map(\.inputSlot), results: outputs, gradient: derivativeSlots)
        }
        func validation(_ traced: Traced) -> [Tensor] { [traced.loss(.validation) - entropy * traced.entropy] }
        weights = part(.level(.training, step: 0), { [$0.loss(.training)] }, gradientBy: \.parameters)
        center = part(.level(.validation, step: 0), validation, gradientBy: { [$0.center] })
        scales = part(.level(.validation, step: 0), validation, gradientBy: { [$0.scales] })

        var (measures, pictures): ([Metric], [(name: String, shape: Shape)]) = ([], [])
        measured = part(.measured) { traced in
            let found = objective.measures(traced.parameters, traced.hyperparameters, batch: traced.batch)
            let shown = objective.pictures(traced.parameters, traced.hyperparameters, batch: traced.batch)
            measures = found.map(\.name)
            pictures = shown.map { ($0.name, $0.value.shape) }
            let naturals = hyperparameters.enumerated().map { index, hyperparameter in
                hyperparameter.space.natural(traced.center.sliced(index..<index + 1))
            }
            return [Tensor.concatenating(naturals), traced.scales.softplus()] + found.map(\.value) + shown.map(\.value)
        }
        self.measures = measures
        self.pictures = pictures
    }

    /// The inputs of a part's trace.
    private struct Traced {
        let objective: any SelfTunedObjective
        let parameters: [Tensor]
        let center: Tensor
        let scales: Tensor
        let perturbation: Tensor
        let batch: [Tensor]
        let hyperparameters: PerturbedHyperparameters

        init(
            _ trace: Trace, _ objective: any SelfTunedObjective, _ hyperparameters: [Hyperparameter],
            isCentred: Bool, _ batch: TuningBatch
        ) {
            self.objective = objective
            parameters = trace.inputs(objective.parameters.map(\.shape))
            center = trace.input([hyperparameters.count])
            scales = trace.input([hyperparameters.count])
            perturbation = trace.input([hyperparameters.count, objective.batchSize])
            self.batch = trace.inputs(objective.shapes(of: batch))
            self.hyperparameters = PerturbedHyperparameters(
                hyperparameters, center: center, scales: scales, perturbation: perturbation, isCentred: isCentred)
        }

        func loss(_ level: TuningLevel) -> Tensor {
            objective.loss(parameters, hyperparameters, batch: batch, level)
        }

        /// The entropy of the perturbations, Σ log(σ √(2πe)).
        var entropy: Tensor { (scales.softplus() * (2 * Double.pi * M_E).squareRoot()).logarithm().sum() }
    }
}
