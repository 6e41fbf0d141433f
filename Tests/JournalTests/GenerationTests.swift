import Foundation
import Testing

/// Optimizers that teach optimizers, as a person sees them.
@Suite struct GenerationTests {
    let program = try! Program()

    private func write(_ training: String, evaluation: String = "") throws {
        try program.write(
            """
            {"name": "school", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
             "metaTraining": {"epochs": 4, "steps": 20, "unrollLength": 20, "evaluation": {"every": 4, "epochs": 1},
                 \(training)}\(evaluation)}
            """, to: "school.json")
    }

    private let compared = #"""
        , "evaluation": {"steps": 5, "repeats": 2, "optimizers": [{"kind": "trained", "generation": 1}, {"kind": "trained"}]}
        """#

    @Test func generationsAreCompared() throws {
        try write(#""optimizer": {"kind": "lstm", "layers": [3]}, "generations": 2"#, evaluation: compared)
        let plan = try program.call("run", "school.json", "--dry-run")
        #expect(plan.output.contains("6 trials (2 metaTraining, 4 evaluation)"))
        let run = try program.call("run", "school.json")
        #expect(run.code == 0)
        #expect(run.output.contains("trained (generation 1)"))
        #expect(run.output.contains("trained (generation 2)"))
    }

    @Test func withoutAnEvaluationEachIsTold() throws {
        try write(#""optimizer": {"kind": "lstm", "layers": [3]}, "generations": 2"#)
        let run = try program.call("run", "school.json")
        #expect(run.code == 0)
        #expect(run.lines.count == 3)
        #expect(run.output.contains("learned trained (generation 1) (lstm) on quadratic: evaluation loss"))
        #expect(run.output.contains("learned trained (generation 2) (lstm) on quadratic: evaluation loss"))
        #expect(run.output.components(separatedBy: "Another spec compares").count == 2)
    }

    @Test func aGenerationThatDivergesFailsAndSaysWhy() throws {
        try write(
            #"""
            "optimizer": {"kind": "lstm", "layers": [], "inputs": {"kind": "identity"}, "initial": "zeros", "outputScale": 1},
            "learningRate": 0.01, "generations": 3
            """#, evaluation: compared)
        let run = try program.call("run", "school.json", "--workers", "2")
        #expect(run.code == 1)
        #expect(run.messages.contains("failed: training trained (generation 2) on quadratic"))
        #expect(run.messages.contains("the meta-loss was"))
        #expect(
            run.messages.contains(
                "3 of 7 trials completed; 1 trial failed; 3 trials not run, as they need one that failed"))
        #expect(!run.messages.contains("Fatal error"))
        // What there is, is compared.
        #expect(run.output.contains("trained (generation 1)"))
        let failed = try program.call("query", "trials", "--where", "status = 'failed'", "--format", "csv")
        #expect(failed.lines.count == 2)
        #expect(failed.output.contains("the meta-loss was"))
        // Again, the failed ones are tried again.
        let again = try program.call("run", "school.json")
        #expect(again.code == 1)
        #expect(again.messages.contains("3 of 7 trials completed, 3 of them before"))
    }
}
