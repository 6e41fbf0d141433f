import Foundation
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining
@testable import Problems

/// A self-tuning network's losses and derivatives against `hypernetwork.json`, and against central differences.
@Suite("Self-tuning networks agree with float64 figures")
struct SelfTuningReferenceTests {
    private let figures = try! ReferenceFigures("hypernetwork", in: .module)

    /// Loss and derivatives of one of the plans, where the figures' inputs may be changed.
    private func evaluate(
        _ part: (TuningPlans<Double>) -> TuningPlans<Double>.Part?, center: Double? = nil, scale: Double? = nil,
        nudging weight: (index: Int, by: Double)? = nil, isCentred: Bool = false, perturbed: Bool = true
    ) -> (loss: Double, gradient: [Double]) {
        var settings = SelfTuningSettings(
            [
                (
                    Square.inputRange,
                    Hyperparameter("inputRange", .bounded(low: 0.01, high: 10), initial: 0.5, scale: 0.5)
                )
            ], batchSize: 5)
        settings.isCentred = isCentred
        let part = part(TuningPlans<Double>(Square(range: 2).tuned(settings.request), settings))!
        let memory = part.plan.makeMemory()
        var values = figures["layers"].items.flatMap { layer in
            ["w", "hw", "b", "hb", "kw", "kb"].flatMap { layer[$0].tensor.values }
        }
        if let weight { values[weight.index] += weight.by }
        let weights = ElementBuffer(values)
        let inputs = [
            ElementBuffer([center ?? figures["unc"].number]), ElementBuffer([scale ?? figures["scale"].number]),
            ElementBuffer(figures["perturbation"].tensor.values.map { perturbed ? $0 : 0 }),
            ElementBuffer(figures["x"].tensor.values), ElementBuffer(count: 5),
        ]
        let (loss, gradient) = (ElementBuffer<Double>(count: 1), ElementBuffer<Double>(count: part.gradient.count))
        memory.bind(part.weights, to: weights.start)
        for (slot, buffer) in zip([part.center, part.scales, part.perturbation, part.batch[0], part.origin], inputs) {
            memory.bind(slot, to: buffer.start)
        }
        memory.bind(part.results[0], to: loss.start)
        memory.bind(part.gradient, to: gradient.start)
        withExtendedLifetime(inputs + [weights]) { part.plan.run(memory) }
        return (loss.start[0], gradient.elements)
    }

    @Test func weights() {
        let (loss, gradient) = evaluate(\.weights)
        #expect(abs(loss - figures["weightLoss"].number) < 1e-9)
        let figures = figures["weightGradients"].items.map(\.tensor.values)
        #expect(figures.count == 30)
        let expected = stride(from: 0, to: 30, by: 6).flatMap { layer in
            [0, 1, 3, 4, 2, 5].flatMap { figures[layer + $0] }
        }
        #expect(largestError(gradient, expected) < 1e-9)
    }

    @Test func hyperparameters() {
        let (loss, byCenter) = evaluate(\.center)
        #expect(abs(loss - figures["validationLoss"].number) < 1e-9)
        #expect(abs(byCenter[0] - figures["validationGradients"]["unc"].number) < 1e-9)
        #expect(byCenter.count == 1)
        let (same, byScale) = evaluate(\.scales)
        #expect(same == loss)
        #expect(abs(byScale[0] - figures["validationGradients"]["scale"].number) < 1e-9)
    }

    /// Without perturbation a centred network has the same weights wherever the hyperparameter is, and the derivative of a
    /// network that responds to it where that is 0.
    @Test func centredWeightsAreThoseAtTheHyperparameter() {
        func centred(_ center: Double) -> (loss: Double, gradient: [Double]) {
            evaluate(\.center, center: center, isCentred: true, perturbed: false)
        }
        let (here, there) = (centred(-2.9), centred(1.5))
        #expect(here.loss == there.loss && here.gradient == there.gradient)
        let (loss, gradient) = evaluate(\.center, center: 0, perturbed: false)
        #expect(abs(here.loss - loss) < 1e-12)
        #expect(abs(gradient[0]) > 1e-6 && abs(here.gradient[0] - gradient[0]) < 1e-12)
    }

    /// In training the hyperparameter acts on the inputs too; its derivative there counts for nothing, but is right.
    @Test func hypergradientsAgreeWithCentralDifferences() {
        let (center, scale) = (figures["unc"].number, figures["scale"].number)
        func difference(_ loss: (Double) -> Double) -> Double { (loss(1e-5) - loss(-1e-5)) / 2e-5 }
        let byCenter = difference { evaluate(\.center, center: center + $0).loss }
        #expect(abs(evaluate(\.center).gradient[0] - byCenter) < 1e-8)
        let byScale = difference { evaluate(\.scales, scale: scale + $0).loss }
        #expect(abs(evaluate(\.scales).gradient[0] - byScale) < 1e-8)
        let gradient = evaluate(\.weights).gradient
        for index in stride(from: 0, to: gradient.count, by: 7) {
            let byWeight = difference { evaluate(\.weights, nudging: (index, $0)).loss }
            #expect(abs(gradient[index] - byWeight) < 1e-7)
        }
    }

    @Test(arguments: [
        (HyperparameterSpace.bounded(low: 0.01, high: 10), 0.5), (.positive, 0.3), (.unbounded, -2.5),
        (.logBounded(low: 1e-6, high: 0.1), 1e-4), (.integer(low: 1, high: 20), 7),
    ])
    func spacesAreInvertible(space: HyperparameterSpace, natural: Double) {
        let unconstrained = space.unconstrained(natural)
        let plan = Plan<Double>(
            .tracing([[3]]) { inputs in
                let values = space.natural(inputs[0])
                return [values] + gradient(of: values.sum(), withRespectTo: inputs)
            })
        let found = plan([[unconstrained, unconstrained - 40, unconstrained + 40]])
        #expect(abs(found[0][0] - natural) < 1e-12 * max(1, abs(natural)))
        #expect(found[1].allSatisfy(\.isFinite) && found[1][0] > 0)
        switch space {
        case .bounded(let low, let high), .logBounded(let low, let high):
            #expect(abs(found[0][1] - low) < 1e-9 && abs(found[0][2] - high) < 1e-9)
        case .integer(let low, let high):
            #expect(found[0] == [natural, Double(low), Double(high)])
        case .positive: #expect(found[0][1] >= 0 && abs(found[0][2] - unconstrained - 40) < 1e-12)
        case .unbounded: break
        }
    }
}
