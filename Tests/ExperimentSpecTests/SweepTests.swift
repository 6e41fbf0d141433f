import Testing

@testable import ExperimentSpec

@Suite struct SweepTests {
    @Test func makesTheProductOfItsAxes() throws {
        let spec = try spec(small, #"sweep={"seed": [1, 2], "evaluation.steps": [10, 20, 30]}"#)
        #expect(spec.sweep.map(\.path) == ["evaluation.steps", "seed"])
        #expect(
            spec.points.map { [$0.settings.evaluation!.steps, $0.settings.seed] }
                == [[10, 1], [10, 2], [20, 1], [20, 2], [30, 1], [30, 2]])
    }

    @Test func mayMeetARuleOnlyWithAllItsAxes() throws {
        let sweep = #"sweep={"metaTraining.steps": [30, 60], "metaTraining.unrollLength": [15]}"#
        #expect(
            try spec(example, sweep).points.map { $0.settings.metaTraining!.settings.integer("steps") } == [30, 60])
    }

    @Test func blamesTheValueThatIsWrong() {
        #expect(
            faults(
                example.replacing(
                    #"{"metaTraining.unrollLength": [5, 20]}"#,
                    with:
                        #"{"metaTraining.unrollLength": [5, 30, 0], "metaTraining.epocks": [1], "name": ["x"], "problem.batchSize": [], "evaluation.optimizers.1.learningRate": [0, {"tune": [1]}], "problem.student": [{"hiden": [1]}]}"#
                )) == [
                    #"spec.json: sweep["problem.batchSize"]: found an empty list; allowed: a list of at least one value"#,
                    #"spec.json: sweep["metaTraining.epocks"]: found "epocks"; allowed: the fields optimizer, parameterGroups, epochs, steps, unrollLength, rollback, learningRate, learningRateDecay, gradientClip, averaging, metaOptimizer, generations, repeats, initial, secondDerivatives, estimator, replay, lossWeights, lossWeightExponent, curriculum, variedSteps, growingSteps, starts, students, randomScaling, evaluation, returnToBest, selection and leaveOut (did you mean "epochs"?)"#,
                    #"spec.json: sweep.name: found "name"; allowed: a path that begins with "seed", "precision", "problem", "metaTraining", "evaluation" or "selfTuning""#,
                    #"spec.json: sweep["problem.student"][0].hiden: found an unknown key; allowed: the fields convolutions, hidden, random, batchNormalization, activation, residual and initialization (did you mean "hidden"?)"#,
                    #"spec.json: sweep["evaluation.optimizers.1.learningRate"][0]: found 0; allowed: a number greater than 0, or {"tune": [...]} with a list of such or {"tune": {"low": ..., "high": ...}} with a range"#,
                    #"spec.json: sweep["metaTraining.unrollLength"][1]: found 30, which does not divide metaTraining.steps; allowed: for 100 steps, 1, 2, 4, 5, 10, 20, 25, 50 or 100"#,
                    #"spec.json: sweep["metaTraining.unrollLength"][2]: found 0; allowed: a whole number from 1 to 1000000000"#,
                ])
    }

    @Test func saysAtWhichPointARuleBreaksElsewhere() {
        let text = example.replacing(
            #"{"metaTraining.unrollLength": [5, 20]}"#, with: #"{"metaTraining.steps": [100, 110]}"#)
        #expect(
            faults(text) == [
                "spec.json: metaTraining.unrollLength: found 20, which does not divide metaTraining.steps where metaTraining.steps is 110; allowed: for 110 steps, 1, 2, 5, 10, 11, 22, 55 or 110"
            ])
    }

    @Test func needsSomethingToVary() {
        #expect(
            faults(small.replacing(#""name""#, with: #""sweep": {}, "name""#)) == [
                "spec.json: sweep: found an empty object; allowed: an object from dotted paths of the spec to lists of values, at least one"
            ])
    }

    @Test func refusesMorePointsThanAnyoneWants() {
        let values = "[" + (1...101).map(String.init).joined(separator: ",") + "]"
        #expect(
            faults(
                small.replacing(
                    #""name""#, with: #""sweep": {"seed": \#(values), "evaluation.steps": \#(values)}, "name""#)) == [
                    "spec.json: sweep: found more than 10000 combinations of values; allowed: at most 10000"
                ])
    }

    /// What must hold between fields holds at the points; before the sweep has set its values, it need not.
    @Test func mayPutRightWhatDoesNotFit() {
        let optimizer = #"{"kind": "lstm", "layers": [4], "averagingCells": 5}"#
        func sweep(_ layers: String) -> [String] {
            faults(
                fields: #"""
                    "problem": {"kind": "simple"}, "metaTraining": {"optimizer": \#(optimizer)},
                    "sweep": {"metaTraining.optimizer.layers": \#(layers)}
                    """#)
        }
        #expect(sweep("[[8], [16, 5]]").isEmpty)
        #expect(
            sweep("[[8], [16, 3]]") == [
                "spec.json: metaTraining.optimizer.averagingCells: found 5, more than a layer has units where metaTraining.optimizer.layers is [16,3]; allowed: at most 3"
            ])
    }
}
