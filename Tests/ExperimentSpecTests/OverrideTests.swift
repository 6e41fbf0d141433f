import Testing

@testable import ExperimentSpec

@Suite struct OverrideTests {
    @Test func setsFieldsInBothSpellings() throws {
        let spec = try spec(
            example, "evaluation.optimizers.1.learningRate=0.5", "evaluation.optimizers[2].learningRate=2",
            "precision=double")
        let settings = spec.points[0].settings
        #expect(settings.precision == .double)
        #expect(
            settings.evaluation?.optimizers[1].source
                == .rule(
                    kind: "adam",
                    settings: [
                        "learningRate": .fixed(0.5), "beta1": .fixed(0.9), "beta2": .fixed(0.999),
                        "epsilon": .fixed(1e-8),
                    ]))
        #expect(settings.evaluation?.optimizers[2].source == .rule(kind: "sgd", settings: ["learningRate": .fixed(2)]))
    }

    @Test func makesObjectsThatWereAbsent() throws {
        let training = try spec(small, "metaTraining.epochs=2").points[0].settings.metaTraining
        #expect(training?.settings.integer("epochs") == 2)
        #expect(training?.settings.integer("steps") == 100)
    }

    @Test func replacesWholeObjects() throws {
        let spec = try spec(
            example, "problem.dataset=synthetic-digits",
            #"evaluation={"optimizers": [{"kind": "sgd"}], "repeats": 3}"#)
        let settings = spec.points[0].settings
        #expect(settings.problem.datasets[0].name == "synthetic-digits")
        #expect(settings.problem.datasets[0].fallback == nil)
        #expect(settings.evaluation?.repeats == 3)
    }

    @Test func reachesIntoAPlainDataset() throws {
        let spec = try spec(example, "problem.dataset=mnist", "problem.dataset.fallback=synthetic-digits")
        let problem = spec.points[0].settings.problem
        #expect(problem.datasets[0].name == "mnist")
        #expect(problem.datasets[0].fallback == "synthetic-digits")
    }

    @Test func turnsANumberIntoTuning() throws {
        let spec = try spec(small, "evaluation.optimizers.0.learningRate.tune=[1, 2]")
        #expect(spec.candidates == [["learningRate": 1], ["learningRate": 2]])
    }

    @Test func settingRandomLayersDropsTheFixedOnes() throws {
        let spec = try spec(
            example, #"problem.student.random={"layers": [1, 3], "units": [2, 4]}"#, "problem.student.random.layers.1=9"
        )
        #expect(
            spec.points[0].settings.problem.student.values["random"] == ["layers": [1, 9], "units": [2, 4]]
        )
    }

    @Test func settingAKindDropsWhatItDoesNotHave() throws {
        let rule = try spec(
            small, "evaluation.optimizers.0.kind=adam", "evaluation.optimizers.0.beta1=0.5",
            "evaluation.optimizers.0.learningRate=0.25", "evaluation.optimizers.0.kind=sgd")
        #expect(
            rule.points[0].settings.evaluation?.optimizers[0].source
                == .rule(kind: "sgd", settings: ["learningRate": .fixed(0.25)]))
    }

    @Test func takesWhatIsNotJSONAsText() throws {
        #expect(try SpecOverride(parsing: "name=a=b").value == "a=b")
        #expect(try SpecOverride(parsing: #"name="a""#).value == "a")
        #expect(try SpecOverride(parsing: "name=").value == "")
        #expect(try SpecOverride(parsing: "seed=7").value == 7)
    }

    @Test func saysWhichOverrideIsWrong() {
        #expect(
            faults(
                example, "metaTraining.unrollLenght=30", "evaluation.optimizers.5.kind=sgd",
                "evaluation.optimizers.kind=sgd", "metaTraining.epochs.x=1", "evaluation.steps=1.5")
                == [
                    #"--set metaTraining.unrollLenght=30: found "unrollLenght"; allowed: the fields optimizer, parameterGroups, epochs, steps, unrollLength, rollback, learningRate, learningRateDecay, gradientClip, averaging, metaOptimizer, generations, repeats, initial, secondDerivatives, estimator, replay, lossWeights, lossWeightExponent, curriculum, variedSteps, growingSteps, starts, students, randomScaling, evaluation, returnToBest, selection and leaveOut (did you mean "unrollLength"?)"#,
                    "--set evaluation.optimizers.5.kind=sgd: found index 5; allowed: an index from 0 to 2",
                    #"--set evaluation.optimizers.kind=sgd: found "kind"; allowed: an index from 0 to 2"#,
                    #"--set metaTraining.epochs.x=1: found "x"; allowed: nothing below this: here stands a whole number from 1 to 1000000000"#,
                    "--set evaluation.steps=1.5: evaluation.steps: found 1.5; allowed: a whole number from 1 to 1000000000",
                ])
    }

    @Test(arguments: [
        ("steps", "--set steps: found no =; allowed: PATH=VALUE, such as evaluation.steps=50"),
        (
            "=1",
            "--set =1: found the path \"\"; allowed: keys with dots between them, and list indices: evaluation.optimizers[0].kind"
        ),
        (
            "a..b=1",
            "--set a..b=1: found the path \"a..b\"; allowed: keys with dots between them, and list indices: evaluation.optimizers[0].kind"
        ),
    ])
    func refusesWhatIsNoOverride(text: String, message: String) {
        #expect(faults(small, text) == [message])
    }

    @Test func cutsLongValuesInMessages() {
        #expect(
            faults(small, #"sweep={"name": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]}"#) == [
                #"--set sweep={"name": ["a", "b", "c", "d", "e", "f", "g", "h", "...: sweep.name: found "name"; allowed: a path that begins with "seed", "precision", "problem", "metaTraining", "evaluation" or "selfTuning""#
            ])
    }
}
