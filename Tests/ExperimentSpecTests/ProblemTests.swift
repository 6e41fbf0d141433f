import Testing

@testable import ExperimentSpec

/// What specs say of problems.
@Suite struct ProblemTests {
    private func problem(_ fields: String) throws -> ProblemSpec {
        try spec(#"{"name": "test", "problem": {\#(fields)}, "evaluation": {"optimizers": [{"kind": "sgd"}]}}"#)
            .points[0].settings.problem
    }

    @Test func fillsInDefaults() throws {
        #expect(try problem(#""kind": "simple""#).settings.values.isEmpty)
        #expect(try problem(#""kind": "simple-multi""#).settings.values == ["dimensions": 2])
        #expect(
            try problem(#""kind": "lasso""#).settings.values == [
                "batchSize": 128, "dimensions": 50, "observations": 25, "regularization": 0.005, "sparsity": 0.1,
            ])
        #expect(
            try problem(#""kind": "rastrigin""#).settings.values == ["batchSize": 128, "dimensions": 10, "alpha": 10])
    }

    @Test func readsConvolutionalStudents() throws {
        let problem = try problem(
            """
            "kind": "classification", "dataset": "cifar-10", "loss": "zeroOne", "student": {
                "convolutions": [{"kernel": 5, "channels": 64, "pooling": 2}, {"kernel": 3, "channels": 8, "stride": 2,
                    "batchNormalization": true}], "activation": "step"}
            """)
        #expect(problem.settings.text("loss") == "zeroOne")
        #expect(
            problem.student.json == [
                "convolutions": [
                    ["kernel": 5, "channels": 64, "stride": 1, "batchNormalization": false, "pooling": 2],
                    ["kernel": 3, "channels": 8, "stride": 2, "batchNormalization": true, "pooling": 1],
                ], "activation": "step", "initialization": "paper",
            ])
    }

    @Test func readsEnsembles() throws {
        let ensemble = try problem(
            #""kind": "ensemble", "problems": [{"kind": "simple"}, {"kind": "cifar"}], "weights": [1, 0.5]"#)
        #expect(ensemble.settings.list("problems").map { $0.text("kind") } == ["simple", "cifar"])
        #expect(ensemble.datasets.map(\.name) == ["cifar-10"])
        #expect(ensemble.settings.numbers(ifGiven: "weights") == [1, 0.5])
    }

    @Test func otherClassesMayBeEvaluatedOn() throws {
        let problems = try spec(
            example, #"problem.dataset={"name": "mnist", "classes": [0, 1, 2]}"#, "problem.dataset.classes.0=9",
            #"evaluation.problems=[{}, {"name": "held out", "dataset": {"name": "mnist", "classes": [4, 3]}}]"#
        ).points[0].settings.evaluation?.problems
        #expect(problems?.map { $0.datasets[0].classes } == [[9, 1, 2], [4, 3]])
    }

    @Test func refusesWhatIsNoListOfClasses() {
        for classes in ["[1]", "[1,1]", "[0,-1]", "[0,1.5]", "3"] {
            #expect(
                faults(problem: #""kind": "cifar", "classes": \#(classes)"#) == [
                    "spec.json: problem.classes: found \(classes); allowed: a list of at least two that differ, each a whole number from 0 to 255"
                ])
        }
    }

    @Test func refusesWeightsThatDoNotFit() {
        let problems = #""problems": [{"kind": "simple"}, {"kind": "simple"}]"#
        let message = "found 1 weight for 2 problems; allowed: one for each problem"
        #expect(
            faults(problem: #""kind": "ensemble", \#(problems), "weights": [1]"#) == [
                "spec.json: problem.weights: \(message)"
            ])
        #expect(
            faults(
                evaluation:
                    #""optimizers": [{"kind": "sgd"}], "problems": [{"kind": "ensemble", \#(problems), "weights": [1]}]"#
            )
                == ["spec.json: evaluation.problems[0].weights: \(message)"])
    }

    @Test func refusesEnsemblesOfEnsemblesAndEmptyOnes() {
        #expect(
            faults(problem: #""kind": "ensemble", "problems": [{"kind": "ensemble"}]"#).first?
                .hasPrefix(#"spec.json: problem.problems[0].kind: found "ensemble"; allowed: "classification", "#)
                == true)
        #expect(
            faults(problem: #""kind": "ensemble", "problems": []"#).first?
                .hasPrefix("spec.json: problem.problems: found an empty list") == true)
    }

    @Test func refusesToFollowDerivativesThatAreZero() {
        let message =
            #"in a spec with "metaTraining", which follows derivatives; allowed: what has a derivative that is not 0 everywhere, or a metaTraining.estimator that needs none"#
        let student =
            #""kind": "classification", "dataset": "mnist", "student": {"activation": "step"}, "loss": "zeroOne""#
        #expect(faults(problem: student) == [])
        #expect(
            faults(fields: #""problem": {\#(student)}, "metaTraining": {}"#) == [
                #"spec.json: problem.student.activation: found "step" \#(message)"#,
                #"spec.json: problem.loss: found "zeroOne" \#(message)"#,
            ])
        #expect(
            faults(fields: #""problem": {"kind": "ensemble", "problems": [{\#(student)}]}, "metaTraining": {}"#).first
                == #"spec.json: problem.problems[0].student.activation: found "step" \#(message)"#)
        for kind in ["evolutionStrategies", "persistentEvolutionStrategies"] {
            #expect(
                faults(fields: #""problem": {\#(student)}, "metaTraining": {"estimator": {"kind": "\#(kind)"}}"#) == [])
        }
    }
}
