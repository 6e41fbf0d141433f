import Testing
import TrialKinds

@testable import ExperimentSpec

/// What bad specs get: each fault with its place, what was found, and what is allowed.
@Suite struct FaultTests {
    @Test func reportsAllFaultsAtOnce() {
        #expect(
            faults(
                fields: """
                    "sede": 1, "problem": {"kind": "clasification", "dataset": "minst", "batchsize": 0},
                    "metaTraining": {"steps": 100, "unrollLength": 30, "epochs": 0},
                    "evaluation": {"repeats": "many", "optimizers": [{"kind": "adm", "beta1": 1.5}]}
                    """)
                == [
                    #"spec.json: problem.kind: found "clasification"; allowed: \#(problemKinds) (did you mean "classification"?)"#,
                    #"spec.json: problem.dataset: found "minst"; allowed: \#(datasetNames) (did you mean "mnist"?)"#,
                    #"spec.json: problem.batchsize: found an unknown key; allowed: the fields kind, name, dataset, student, batchSize, loss, augmentation, standardize and initialization (did you mean "batchSize"?)"#,
                    "spec.json: metaTraining.epochs: found 0; allowed: a whole number from 1 to 1000000000",
                    #"spec.json: evaluation.repeats: found "many"; allowed: a whole number from 1 to 100000"#,
                    #"spec.json: evaluation.optimizers[0].kind: found "adm"; allowed: \#(optimizerKinds) (did you mean "adam"?)"#,
                    #"spec.json: evaluation.optimizers[0].beta1: found 1.5; allowed: a number from 0 up to, not including, 1, or {"tune": [...]} with a list of such or {"tune": {"low": ..., "high": ...}} with a range"#,
                    #"spec.json: sede: found an unknown key; allowed: the fields $schema, name, question, seed, precision, problem, metaTraining, evaluation, selfTuning, cluster and sweep (did you mean "seed"?)"#,
                    "spec.json: metaTraining.unrollLength: found 30, which does not divide metaTraining.steps; allowed: for 100 steps, 1, 2, 4, 5, 10, 20, 25, 50 or 100",
                ])
    }

    @Test func needsAnObject() {
        #expect(
            faults("[1]") == [
                "spec.json: found [1]; allowed: an object with the fields $schema, name, question, seed, precision, problem, metaTraining, evaluation, selfTuning, cluster and sweep"
            ])
    }

    @Test func needsNameAndProblemAndSomethingToDo() {
        #expect(
            faults("{}") == [
                "spec.json: name: found nothing; allowed: a name without spaces, @, / and hidden characters, and no - in front",
                #"spec.json: problem: found nothing; allowed: an object with "kind": \#(problemKinds)"#,
                #"spec.json: found none of "metaTraining", "evaluation" and "selfTuning"; allowed: at least one of them"#,
            ])
    }

    @Test(arguments: ["a@b", "a b", "a/b", "-a", "", "a\\tb"])
    func refusesNamesThatBreakVersions(name: String) {
        let text = small.replacing(#""small""#, with: "\"\(name)\"")
        #expect(
            faults(text) == [
                "spec.json: name: found \"\(name)\"; allowed: a name without spaces, @, / and hidden characters, and no - in front"
            ])
    }

    @Test(arguments: ["l2l-mnist", "l2l_mnist.v2", "Ünïcode", "1"])
    func acceptsOtherNames(name: String) {
        #expect(faults(small, "name=\"\(name)\"") == [])
    }

    @Test(arguments: [
        ("0", "a whole number from 1 to 1000000000"), ("-1", "a whole number from 1 to 1000000000"),
        ("1.5", "a whole number from 1 to 1000000000"), ("1e12", "a whole number from 1 to 1000000000"),
        ("\"10\"", "a whole number from 1 to 1000000000"), ("true", "a whole number from 1 to 1000000000"),
        ("null", "a whole number from 1 to 1000000000"), ("[10]", "a whole number from 1 to 1000000000"),
    ])
    func refusesWrongCounts(value: String, allowed: String) {
        let found = value == "1e12" ? "1000000000000" : value
        #expect(
            faults(evaluation: #""steps": \#(value), "optimizers": [{"kind": "sgd"}]"#)
                == ["spec.json: evaluation.steps: found \(found); allowed: \(allowed)"])
    }

    @Test func refusesZeroUnrollLength() {
        #expect(
            faults(example, "metaTraining.unrollLength=0", #"sweep={"seed": [1]}"#) == [
                "--set metaTraining.unrollLength=0: metaTraining.unrollLength: found 0; allowed: a whole number from 1 to 1000000000"
            ])
    }

    @Test func showsOnlyTheNearestOfManyDivisors() {
        #expect(
            faults(fields: #""problem": {"kind": "quadratic"}, "metaTraining": {"steps": 720720, "unrollLength": 17}"#)
                == [
                    "spec.json: metaTraining.unrollLength: found 17, which does not divide metaTraining.steps; allowed: for 720720 steps, for example 10, 11, 12, 13, 14, 15, 16, 18, 20, 21, 22 or 24"
                ])
    }

    @Test func tellsOfADefaultThatDoesNotDivideTheSteps() {
        #expect(
            faults(fields: #""problem": {"kind": "quadratic"}, "metaTraining": {"steps": 50}"#) == [
                """
                spec.json: metaTraining.unrollLength: found nothing, and its default of 20 does not divide \
                metaTraining.steps; allowed: for 50 steps, 1, 2, 5, 10, 25 or 50
                """
            ])
    }

    @Test func needsMetaTrainingForTrained() {
        #expect(
            faults(evaluation: #""optimizers": [{"kind": "trained"}]"#) == [
                #"spec.json: evaluation.optimizers[0].kind: found "trained" in a spec without "metaTraining"; allowed: a stored or a hand-designed optimizer, or a "metaTraining" that makes one"#
            ])
    }

    @Test func needsAStoredOptimizersName() {
        #expect(
            faults(evaluation: #""optimizers": [{"kind": "stored"}]"#) == [
                "spec.json: evaluation.optimizers[0].name: found nothing; allowed: a text of one line, not empty, without hidden characters"
            ])
    }

    @Test func refusesEmptyLists() {
        #expect(
            faults(evaluation: #""optimizers": []"#) == [
                #"spec.json: evaluation.optimizers: found an empty list; allowed: a list of at least one: an object with "kind": \#(optimizerKinds)"#
            ])
        #expect(
            faults(evaluation: #""optimizers": [{"kind": "sgd", "learningRate": {"tune": []}}]"#) == [
                "spec.json: evaluation.optimizers[0].learningRate.tune: found an empty list; allowed: a list of at least one: a number greater than 0, or an object with the fields low, high and scale"
            ])
        #expect(
            faults(problem: #""kind": "classification", "dataset": "mnist", "student": {"convolutions": []}"#) == [
                "spec.json: problem.student.convolutions: found an empty list; allowed: a list of at least one: an object with the fields kernel, channels, stride, batchNormalization and pooling"
            ])
    }

    @Test(arguments: [("2", "2"), ("-1.5", "-1.5"), (#""lerned""#, #""lerned""#), ("true", "true"), ("[0.1]", "[0.1]")])
    func refusesOtherLambdas(value: String, found: String) {
        #expect(
            faults(
                fields:
                    #""problem": {"kind": "quadratic"}, "metaTraining": {"optimizer": {"kind": "lstm", "lambda": \#(value)}}"#
            )
                == [
                    #"spec.json: metaTraining.optimizer.lambda: found \#(found); allowed: a number from -1 to 1, or "learned""#
                ])
    }

    @Test func refusesMoreAveragingCellsThanUnits() {
        let optimizer = #"{"kind": "lstm", "layers": [20, 4], "averagingCells": 5}"#
        #expect(
            faults(fields: #""problem": {"kind": "quadratic"}, "metaTraining": {"optimizer": \#(optimizer)}"#) == [
                "spec.json: metaTraining.optimizer.averagingCells: found 5, more than a layer has units; allowed: at most 4"
            ])
        #expect(throws: SpecError.self) { try LearnedOptimizerSpec(optimizer, file: "a", vocabulary: .standard) }
    }

    @Test func refusesGroupsThatLearnNothingOrNeverCount() {
        func group(_ match: String, _ kind: String) -> String {
            #"{"match": "\#(match)", "optimizer": {"kind": "\#(kind)"}}"#
        }
        func groupFaults(_ groups: String...) -> [String] {
            let training = #""parameterGroups": [\#(groups.joined(separator: ", "))]"#
            return faults(fields: #""problem": {"kind": "simple-multi"}, "metaTraining": {\#(training)}"#)
        }
        #expect(groupFaults(group("x_0", "lstm"), group("*", "sgd")) == [])
        #expect(
            groupFaults(group("*", "adam")) == [
                #"spec.json: metaTraining.parameterGroups: found hand-designed optimizers alone; allowed: a learned one in at least one group: \#(learnedKinds)"#
            ])
        #expect(
            groupFaults(group("*", "mlp"), group("*", "adam")) == [
                #"spec.json: metaTraining.parameterGroups[1].match: found "*", which metaTraining.parameterGroups[0] matches before it; allowed: a pattern of its own"#
            ])
        #expect(
            faults(
                fields:
                    #""problem": {"kind": "simple"}, "metaTraining": {"optimizer": {"kind": "mlp"}, "parameterGroups": [\#(group("*", "mlp"))]}"#
            ) == [
                #"spec.json: metaTraining: found both "optimizer" and "parameterGroups"; allowed: one of the two"#
            ])
    }

    @Test func refusesReversedBounds() {
        let random = #""random": {"layers": [10, 1], "units": [0, 4]}"#
        #expect(
            faults(problem: #""kind": "classification", "dataset": "mnist", "student": {\#(random)}"#) == [
                "spec.json: problem.student.random.layers: found [10,1]; allowed: a list of two, the lower first, each a whole number from 0 to 100",
                "spec.json: problem.student.random.units: found [0,4]; allowed: a list of two, the lower first, each a whole number from 1 to 65536",
            ])
    }

    @Test func refusesBothFixedAndRandomLayers() {
        let student = #"{"hidden": [20], "random": {"layers": [1, 2], "units": [1, 4]}}"#
        #expect(
            faults(problem: #""kind": "classification", "dataset": "mnist", "student": \#(student)"#) == [
                #"spec.json: problem.student: found both "hidden" and "random"; allowed: one of the two"#
            ])
    }

    @Test func namesTheNearestDatasetInBothSpellings() {
        let message = #"found "minst"; allowed: \#(datasetNames) (did you mean "mnist"?)"#
        #expect(
            faults(problem: #""kind": "classification", "dataset": "minst""#)
                == ["spec.json: problem.dataset: \(message)"])
        #expect(
            faults(problem: #""kind": "classification", "dataset": {"name": "mnist", "fallback": "minst"}"#)
                == ["spec.json: problem.dataset.fallback: \(message)"])
    }

    @Test func refusesInitializationsThatDisagree() {
        let student = #""student": {"initialization": "glorot"}, "initialization": "paper""#
        #expect(
            faults(problem: #""kind": "classification", "dataset": "mnist", \#(student)"#) == [
                #"spec.json: problem.initialization: found "paper"; allowed: "glorot", which problem.student.initialization says"#
            ])
    }

    @Test func refusesProblemsCalledAlikeOrTheSame() {
        let problems = #"[{}, {"dimensions": 10}, {"name": "a", "batchSize": 2}, {"name": "a"}, {"dimension": 4}]"#
        #expect(
            faults(evaluation: #""optimizers": [{"kind": "sgd"}], "problems": \#(problems)"#) == [
                #"spec.json: evaluation.problems[4].dimension: found an unknown key; allowed: the fields kind, name, batchSize and dimensions (did you mean "dimensions"?)"#,
                #"spec.json: evaluation.problems[1]: found the same as evaluation.problems[0]; allowed: problems that differ in a field or in "name""#,
                #"spec.json: evaluation.problems[3].name: found "a", which evaluation.problems[2] is called; allowed: a name of its own"#,
            ])
    }

    @Test func refusesTheSameOptimizerTwice() {
        #expect(
            faults(evaluation: #""optimizers": [{"kind": "sgd"}, {"kind": "sgd", "learningRate": 0.001}]"#) == [
                #"spec.json: evaluation.optimizers[1]: found the same as evaluation.optimizers[0]; allowed: optimizers that differ in a setting or in "name""#
            ])
    }

    @Test func tellsAProblemsFaultOnce() {
        let evaluation = #""evaluation": {"optimizers": [{"kind": "sgd"}], "problems": [{}, {"dimensions": 0}]}"#
        #expect(
            faults(fields: #""problem": {"kind": "quadratic", "batchSize": 0}, \#(evaluation)"#) == [
                "spec.json: problem.batchSize: found 0; allowed: a whole number from 1 to 1000000000",
                "spec.json: evaluation.problems[1].dimensions: found 0; allowed: a whole number from 1 to 10000",
            ])
    }

    @Test func refusesMoreTrialsThanAJournalIsFor() {
        #expect(
            faults(example, "evaluation.repeats=100000", "evaluation.tuning.repeats=100000") == [
                "spec.json: evaluation: found 10800002 trials; allowed: at most 1000000"
            ])
        let grid = "[" + (1...101).map(String.init).joined(separator: ",") + "]"
        let rule = #"{"kind": "sgd", "learningRate": {"tune": \#(grid)}}"#
        let adam = #"{"kind": "adam", "learningRate": {"tune": \#(grid)}, "epsilon": {"tune": \#(grid)}}"#
        #expect(
            faults(evaluation: #""optimizers": [\#(rule), \#(adam)]"#) == [
                "spec.json: evaluation.optimizers[1]: found more than 10000 combinations of tuned settings; allowed: at most 10000"
            ])
    }

    @Test func boundsTheSeed() {
        #expect(faults(small, "seed=9000000000") == [])
        #expect(
            faults(small, "seed=9000000001") == [
                "--set seed=9000000001: seed: found 9000000001; allowed: a whole number from 0 to 9000000000"
            ])
    }
}
