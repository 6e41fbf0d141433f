import ExperimentSpec
import MetaTraining
import Optimizers
import Registry
import Testing
import TrialKinds

/// What the estimators are that specs name.
@Suite struct EstimatorMakingTests {
    private func estimation(_ fields: String) throws -> MetaGradientEstimation {
        let text = #"{"name": "test", "problem": {"kind": "simple"}, "metaTraining": {\#(fields)}}"#
        let spec = try ExperimentSpec(text, file: "test.json", vocabulary: .standard)
        return Registry.standard.estimation(try #require(spec.points[0].settings.metaTraining))
    }

    @Test(arguments: [
        ("", false), (#""estimator": {"kind": "truncatedBackpropagation"}, "secondDerivatives": true"#, true),
    ])
    func derivatives(fields: String, second: Bool) throws {
        guard case .truncatedBackpropagation(second) = try estimation(fields) else {
            Issue.record("\(fields) is not by derivatives")
            return
        }
    }

    @Test func perturbations() throws {
        guard case .evolutionStrategies(0.01, 8) = try estimation(#""estimator": {"kind": "evolutionStrategies"}"#)
        else {
            Issue.record("the defaults are others")
            return
        }
        let fields = #""estimator": {"kind": "persistentEvolutionStrategies", "deviation": 0.1, "pairs": 3}"#
        guard case .persistentEvolutionStrategies(0.1, 3, false) = try estimation(fields) else {
            Issue.record("\(fields) is something else")
            return
        }
        let single = #""estimator": {"kind": "singleEvolutionStrategies", "pairs": 3}"#
        guard case .persistentEvolutionStrategies(0.01, 3, true) = try estimation(single) else {
            Issue.record("\(single) is something else")
            return
        }
        let both = #""estimator": {"kind": "combined", "deviation": 0.1}, "secondDerivatives": true"#
        guard case .combined(0.1, 4, true) = try estimation(both) else {
            Issue.record("\(both) is something else")
            return
        }
    }

    @Test func imitation() throws {
        let fields = """
            "optimizer": {"kind": "teacher"}, "estimator": {
                "kind": "imitation", "guide": {"kind": "sgd", "learningRate": 1}, "poolSize": 16, "pairsPerStep": 1,
                "batchSize": 2}
            """
        guard case .imitation(let imitation) = try estimation(fields) else {
            Issue.record("nothing is imitated")
            return
        }
        #expect((imitation.guide as? GradientDescent)?.learningRate == 1.0)
        #expect([imitation.poolSize, imitation.pairsPerStep, imitation.batchSize] == [16, 1, 2])
        #expect(imitation.ownShare == 0)
    }
}
