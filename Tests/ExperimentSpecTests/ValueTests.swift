import Formats
import Nouns
import Testing
import TrialKinds

@testable import ExperimentSpec

/// What a spec's fields mean, and what holds where they are left out.
@Suite struct ValueTests {
    @Test func readsTheExample() throws {
        let spec = try spec(example)
        #expect(spec.name == "l2l-mnist")
        #expect(spec.question == "Does it beat them?")
        #expect(spec.sweep == [SweepAxis(path: "metaTraining.unrollLength", values: [5, 20])])
        let settings = spec.points[1].settings
        #expect(settings.seed == 1)
        #expect(settings.precision == .single)
        let problem = settings.problem
        #expect(problem.datasets.map(\.name) == ["mnist"])
        #expect(problem.datasets[0].fallback == "synthetic-digits")
        #expect(problem.settings.integer("batchSize") == 128)
        #expect(
            problem.student.json == ["hidden": [20], "activation": "sigmoid", "initialization": "paper"])
        let training = try #require(settings.metaTraining)
        #expect(training.settings.integer("epochs") == 200)
        #expect(training.settings.integer("unrollLength") == 20)
        #expect(training.settings.number("learningRate") == 0.003)
        #expect(training.settings.settings("evaluation").integer("every") == 20)
        #expect(training.settings.settings("evaluation").integer("epochs") == 5)
        #expect(
            training.optimizer.settings.json == [
                "kind": "lstm", "layers": [20, 20], "inputs": ["kind": "logAndSign", "k": 10], "outputScale": 0.1,
            ])
    }

    @Test func fillsInThePapersDefaults() throws {
        let settings = try spec(small, "metaTraining={}").points[0].settings
        #expect(settings.problem.settings.integer("dimensions") == 10)
        #expect(settings.problem.settings.integer("batchSize") == 128)
        #expect(settings.problem.datasets.isEmpty)
        let training = try #require(settings.metaTraining)
        #expect(training.optimizer.kind == "lstm")
        #expect(training.settings.integer("epochs") == 10_000)
        #expect(training.settings.integer("steps") == 100)
        #expect(training.settings.integer("unrollLength") == 20)
        #expect(training.settings.text("learningRateDecay") == "none")
        #expect(training.settings.number(ifGiven: "gradientClip") == nil)
        #expect(!training.secondDerivatives)
        #expect(
            training.metaOptimizer
                == .rule(
                    UpdateRuleSpec(
                        kind: "adam",
                        settings: Settings(["learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8])))
        )
        let evaluation = try #require(settings.evaluation)
        #expect(evaluation.steps == 100)
        #expect(evaluation.tuningRepeats == 5)
        #expect(evaluation.snapshotEvery == nil)
        #expect(evaluation.problems == [settings.problem])
    }

    @Test(arguments: [(1, 1), (19, 19), (20, 20), (40, 20)])
    func unrollsAreNoLongerThanEpochs(steps: Int, unrollLength: Int) throws {
        let training = try spec(small, #"metaTraining={"steps": \#(steps)}"#).points[0].settings.metaTraining
        #expect(training?.settings.integer("unrollLength") == unrollLength)
    }

    @Test func fillsInTheLearnedOptimizersDefaults() throws {
        func optimizer(_ kind: String) throws -> JSONValue? {
            let training = try spec(small, #"metaTraining.optimizer={"kind": "\#(kind)"}"#).points[0].settings
                .metaTraining
            return training?.optimizer.settings.json
        }
        #expect(
            try optimizer("rnnprop")?.canonicalText
                == #"{"beta1":0.95,"beta2":0.95,"epsilon":1e-08,"kind":"rnnprop","layers":[20,20],"outputScale":0.1,"preprocessing":20}"#
        )
        #expect(
            try optimizer("mlp")?.canonicalText
                == #"{"exponentScale":0.001,"hidden":[32,32],"kind":"mlp","outputScale":0.001}"#)
        #expect(
            try optimizer("lstm")?.canonicalText
                == #"{"inputs":{"k":5,"kind":"logAndSign"},"kind":"lstm","layers":[20,20],"outputScale":0.01}"#)
    }

    @Test(arguments: [
        ("sgd", ["learningRate": 0.001]),
        ("momentum", ["learningRate": 0.001, "momentum": 0.9]),
        ("nesterov", ["learningRate": 0.001, "momentum": 0.9]),
        ("adagrad", ["learningRate": 0.01, "epsilon": 1e-10]),
        ("rmsprop", ["learningRate": 0.01, "decay": 0.9, "epsilon": 1e-8]),
        ("adam", ["learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8]),
        ("adamw", ["learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01]),
        ("deltaRule", ["learningRate": 0.3, "biasRate": 1, "growth": 0.02, "deviation": 0.2]),
    ])
    func fillsInTheRulesDefaults(kind: String, settings: [String: JSONValue]) throws {
        let optimizer = try spec(small, "evaluation.optimizers.0.kind=\(kind)").points[0].settings.evaluation?
            .optimizers[0]
        #expect(optimizer?.source == .rule(kind: kind, settings: settings.mapValues { .fixed($0) }))
    }

    @Test func overlaysReplaceNamedFieldsWhole() throws {
        let problems =
            try spec(example, "problem.student.activation=tanh").points[0].settings.evaluation?.problems ?? []
        #expect(problems.map(\.name) == [nil, "two-layers", "relu"])
        #expect(
            problems.map { $0.student.integers("hidden") } == [[20], [20, 20], [20]])
        #expect(problems.map { $0.student.text("activation") } == ["tanh", "sigmoid", "relu"])
        #expect(Set(problems.map { $0.datasets[0].fallback }) == ["synthetic-digits"])
    }

    @Test func overlaysMayBeOfAnotherKind() throws {
        let problems = try spec(
            example, "problem.batchSize=7", #"evaluation.problems=[{"kind": "quadratic", "dimensions": 3}]"#
        ).points[0].settings.evaluation?.problems
        #expect(problems?.first?.settings.integer("batchSize") == 7)
        #expect(problems?.first?.settings.integer("dimensions") == 3)
    }

    @Test func initializationMayStandInEitherPlace() throws {
        let inStudent = try spec(example, "problem.student.initialization=glorot")
        let inProblem = try spec(example, "problem.initialization=glorot")
        let inBoth = try spec(example, "problem.initialization=glorot", "problem.student.initialization=glorot")
        #expect(inProblem.points[0].settings.problem.student.text("initialization") == "glorot")
        #expect(inProblem.points[0].settings.problem == inStudent.points[0].settings.problem)
        #expect(inBoth.points[0].settings.problem == inStudent.points[0].settings.problem)
    }

    @Test(arguments: [
        (#"{"initialization": "glorot"}"#, "paper"), (#"{"student": {"initialization": "glorot"}}"#, "paper"),
    ])
    func overlaysOutdoTheProblemsInitialization(overlay: String, base: String) throws {
        for place in ["problem.initialization", "problem.student.initialization"] {
            let spec = try spec(example, "\(place)=\(base)", "evaluation.problems=[\(overlay)]")
            #expect(spec.points[0].settings.evaluation?.problems[0].student.text("initialization") == "glorot")
        }
    }
}

@Suite struct HashTests {
    @Test func ignoresWhatMeansNothing() throws {
        let hash = try spec(small).hash
        #expect(hash.count == 64)
        for same in [
            #"{"evaluation": {"repeats": 2, "optimizers": [{"kind": "sgd"}]}, "problem": {"kind": "quadratic"}, "name": "small"}"#,
            small.replacing("2}", with: #"2.0, "steps": 1e2, "problems": [{}], "tuning": {}}"#),
            small.replacing(#""sgd""#, with: #""sgd", "learningRate": 1e-3"#),
            small.replacing(#""name""#, with: #""$schema": "x", "question": "Why?", "seed": 1, "name""#),
        ] {
            #expect(try spec(same).hash == hash)
        }
    }

    /// Specs from before a field was there keep their hash.
    @Test func impliedValuesMeanTheSameAsNone() throws {
        let plain = try spec(small, "metaTraining={}").hash
        #expect(try spec(small, "metaTraining.optimizer.lambda=0", "metaTraining.optimizer.kind=lstm").hash == plain)
        #expect(try spec(small, "metaTraining.optimizer.initial=truncatedNormal").hash == plain)
        #expect(try spec(small, "metaTraining.optimizer.lambda=0.1").hash != plain)
        #expect(try spec(small, "metaTraining.optimizer.initial=zeros").hash != plain)
    }

    @Test func changesWithTheMeaning() throws {
        let hashes = try [
            [], ["seed=2"], ["evaluation.repeats=3"], ["name=x"], ["problem.dimensions=11"], ["precision=double"],
        ]
        .map {
            try ExperimentSpec(
                small, file: "", vocabulary: .standard, overrides: $0.map { try SpecOverride(parsing: $0) }
            ).hash
        }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test func plainDatasetMeansTheSame() throws {
        #expect(
            try spec(example, "problem.dataset=mnist").hash
                == spec(example, #"problem.dataset={"name": "mnist"}"#).hash)
    }

    @Test func canonicalTextReadsBack() throws {
        let first = try spec(example)
        #expect(
            first.canonicalText.hasPrefix(
                #"{"$schema":"../Schemas/experiment.schema.json","evaluation":{"optimizers":"#))
        #expect(try spec(first.canonicalText) == first)
    }

    @Test func keepsOverridesInTheText() throws {
        #expect(
            try spec(small, "seed=3").canonicalText
                == #"{"evaluation":{"optimizers":[{"kind":"sgd"}],"repeats":2},"name":"small","problem":{"kind":"quadratic"},"seed":3}"#
        )
    }
}
