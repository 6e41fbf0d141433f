import Nouns
import Testing
import TrialKinds

@testable import ExperimentSpec

/// Optimizers that are learned one after the other, each by the one before it.
@Suite struct GenerationTests {
    private let text = """
        {"name": "school", "problem": {"kind": "quadratic"},
         "metaTraining": {"optimizer": {"kind": "lstm"}, "generations": 3},
         "evaluation": {"repeats": 2, "optimizers": [
             {"kind": "trained", "generation": 1}, {"kind": "trained"}, {"kind": "adam"}]}}
        """

    private func plan(_ overrides: String...) throws -> ExperimentPlan {
        try ExperimentSpec(
            text, file: "", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) }
        ).expanded()
    }

    @Test func eachGenerationNeedsTheOneBeforeIt() throws {
        let trials = try plan().trials.filter { $0.kind == .metaTraining }
        #expect(trials.map(\.dependencies) == [[], [trials[0].id], [trials[1].id]])
        #expect(Set(trials.map(\.id)).count == 3)
        #expect(Set(trials.map(\.seed)).count == 1)
        for (index, trial) in trials.enumerated() {
            guard case .learned(let spec, let generation) = trial.optimizer else {
                Issue.record("\(trial.optimizerLabel) is not learned")
                continue
            }
            #expect(spec.generations == 3)
            #expect(generation.number == index + 1)
            #expect(generation.teacher == (index > 0 ? trials[index - 1].id : nil))
        }
        #expect(
            trials.map(\.optimizerLabel) == [
                "trained (generation 1)", "trained (generation 2)", "trained (generation 3)",
            ])
    }

    @Test func evaluationsNameAGenerationOrTheLast() throws {
        let plan = try plan()
        let trainings = plan.trials.filter { $0.kind == .metaTraining }.map(\.id)
        let evaluations = plan.trials.filter { $0.kind == .evaluation && $0.seed == 1_000_000 }
        #expect(evaluations.map(\.optimizerLabel) == ["trained (generation 1)", "trained (generation 3)", "adam"])
        #expect(evaluations.map(\.dependencies) == [[trainings[0]], [trainings[2]], []])
    }

    @Test func generationsHaveTheNamesThatTheEvaluationGivesThem() throws {
        let plan = try plan(
            #"evaluation.optimizers=[{"kind": "trained", "generation": 2, "name": "pupil"}, {"kind": "trained", "name": "heir"}]"#
        )
        #expect(
            plan.trials.filter { $0.kind == .metaTraining }.map(\.optimizerLabel) == ["trained", "pupil", "heir"])
        let labels = plan.trials.filter { $0.kind == .evaluation }.map(\.optimizerLabel)
        #expect(labels == ["pupil", "pupil", "heir", "heir"])
    }

    /// The last generation by its number and without one are the same optimizer.
    @Test func theLastIsEvaluatedOnce() throws {
        let plan = try plan(#"evaluation.optimizers=[{"kind": "trained", "generation": 3}, {"kind": "trained"}]"#)
        #expect(plan.trials.count == 3 + 2)
    }

    @Test func generationsCanBeSwept() throws {
        let plan = try plan(
            #"sweep={"metaTraining.generations": [1, 2]}"#, #"evaluation.optimizers=[{"kind": "trained"}]"#)
        #expect(plan.trials.count { $0.kind == .metaTraining } == 3)
        #expect(Set(plan.trials.map(\.id)).count == plan.trials.count)
        let labels = Set(plan.trials.filter { $0.kind == .evaluation }.map(\.optimizerLabel))
        #expect(labels.count == 2)
    }

    /// What was recorded before there were generations is found again.
    @Test func identitiesWithoutGenerationsAreWhatTheyWere() throws {
        let before =
            #"{"name": "a", "problem": {"kind": "simple"}, "metaTraining": {"epochs": 10}, "evaluation": {"repeats": 1, "optimizers": [{"kind": "trained"}]}}"#
        let one = try spec(before)
        let same = try spec(before, "metaTraining.generations=1")
        #expect(one.hash == same.hash)
        #expect(one.expanded() == same.expanded())
        #expect(one.expanded().trials.allSatisfy { !$0.identityText.contains("generation") })
        #expect(one.expanded().trials.map { $0.id.prefix(12) } == ["ba25541e4d37", "82aee8d98750"])
    }

    @Test func aGenerationThatIsNotThereIsRefused() {
        #expect(
            faults(text, #"evaluation.optimizers=[{"kind": "trained", "generation": 4}]"#) == [
                #"--set evaluation.optimizers=[{"kind": "trained", "generation": 4}]: evaluation.optimizers[0].generation: found 4; allowed: at most metaTraining.generations, which is 3"#
            ])
        #expect(
            faults(
                fields:
                    #""problem": {"kind": "simple"}, "metaTraining": {}, "evaluation": {"optimizers": [{"kind": "trained", "generation": 2}]}"#
            ) == [
                "spec.json: evaluation.optimizers[0].generation: found 2; allowed: at most metaTraining.generations, which is 1"
            ])
        #expect(faults(text, "metaTraining.generations=0").count == 1)
    }

    @Test func storedOptimizersTeachAndBegin() throws {
        let plan = try plan(
            #"metaTraining.metaOptimizer={"kind": "stored", "name": "l2l"}"#, #"metaTraining.initial="first@abc""#)
        guard case .learned(let training, _) = plan.trials[0].optimizer else {
            Issue.record("nothing is learned")
            return
        }
        #expect(training.metaOptimizer == .stored(name: "l2l"))
        #expect(training.initial == "first@abc")
        #expect(training.storedNames == ["l2l", "first@abc"])
    }

    @Test func readsImitation() throws {
        func estimator(_ fields: String) throws -> JSONValue {
            let spec = try spec(
                small, #"metaTraining={"optimizer": {"kind": "teacher"}, "estimator": {"kind": "imitation"\#(fields)}}"#
            )
            return try #require(spec.points[0].settings.metaTraining?.estimator).json
        }
        #expect(
            try estimator("") == [
                "kind": "imitation", "poolSize": 20_000, "pairsPerStep": 100, "batchSize": 512, "ownShare": 0,
                "guide": ["kind": "adam", "learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8],
            ])
        #expect(try estimator(#", "guide": {"kind": "sgd"}"#)["guide"] == ["kind": "sgd", "learningRate": 0.001])
    }
}
