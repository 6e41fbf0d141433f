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
        let student = try #require(
            try problem(
                """
                "kind": "classification", "dataset": "cifar-10", "loss": "zeroOne", "student": {
                    "convolutions": [{"kernel": 5, "channels": 64, "pooling": 2}, {"kernel": 3, "channels": 8, "stride": 2,
                        "batchNormalization": true}], "activation": "step"}
                """
            ).classification)
        #expect(student.loss == .zeroOne)
        #expect(student.student.convolutions.map(\.kernel) == [5, 3])
        #expect(student.student.convolutions.map(\.channels) == [64, 8])
        #expect(student.student.convolutions.map(\.stride) == [1, 2])
        #expect(student.student.convolutions.map(\.pooling) == [2, 1])
        #expect(student.student.convolutions.map(\.isNormalized) == [false, true])
        #expect(student.student.hiddenLayers == .fixed([]))
        #expect(!student.student.isNormalized)
        #expect(student.student.activation == .step)
    }

    @Test func hiddenLayersBesideConvolutionsAreAsGiven() throws {
        let convolutions = #""convolutions": [{"kernel": 5, "channels": 64}]"#
        for (fields, layers) in [
            (#""hidden": [32]"#, StudentSpec.HiddenLayers.fixed([32])),
            (#""random": {"layers": [1, 2], "units": [3, 4]}"#, .random(layers: 1...2, units: 3...4)),
        ] {
            let problem = try problem(
                #""kind": "classification", "dataset": "mnist", "student": {\#(convolutions), \#(fields)}"#)
            #expect(problem.classification?.student.hiddenLayers == layers)
        }
    }

    @Test func cifarIsANetworkSpelledOut() throws {
        let cifar = try #require(try problem(#""kind": "cifar", "classes": [3, 1]"#).classification)
        #expect(cifar.datasets.map(\.name) == ["cifar-10"])
        #expect(cifar.datasets[0].classes == [3, 1])
        #expect(cifar.datasets[0].fallback == nil)
        #expect(cifar.batchSize == 128)
        #expect(cifar.loss == .crossEntropy)
        let spelledOut = try #require(
            try problem(
                """
                "kind": "classification", "dataset": {"name": "cifar-10", "classes": [3, 1]}, "student": {
                    "convolutions": [
                        {"kernel": 5, "channels": 16, "batchNormalization": true, "pooling": 2},
                        {"kernel": 5, "channels": 16, "batchNormalization": true, "pooling": 2},
                        {"kernel": 5, "channels": 16, "batchNormalization": true, "pooling": 2}],
                    "hidden": [32], "batchNormalization": true, "activation": "relu"}
                """
            ).classification)
        #expect(cifar == spelledOut)
    }

    @Test func readsEnsembles() throws {
        let ensemble = try problem(
            #""kind": "ensemble", "problems": [{"kind": "simple"}, {"kind": "cifar"}], "weights": [1, 0.5]"#)
        #expect(ensemble.parts.map(\.kind) == ["simple", "cifar"])
        #expect(ensemble.parts[1].classification?.datasets.map(\.name) == ["cifar-10"])
        #expect(ensemble.settings.numbers(ifGiven: "weights") == [1, 0.5])
        #expect(ensemble.classification == nil)
    }

    @Test func otherClassesMayBeEvaluatedOn() throws {
        let problems = try spec(
            example, #"problem.dataset={"name": "mnist", "classes": [0, 1, 2]}"#, "problem.dataset.classes.0=9",
            #"evaluation.problems=[{}, {"name": "held out", "dataset": {"name": "mnist", "classes": [4, 3]}}]"#
        ).points[0].settings.evaluation?.problems
        #expect(problems?.map { $0.classification?.datasets[0].classes } == [[9, 1, 2], [4, 3]])
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
