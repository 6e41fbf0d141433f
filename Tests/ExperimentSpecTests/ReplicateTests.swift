import Nouns
import Testing
import TrialKinds

@testable import ExperimentSpec

/// Several optimizers of one meta-training, each from a seed of its own.
@Suite struct ReplicateTests {
    private let text = """
        {"name": "ten", "problem": {"kind": "quadratic"}, "metaTraining": {"repeats": 3},
         "evaluation": {"repeats": 2, "optimizers": [{"kind": "trained"}, {"kind": "adam"}]}}
        """

    @Test func eachIsTrainedFromItsOwnSeedAndTriedOnTheSame() throws {
        let trials = try spec(text).expanded().trials
        let trainings = trials.filter { $0.kind == .metaTraining }
        #expect(trainings.map(\.replicate) == [1, 2, 3])
        #expect(trainings.map(\.seed) == [1_900_000, 1_900_001, 1_900_002])
        #expect(trainings.map(\.optimizerLabel) == ["trained", "trained", "trained"])
        let evaluations = trials.filter { $0.kind == .evaluation }
        #expect(evaluations.map(\.replicate) == [1, 1, 2, 2, 3, 3, nil, nil])
        #expect(evaluations.map(\.seed) == [0, 1, 0, 1, 0, 1, 0, 1].map { 1_000_000 + $0 })
        #expect(
            evaluations.map(\.dependencies) == trainings.flatMap { [[$0.id], [$0.id]] } + [[], []])
        #expect(Set(trials.map(\.id)).count == trials.count)
        let counted = try spec(text).points[0].settings
        #expect(TrialKinds.standard.all.reduce(0) { $0 + $1.trialCount(counted) } == Double(trials.count))
    }

    /// What was recorded before there were replicates is found again.
    @Test func oneIsWhatItWas() throws {
        let before = """
            {"name": "a", "problem": {"kind": "simple"}, "metaTraining": {"epochs": 10},
             "evaluation": {"repeats": 1, "optimizers": [{"kind": "trained"}]}}
            """
        let one = try spec(before)
        let same = try spec(before, "metaTraining.repeats=1", #"metaTraining.lossWeights="equal""#)
        #expect(one.hash == same.hash)
        #expect(one.expanded() == same.expanded())
        #expect(same.expanded().trials.map(\.replicate) == [nil, nil])
        #expect(same.expanded().trials.map { $0.id.prefix(12) } == ["ba25541e4d37", "82aee8d98750"])
    }

    @Test func eachReplicateHasItsGenerations() throws {
        let plan = try spec(
            text, "metaTraining.generations=2",
            #"evaluation.optimizers=[{"kind": "trained", "generation": 1}, {"kind": "trained"}]"#
        ).expanded()
        let trainings = plan.trials.filter { $0.kind == .metaTraining }
        #expect(trainings.map(\.replicate) == [1, 1, 2, 2, 3, 3])
        #expect(trainings.map(\.dependencies) == (0..<3).flatMap { [[], [trainings[2 * $0].id]] })
        #expect(trainings.map(\.seed) == [0, 0, 1, 1, 2, 2].map { 1_900_000 + $0 })
        let tried = plan.trials.filter { $0.kind == .evaluation && $0.seed == 1_000_000 }
        #expect(tried.map(\.dependencies) == [0, 2, 4, 1, 3, 5].map { [trainings[$0].id] })
    }

    @Test func eachReplicateIsTunedByItself() throws {
        let plan = try spec(
            text, #"metaTraining.optimizer={"kind": "mlhf"}"#,
            #"evaluation.optimizers=[{"kind": "trained", "learningRate": {"tune": [1, 0.5]}}]"#,
            "evaluation.tuning.repeats=2"
        ).expanded()
        let trainings = plan.trials.filter { $0.kind == .metaTraining }
        let tunings = plan.trials.filter { $0.kind == .tuning }
        #expect(tunings.count == 3 * 2 * 2)
        #expect(tunings.map(\.replicate) == [1, 2, 3].flatMap { [$0, $0, $0, $0] })
        let tried = plan.trials.filter { $0.kind == .evaluation && $0.seed == 1_000_000 }
        for (index, trial) in tried.enumerated() {
            #expect(trial.dependencies == tunings[4 * index..<4 * index + 4].map(\.id))
            #expect(tunings[4 * index].dependencies == [trainings[index].id])
        }
    }

    @Test func theListingNamesThem() throws {
        let lines = try spec(text).expanded().listing.split(separator: "\n")
        #expect(
            lines[1].split(separator: " ").map(String.init) == [
                "trial", "kind", "problem", "optimizer", "replicate", "seed", "steps", "candidate",
            ])
        #expect(lines[4].split(separator: " ") == ["2", "metaTraining", "quadratic", "trained", "3", "1900002", "100"])
        #expect(lines.last?.split(separator: " ") == ["10", "evaluation", "quadratic", "adam", "1000001", "100"])
        #expect(try !spec(text, "metaTraining.repeats=1").expanded().listing.contains("replicate"))
    }

    @Test func activitiesNameThem() throws {
        #expect(try spec(text).expanded().trials[2].activity == "training trained/3 on quadratic")
    }

    @Test func thereIsAtLeastOne() {
        #expect(
            faults(text, "metaTraining.repeats=0") == [
                "--set metaTraining.repeats=0: metaTraining.repeats: found 0; allowed: a whole number from 1 to 1000"
            ])
    }

    @Test func theFinalLossAloneIsOneWeightingOfTwo() throws {
        let read = try spec(text, #"metaTraining.lossWeights="final""#).points[0].settings.metaTraining
        #expect(read?.settings.text("lossWeights") == "final")
        func training(_ fields: String) -> [String] {
            faults(fields: #""problem": {"kind": "simple"}, "metaTraining": {"lossWeights": "final", \#(fields)}"#)
        }
        #expect(
            training(#""lossWeightExponent": 2"#) == [
                #"spec.json: metaTraining: found both "lossWeightExponent" and "lossWeights"; allowed: one of the two"#
            ])
        let estimators =
            #""truncatedBackpropagation", "evolutionStrategies", "persistentEvolutionStrategies", "#
            + #""singleEvolutionStrategies" or "combined""#
        #expect(
            training(#""optimizer": {"kind": "teacher"}, "estimator": {"kind": "imitation"}"#) == [
                #"spec.json: metaTraining.lossWeights: found "final" beside the estimator "imitation", "#
                    + #"which does not sum up losses of steps; allowed: "equal", or the estimator \#(estimators)"#
            ])
    }
}
