import Optimizers
import TensorEngine
import Testing

@Suite("The delta rule, by hand")
struct DeltaRuleTests {
    /// What one weight sees: mean and a fourth of the logarithm of the deviation of its neuron's output; whether that is
    /// an output, its target and ten times the error; and a place of which only the bias and tanh matter here.
    private func change(
        of weight: Double, mean: Double, deviation: Double, isOutput: Bool = false, error: Double = 0,
        isBias: Bool = false,
        isTanh: Bool = false
    ) -> Double {
        let rule = DeltaRule(
            learningRate: 0.3, biasRate: 2, growth: 0.05, deviation: 0.2, tanhRow: 4, placeRows: 5)
        // exp(4 l) is the deviation; powers of e that need no C library.
        let logarithm = deviation == 1 ? 0 : -1.0
        let seen = [mean, logarithm, isOutput ? 1 : 0, 0, 10 * error, 0, 0, 0, isBias ? 1 : 0, isTanh ? 1 : 0]
        let trace = Trace()
        let updated = rule.update(
            Coordinates(
                parameter: trace.input([1, 1]), gradient: trace.input([1, 1]), local: trace.input([10, 1]), state: [],
                schedule: [trace.input(.scalar)]), metaParameters: [])
        let plan = Plan<Double>(trace.graph(outputs: [updated.parameter]))
        return plan([[weight], [7], seen, rule.scheduleValues(step: 1)])[0][0] - weight
    }

    @Test func outputsFollowTheirErrors() {
        #expect(abs(change(of: 3, mean: 0.1, deviation: 1, isOutput: true, error: 0.5) - 0.15) < 1e-12)
        #expect(abs(change(of: 3, mean: 0.1, deviation: 1, isOutput: true, error: 0.5, isBias: true) - 1) < 1e-12)
    }

    @Test func quietHiddenNeuronsGrow() {
        #expect(abs(change(of: -3, mean: 0.1, deviation: 0.018) + 0.15) < 1e-12)
        #expect(change(of: -3, mean: 0.1, deviation: 1) == 0)
    }

    @Test func hiddenBiasesCentreTheirNeurons() {
        #expect(abs(change(of: 3, mean: 0.1, deviation: 1, isBias: true) - 0.4) < 1e-12)
        #expect(abs(change(of: 3, mean: 0.1, deviation: 1, isBias: true, isTanh: true) + 0.1) < 1e-12)
    }
}
