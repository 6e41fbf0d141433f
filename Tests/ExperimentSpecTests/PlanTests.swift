import Nouns
import Testing
import TrialKinds

@testable import ExperimentSpec

@Suite struct PlanTests {
    @Test func countsTrialsOfEachKind() throws {
        let trials = try spec(example, "sweep={\"seed\": [1]}").expanded().trials
        #expect(trials.count { $0.kind == .metaTraining } == 1)
        #expect(trials.count { $0.kind == .tuning } == 3 * (5 + 4) * 5)
        #expect(trials.count { $0.kind == .evaluation } == 3 * 3 * 20)
        #expect(trials.map(\.index) == Array(0..<trials.count))
        #expect(Set(trials.map(\.id)).count == trials.count)
    }

    @Test func seedsNeverMeet() throws {
        let trials = try spec(example, "seed=7").expanded().trials
        func seeds(_ kind: TrialKindName) -> Set<UInt64> { Set(trials.filter { $0.kind == kind }.map(\.seed)) }
        #expect(seeds(.metaTraining) == [7_900_000])
        #expect(seeds(.tuning) == Set(7_500_000..<7_500_005))
        #expect(seeds(.evaluation) == Set(7_000_000..<7_000_020))
        #expect(TrialSeeds(specSeed: 7).evaluation(99_999) < TrialSeeds(specSeed: 7).tuning(0))
        #expect(TrialSeeds(specSeed: 7).tuning(99_999) < TrialSeeds(specSeed: 7).metaTraining())
        #expect(TrialSeeds(specSeed: 7).metaTraining(99_999) < TrialSeeds(specSeed: 8).evaluation(0))
        #expect(TrialSeeds(specSeed: TrialSeeds.largestSpecSeed).metaTraining(99_999) < 1 << 53)
    }

    @Test func pairsOptimizersBySeed() throws {
        let evaluations = try spec(example).expanded().trials.filter { $0.kind == .evaluation }
        let pairs = Dictionary(grouping: evaluations) { "\($0.problemLabel) \($0.seed)" }
        #expect(pairs.count == 3 * 20)
        #expect(
            pairs.values.allSatisfy {
                Set($0.map(\.optimizerLabel)) == [
                    "adam", "sgd", "trained (unrollLength 5)", "trained (unrollLength 20)",
                ]
            })
    }

    @Test func dependenciesStandBeforeTheirUse() throws {
        let plan = try spec(example).expanded()
        let places = Dictionary(uniqueKeysWithValues: plan.trials.map { ($0.id, $0.index) })
        for trial in plan.trials {
            #expect(trial.dependencies.allSatisfy { places[$0]! < trial.index })
        }
    }

    @Test func trainedTrialsNeedTheirMetaTraining() throws {
        let plan = try spec(example).expanded()
        let trainings = plan.trials.filter { $0.kind == .metaTraining }
        #expect(trainings.map(\.optimizerLabel) == ["trained (unrollLength 5)", "trained (unrollLength 20)"])
        for training in trainings {
            let users = plan.trials.filter { $0.optimizer == .trained(by: training.id) }
            #expect(users.count == 3 * 20)
            #expect(
                users.allSatisfy { $0.optimizerLabel == training.optimizerLabel && $0.dependencies == [training.id] })
        }
    }

    @Test func tunedTrialsNeedTheirCandidates() throws {
        let plan = try spec(example).expanded()
        let trial = try #require(plan.trials.first { $0.kind == .evaluation && $0.optimizerLabel == "sgd" })
        guard case .tuned(let group) = trial.optimizer else {
            Issue.record("sgd is not tuned")
            return
        }
        #expect(
            group.candidates.map(\.label) == [
                "learningRate 3", "learningRate 1", "learningRate 0.3", "learningRate 0.1",
            ])
        #expect(trial.dependencies.count == 20)
        for candidate in group.candidates {
            let trials = plan.trials.filter { candidate.trials.contains($0.id) }
            #expect(trials.map(\.seed) == (0..<5).map { TrialSeeds(specSeed: 1).tuning($0) })
            #expect(trials.allSatisfy { $0.optimizer == candidate.optimizer && $0.problem == trial.problem })
        }
    }

    @Test func severalTunedSettingsMakeTheirProduct() throws {
        let candidates = try spec(
            small,
            #"evaluation.optimizers=[{"kind": "momentum", "momentum": {"tune": [0.5, 0.9]}, "learningRate": {"tune": [1, 2]}}]"#
        ).candidates
        #expect(
            candidates == [
                ["learningRate": 1, "momentum": 0.5], ["learningRate": 1, "momentum": 0.9],
                ["learningRate": 2, "momentum": 0.5], ["learningRate": 2, "momentum": 0.9],
            ])
    }

    @Test func pointsShareTheTrialsOfRivals() throws {
        let plan = try spec(example).expanded()
        #expect(plan.points.map(\.trials.count) == [1 + 135 + 180, 1 + 135 + 180])
        #expect(plan.trials.count == 2 + 135 + 120 + 2 * 60)
        #expect(Set(plan.points[0].trials).intersection(plan.points[1].trials).count == 135 + 120)
        #expect(plan.points[1].values == [SweepValue(path: "metaTraining.unrollLength", value: 20)])
    }

    @Test func onlyTrainsWithoutEvaluation() throws {
        let plan = try spec(#"{"name": "a", "problem": {"kind": "quadratic"}, "metaTraining": {}}"#).expanded()
        #expect(plan.trials.map(\.kind) == [.metaTraining])
        #expect(plan.trials[0].optimizerLabel == "trained")
        #expect(plan.trials[0].problemLabel == "quadratic")
    }

    @Test func isTheSameEveryTime() throws {
        #expect(try spec(example).expanded() == spec(spec(example).canonicalText).expanded())
    }

    @Test func contentSaysAllThatDecidesATrial() throws {
        let trial = try spec(small, "evaluation.snapshotEvery=10").expanded().trials[1]
        #expect(
            trial.identityText
                == #"{"kind":"evaluation","optimizer":{"kind":"sgd","learningRate":0.001},"optimizerLabel":"sgd","precision":"single","problem":{"batchSize":128,"dimensions":10,"kind":"quadratic"},"problemLabel":"quadratic","seed":1000001,"snapshotEvery":10,"steps":100}"#
        )
        #expect(trial.id == sha256(trial.identityText))
    }

    @Test(arguments: [
        ([0.5, 0.2, 0.3], 1), ([0.2, 0.2], 0), ([.nan, 0.9], 1), ([.infinity, .nan, 3], 2), ([.nan, .nan], 0),
        ([-.infinity, 5], 1), ([1], 0),
    ])
    func choosesTheLowestMeanLoss(losses: [Double], choice: Int) {
        #expect(TuningGroup.chooseCandidate(meanFinalLosses: losses) == choice)
    }

    @Test func listsTrialsForAPerson() throws {
        let plan = try spec(
            small, "evaluation.tuning.repeats=1", "evaluation.tuning.growth=0", "evaluation.repeats=1",
            #"evaluation.optimizers=[{"kind": "sgd", "learningRate": {"tune": [1, 2]}}]"#,
            #"sweep={"problem.dimensions": [2, 3]}"#
        ).expanded()
        #expect(
            plan.listing == """
                small@\(plan.hash.prefix(12)): 6 trials (4 tuning, 2 evaluation)
                point 0: problem.dimensions = 2 (3 trials)
                point 1: problem.dimensions = 3 (3 trials)
                trial  kind        problem                   optimizer  seed     steps  candidate
                0      tuning      quadratic (dimensions 2)  sgd        1500000  100    learningRate 1
                1      tuning      quadratic (dimensions 2)  sgd        1500000  100    learningRate 2
                2      tuning      quadratic (dimensions 3)  sgd        1500000  100    learningRate 1
                3      tuning      quadratic (dimensions 3)  sgd        1500000  100    learningRate 2
                4      evaluation  quadratic (dimensions 2)  sgd        1000000  100
                5      evaluation  quadratic (dimensions 3)  sgd        1000000  100

                """)
    }
}

@Suite struct LabelTests {
    private func optimizerLabels(_ optimizers: String, _ overrides: String...) throws -> [String] {
        let text = small.replacing(#"{"kind": "sgd"}"#, with: optimizers)
        let trials = try ExperimentSpec(
            text, file: "", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) }
        )
        .expanded().trials.filter { $0.kind == .evaluation && $0.seed.isMultiple(of: 1_000_000) }
        return trials.map(\.optimizerLabel)
    }

    private func problemLabels(_ text: String, _ overrides: String...) throws -> [String] {
        let trials = try ExperimentSpec(
            text, file: "", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) }
        )
        .expanded().trials.filter { $0.kind == .evaluation }
        return trials.map(\.problemLabel).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    @Test func callsOptimizersByNameElseKind() throws {
        #expect(
            try optimizerLabels(
                #"{"kind": "sgd"}, {"kind": "adam", "name": "mine"}, {"kind": "stored", "name": "l2l"}"#)
                == ["sgd", "mine", "l2l"])
    }

    @Test func tellsApartByTheSettingsThatDiffer() throws {
        #expect(
            try optimizerLabels(
                #"{"kind": "adam", "learningRate": 0.1}, {"kind": "adam", "learningRate": 0.01}, {"kind": "sgd"}"#)
                == ["adam (learningRate 0.1)", "adam (learningRate 0.01)", "sgd"])
        #expect(
            try optimizerLabels(#"{"kind": "adam", "learningRate": {"tune": [0.1, 1]}}, {"kind": "adam", "beta1": 0}"#)
                == [
                    "adam (beta1 0.9, learningRate tuned over 0.1, 1, repeats 5)", "adam (beta1 0, learningRate 0.001)",
                ])
    }

    @Test func tellsKindsApartWhereNamesAreAlike() throws {
        #expect(
            try optimizerLabels(
                #"{"kind": "adam", "name": "x"}, {"kind": "sgd", "name": "x"}, {"kind": "sgd", "name": "x", "learningRate": 1}"#
            )
                == ["x (kind adam)", "x (kind sgd, learningRate 0.001)", "x (kind sgd, learningRate 1)"])
    }

    @Test func numbersNamesThatImitateALabel() throws {
        #expect(
            try optimizerLabels(
                #"{"kind": "sgd", "name": "adam (beta1 0)"}, {"kind": "adam", "beta1": 0}, {"kind": "adam"}"#)
                == ["adam (beta1 0)", "adam (beta1 0) #2", "adam (beta1 0.9)"])
    }

    @Test func callsProblemsByNameElseKind() throws {
        #expect(try problemLabels(example) == ["classification", "two-layers", "relu"])
        #expect(
            try problemLabels(
                example, #"evaluation.problems=[{}, {"student": {"hidden": [40]}}, {"dataset": "synthetic-digits"}]"#)
                == [
                    "classification (fallback synthetic-digits, dataset mnist, hidden [20])",
                    "classification (fallback synthetic-digits, dataset mnist, hidden [40])",
                    "classification (dataset synthetic-digits, hidden [20])",
                ])
    }

    @Test func aProblemsOwnNameHoldsForItsOverlays() throws {
        #expect(
            try problemLabels(
                small, "problem.name=base", #"evaluation.problems=[{}, {"dimensions": 3}, {"name": "b"}]"#)
                == ["base (dimensions 10)", "base (dimensions 3)", "b"])
    }

    @Test func tellsTheTrainingProblemFromOthers() throws {
        let plan = try spec(example, #"evaluation.problems=[{"student": {"hidden": [40]}}]"#).expanded()
        #expect(plan.trials[0].problemLabel == "classification (hidden [20])")
        #expect(plan.trials.last?.problemLabel == "classification (hidden [40])")
    }

    @Test func sweepsOfAnythingKeepProblemOptimizerAndSeedUnique() throws {
        for sweep in [
            #"{"evaluation.steps": [10, 20]}"#, #"{"precision": ["single", "double"]}"#, #"{"seed": [1, 2]}"#,
            #"{"problem.batchSize": [1, 2], "metaTraining.learningRate": [0.1, 0.2]}"#,
            #"{"evaluation.tuning.repeats": [1, 2]}"#, #"{"evaluation.snapshotEvery": [1, 2]}"#,
            #"{"evaluation.optimizers.1.learningRate": [0.1, 0.2]}"#, #"{"evaluation.repeats": [1, 2]}"#,
            #"{"problem.student": [{"hidden": [1]}, {"random": {"layers": [1, 2], "units": [1, 2]}}]}"#,
        ] {
            let trials = try spec(example, "evaluation.repeats=2", "evaluation.tuning.repeats=1", "sweep=\(sweep)")
                .expanded().trials.filter { $0.kind == .evaluation }
            let keys = Set(trials.map { "\($0.problemLabel)|\($0.optimizerLabel)|\($0.seed)" })
            #expect(keys.count == trials.count, "\(sweep)")
        }
    }
}
