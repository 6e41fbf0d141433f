import Testing

@testable import ExperimentSpec

/// What specs say of how the meta-gradient is found, and of what.
@Suite struct EstimatorTests {
    private func training(_ fields: String) throws -> MetaTrainingSpec {
        try #require(try spec(small, "metaTraining={\(fields)}").points[0].settings.metaTraining)
    }

    @Test func readsEstimators() throws {
        #expect(try training("").estimator == nil)
        #expect(
            try training(#""estimator": {"kind": "evolutionStrategies"}"#).estimator?.json
                == ["kind": "evolutionStrategies", "deviation": 0.01, "pairs": 8])
    }

    /// Experiments of before there was a choice keep their hashes.
    @Test func whatIsLeftOutIsNotFilledIn() throws {
        #expect(try training("").settings.values["estimator"] == nil)
    }

    @Test func refusesSecondDerivativesOfWhatFollowsNone() {
        let fields =
            #""problem": {"kind": "simple"}, "metaTraining": {"secondDerivatives": true, "estimator": {"kind": "#
        #expect(faults(fields: fields + #""truncatedBackpropagation"}}"#) == [])
        #expect(
            faults(fields: fields + #""evolutionStrategies"}}"#) == [
                #"spec.json: metaTraining.secondDerivatives: found true beside the estimator "evolutionStrategies", which follows no derivatives; allowed: false, or the estimator "truncatedBackpropagation" or "combined""#
            ])
    }

    @Test func readsRandomScaling() throws {
        #expect(try training("").settings.values["randomScaling"] == nil)
        #expect(
            try training(#""randomScaling": {"low": -3, "high": 3}"#).settings.values["randomScaling"]
                == ["low": -3, "high": 3])
        #expect(
            faults(fields: #""problem": {"kind": "simple"}, "metaTraining": {"randomScaling": {"low": 1, "high": -1}}"#)
                == [
                    #"spec.json: metaTraining.randomScaling: found a "low" of 1 above a "high" of -1; allowed: a "low" that is at most "high""#
                ])
    }

    @Test func readsCurricula() throws {
        #expect(try training("").settings.list(ifGiven: "curriculum") == nil)
        let stages = try training(#""curriculum": [{"until": 2, "steps": 20}, {"until": 5, "steps": 60}]"#)
            .settings.list("curriculum")
        #expect(stages.map { $0.integer("until") } == [2, 5])
        #expect(stages.map { $0.integer("steps") } == [20, 60])
        let wrong = #""curriculum": [{"until": 2, "steps": 30}, {"until": 2, "steps": 40}]"#
        #expect(
            faults(fields: #""problem": {"kind": "simple"}, "metaTraining": {\#(wrong)}"#) == [
                "spec.json: metaTraining.curriculum[0].steps: found 30; allowed: a multiple of metaTraining.unrollLength, which is 20",
                "spec.json: metaTraining.curriculum[1].until: found 2; allowed: more than the 2 of the stage before it",
            ])
    }

    @Test func refusesStartsLengthsAndStudentsThatDoNotFit() {
        func slips(_ training: String) -> [String] {
            faults(fields: #""problem": {"kind": "simple"}, "metaTraining": {\#(training)}"#)
        }
        let place = "spec.json: metaTraining"
        #expect(
            slips(#""variedSteps": {"low": 60, "high": 30}, "epochs": 10, "starts": {"epochs": 10}"#) == [
                "\(place).variedSteps.high: found 30; allowed: a multiple of metaTraining.unrollLength, which is 20",
                #"\#(place).variedSteps: found a "low" of 60 above a "high" of 30; allowed: a "low" that is at most "high""#,
                "\(place).starts.epochs: found 10; allowed: fewer than metaTraining.epochs, which are 10",
            ])
        let alone = "which learns from one student after the other; allowed: leaving it out"
        #expect(
            slips(
                #""estimator": {"kind": "imitation"}, "optimizer": {"kind": "teacher"}, "students": 2, "starts": {"epochs": 3}"#
            ).filter { $0.contains("several") }
                == ["students", "starts"].map {
                    #"\#(place).\#($0): found several beside the estimator "imitation", \#(alone)"#
                })
        #expect(slips(#""students": 4, "variedSteps": {"low": 20, "high": 200}, "starts": {"epochs": 3}"#) == [])
    }

    @Test func refusesGrowthThatDoesNotFit() {
        func slips(_ training: String) -> [String] {
            faults(fields: #""problem": {"kind": "simple"}, "metaTraining": {\#(training)}"#)
        }
        let place = "spec.json: metaTraining.growingSteps"
        let allowed =
            "allowed: a multiple of metaTraining.unrollLength, which is 20, that divides metaTraining.steps, which are 100"
        #expect(slips(#""growingSteps": {"from": 40}"#) == ["\(place).from: found 40; \(allowed)"])
        #expect(slips(#""growingSteps": {"from": 10}"#) == ["\(place).from: found 10; \(allowed)"])
        #expect(
            slips(#""growingSteps": {"from": 20}, "variedSteps": {"low": 20, "high": 40}"#) == [
                #"\#(place): found it beside "variedSteps"; allowed: one of the two"#
            ])
        #expect(slips(#""growingSteps": {"from": 20, "factor": 5}, "starts": {"epochs": 3}"#) == [])
    }

    @Test func refusesWhatIsNoEstimator() {
        let start =
            #""problem": {"kind": "simple"}, "metaTraining": {"secondDerivatives": true, "estimator": {"kind": "#
        #expect(
            faults(fields: start + #""evolutionStrategy"}}"#) == [
                #"spec.json: metaTraining.estimator.kind: found "evolutionStrategy"; allowed: "truncatedBackpropagation", "evolutionStrategies", "persistentEvolutionStrategies", "singleEvolutionStrategies", "combined", "imitation" or "solutions" (did you mean "evolutionStrategies"?)"#
            ])
        #expect(
            faults(fields: start + #""evolutionStrategies", "pairs": 0, "deviation": 0}}"#).contains {
                $0.hasPrefix("spec.json: metaTraining.estimator.pairs: found 0; allowed: a whole number from 1 to ")
            })
    }
}
