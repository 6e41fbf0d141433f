import Foundation
import Testing

@Suite struct RunTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "Experiments/quadratic.json")
    }

    @Test func runsRecordsAndCompares() throws {
        let run = try program.call("run", "Experiments/quadratic.json", "--workers", "2")
        #expect(run.code == 0)
        #expect(run.output.contains("Problem quadratic"))
        #expect(run.output.contains("sgd against"))
        #expect(run.messages.contains("21 of 21 trials completed"))
        #expect(try program.call("compare", "quadratic").output == run.output)
    }

    @Test func aFinishedRunHasNothingLeft() throws {
        try program.call("run", "quadratic", "--quiet")
        let results = "SELECT identity, finalLoss FROM trials ORDER BY identity"
        let first = try program.call("query", "--sql", results, "--format", "csv").output
        let again = try program.call("run", "quadratic")
        #expect(again.code == 0)
        #expect(again.messages.contains("nothing left to do"))
        let fresh = try program.call("run", "quadratic", "--fresh")
        #expect(fresh.messages.contains("21 of 21 trials completed"))
        #expect(try program.call("query", "--sql", results, "--format", "csv").output == first)
        #expect(first.split(separator: "\n").count == 22)
    }

    @Test func oneTrialIsNotSeveral() throws {
        try program.write(
            """
            {"name": "one", "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
             "evaluation": {"steps": 1, "repeats": 1, "optimizers": [{"kind": "sgd"}]}}
            """, to: "one.json")
        #expect(try program.call("run", "one.json", "--dry-run").output.contains(": 1 trial ("))
        let run = try program.call("run", "one.json")
        #expect(run.messages.contains("1 of 1 trial completed"))
        #expect(run.messages.contains("Done: 1 step in"))
        let again = try program.call("run", "one.json")
        #expect(again.messages.contains("nothing left to do; its trial is completed"))
    }

    @Test func aChangedSpecIsANewVersion() throws {
        try program.call("run", "quadratic", "--quiet")
        let changed = try program.call("run", "quadratic", "--quiet", "--set", "evaluation.repeats=2")
        #expect(changed.code == 0)
        let versions = try program.call("query", "experiments", "--format", "csv").lines
        #expect(versions.count == 3)
        let old = try #require(versions[1].split(separator: ",").dropFirst().first)
        #expect(try program.call("compare", "quadratic", "--format", "json").output.contains(#""trials":2"#.spaced))
        #expect(
            try program.call("compare", "quadratic@\(old)", "--format", "json").output.contains(#""trials":5"#.spaced))
    }

    @Test func aDryRunPrintsTheTrialsAndWritesNothing() throws {
        let run = try program.call("run", "quadratic", "--dry-run")
        #expect(run.code == 0)
        #expect(run.lines.count == 23)
        #expect(run.output.contains("21 trials (1 metaTraining, 10 tuning, 10 evaluation)"))
        #expect(!program.has("journal.sqlite"))
    }

    @Test func quietSaysNothing() throws {
        let run = try program.call("run", "quadratic", "--quiet")
        #expect(run.code == 0)
        #expect(run.output.isEmpty)
        #expect(run.messages.isEmpty)
    }

    @Test(arguments: [
        "Experiments/quadratic.json", "experiments/Quadratic.JSON", "quadratic", "QUADRATIC", "quadratic.json",
    ])
    func specsAreFoundByWhatTheyAreCalled(name: String) throws {
        #expect(try program.call("run", name, "--dry-run").code == 0)
    }

    @Test func aSpecThatLiesHereIsFoundByItsName() throws {
        try program.write(Specs.quadratic, to: "here.json")
        #expect(try program.call("run", "here", "--dry-run").code == 0)
    }

    @Test func theJournalIsWhereTheEnvironmentSays() throws {
        let other = ["JOURNAL": "other.sqlite"]
        try program.call("run", "quadratic", "--quiet", environment: other)
        #expect(program.has("other.sqlite"))
        #expect(!program.has("journal.sqlite"))
        #expect(try program.call("query", environment: other).code == 0)
        #expect(try program.call("query", "--journal", "other.sqlite").code == 0)
        #expect(!program.has("other.sqlite-wal"))
    }

    @Test func aSpecWithoutEvaluationSaysWhatItLearned() throws {
        try program.write(
            """
            {"name": "alone", "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
             "metaTraining": {
                 "optimizer": {"kind": "lstm", "layers": [4]}, "epochs": 2, "steps": 10, "unrollLength": 5,
                 "evaluation": {"every": 1, "epochs": 1}}}
            """, to: "alone.json")
        let run = try program.call("run", "alone.json")
        #expect(run.code == 0)
        #expect(run.output.contains("evaluation loss"))
        #expect(run.output.contains(#"{"kind": "stored", "name": "alone"}"#))
    }

    @Test func severalSpecsRunOneAfterTheOtherAndShareWhatTheyLearned() throws {
        try program.write(
            """
            {"name": "again", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
             "evaluation": {"steps": 20, "repeats": 2, "optimizers": [{"kind": "stored", "name": "quadratic"}]}}
            """, to: "again.json")
        let alone = try program.call("run", "again.json")
        #expect(alone.code == 66)
        #expect(!program.has("journal.sqlite"))
        #expect(try program.call("run", "quadratic", "again.json", "--quiet").code == 0)
        let trials = try program.call("query", "trials", "--experiment", "again", "--format", "csv").lines
        #expect(trials.count == 3)
    }

    @Test func aTrialThatFailsIsToldAndLeavesTheOthers() throws {
        let run = try program.call("run", "quadratic", "--set", "metaTraining.optimizer.outputScale=1e30")
        #expect(run.code == 1)
        #expect(run.messages.contains("meta-loss"))
        #expect(run.messages.contains("15 of 21 trials completed; 1 trial failed; 5 trials not run"))
        let failed = try program.call("query", "--where", "status = 'failed'", "--format", "json").output
        #expect(failed.contains("meta-loss"))
    }
}

extension String {
    /// As the program spaces JSON.
    var spaced: String { replacingOccurrences(of: ":", with: ": ") }
}
