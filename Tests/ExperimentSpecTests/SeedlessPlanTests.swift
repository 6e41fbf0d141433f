import Testing
import TrialKinds

@testable import ExperimentSpec

@Suite struct SeedlessPlanTests {
    @Test func oneTrialStandsForAllRepeatsWhereTheSeedChangesNothing() throws {
        let spec = try ExperimentSpec(
            """
            {"name": "copies", "problem": {"kind": "simple"},
             "evaluation": {
                 "repeats": 20, "tuning": {"repeats": 5}, "problems": [{}, {"kind": "quadratic"}],
                 "optimizers": [{"kind": "sgd"}, {"kind": "adam", "learningRate": {"tune": [0.1, 0.01]}}]}}
            """, file: "spec.json", vocabulary: .standard)
        let plan = spec.expanded { $0.kind == "simple" }
        let whole = spec.expanded()
        #expect(whole.trials.count == 2 * (20 + 20 + 2 * 5))
        #expect(plan.trials.count == 20 + 20 + 2 * 5 + 1 + 1 + 2)
        #expect(plan.seedlessProblems == ["simple"] && whole.seedlessProblems.isEmpty)
        for trial in plan.trials {
            #expect(whole.trials.contains { $0.id == trial.id })
            #expect(trial.standsFor == (trial.problemLabel == "simple" ? (trial.kind == .tuning ? 5 : 20) : 1))
        }
        #expect(plan.listing.contains("simple: the seed changes nothing"))
        let tuned = plan.trials.filter { $0.problemLabel == "simple" }.compactMap { trial in
            if case .tuned(let group) = trial.optimizer { group.candidates.map(\.trials.count) } else { nil }
        }
        #expect(tuned == [[1, 1]])
    }
}
