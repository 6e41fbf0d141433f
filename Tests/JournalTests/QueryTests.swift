import Foundation
import Testing

@Suite struct QueryTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try #require(try program.call("run", "quadratic.json", "--quiet").code == 0)
    }

    private func objects(_ text: String) throws -> [[String: Any]] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    }

    @Test func trialsAsJSONHaveTheAgreedKeys() throws {
        let trials = try objects(program.call("query", "trials", "--format", "json").output)
        #expect(trials.count == 21)
        let keys = [
            "trial", "experiment", "kind", "problem", "optimizer", "seed", "status", "steps", "finalLoss", "bestLoss",
            "startedAt", "seconds",
        ]
        for trial in trials {
            #expect(keys.allSatisfy { trial[$0] != nil && !(trial[$0] is NSNull) })
            #expect(["metaTraining", "evaluation", "tuning"].contains(trial["kind"] as? String))
        }
    }

    @Test func pointsAsCSVHaveTheAgreedHeader() throws {
        let points = try program.call("query", "points", "--metric", "evaluationLoss", "--format", "csv").lines
        #expect(points[0] == "trial,metric,step,value")
        #expect(points.count == 3)
        let all = try program.call("query", "points", "--experiment", "quadratic", "--format", "csv").lines
        #expect(all.count == 1 + 8 + 8 + 2 + 20 * 21)
    }

    @Test func notesAreRowsToo() throws {
        try program.call("note", "quadratic", "Settled, with *few* seeds.")
        try program.call("note", "3", "This one is odd.")
        try program.call("note", "quadratic", "--conclude", "It runs.")
        let notes = try objects(program.call("query", "notes", "--format", "json").output)
        #expect(notes.map { $0["text"] as? String } == ["Settled, with *few* seeds.", "This one is odd.", "It runs."])
        #expect(notes.map { $0["kind"] as? String } == ["note", "note", "conclusion"])
        #expect(notes.map { $0["trial"] as? Int } == [nil, 3, nil])
        #expect(notes.allSatisfy { $0["experiment"] as? String == "quadratic" && ($0["createdAt"] as? String) != nil })
        let found = try program.call(
            "query", "notes", "--experiment", "quadratic", "--where", "text LIKE '%odd%'", "--format", "csv")
        #expect(found.lines.count == 2)
        #expect(try program.call("query", "notes", "--metric", "loss").code == 64)
    }

    @Test func rowsAreSelectedSortedAndLimited() throws {
        let best = try objects(
            program.call(
                "query", "trials", "--where", "kind = 'evaluation'", "--sort", "-finalLoss", "--limit", "3", "--format",
                "json"
            ).output)
        let losses = best.compactMap { $0["finalLoss"] as? Double }
        #expect(losses.count == 3)
        #expect(losses == losses.sorted(by: >))
        let table = try program.call("query", "experiments").lines
        #expect(table.count == 3)
        #expect(table[0].contains("experiment"))
    }

    @Test func aTableShowsTheColumnsThatMatterAndThoseAskedFor() throws {
        let plain = try program.call("query").lines
        #expect(plain.count == 23)
        #expect(plain[0].contains("finalLoss"))
        #expect(plain[0].contains("diverged"))
        #expect(!plain[0].contains("identity"))
        #expect(try program.call("query", "--sort", "identity").lines[0].contains("identity"))
    }

    @Test func comparisonAsJSONHasTheAgreedKeys() throws {
        let text = try program.call("compare", "quadratic", "--format", "json").output
        let comparison = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(comparison["experiment"] as? String == "quadratic")
        let problem = try #require((comparison["problems"] as? [[String: Any]])?.first)
        #expect(problem["name"] as? String == "quadratic")
        let optimizers = try #require(problem["optimizers"] as? [[String: Any]])
        #expect(optimizers.count == 2)
        for optimizer in optimizers {
            #expect(optimizer["trials"] as? Int == 5)
            let loss = try #require(optimizer["finalLoss"] as? [String: Any])
            #expect(["mean", "median", "low", "high"].allSatisfy { loss[$0] is Double })
        }
        let pair = try #require((problem["pairs"] as? [[String: Any]])?.first)
        #expect(["a", "b", "wins", "losses", "ties", "pValue"].allSatisfy { pair[$0] != nil })
    }

    @Test func aReaderThatHasEnoughIsNoFault() throws {
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i FROM n"
        let head = try program.shell(
            #"set -o pipefail; "$JOURNAL_PROGRAM" query --sql "\#(numbers)" --format csv | head -1"#)
        #expect(head.code == 0)
        #expect(head.output == "i\n")
        #expect(head.messages.isEmpty)
    }

    @Test func theFirstRowsOfATableDoNotWaitForTheLast() throws {
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e9) SELECT i FROM n"
        let head = try program.shell(#"set -o pipefail; "$JOURNAL_PROGRAM" query --sql "\#(numbers)" | head -3"#)
        #expect(head.code == 0)
        #expect(head.output == "  i\n───\n  1\n")
        #expect(head.messages.isEmpty)
    }

    @Test func readingWritesNothing() throws {
        let file = program.folder.appendingPathComponent("journal.sqlite")
        let before = try Data(contentsOf: file)
        try program.call("query", "points")
        try program.call("compare", "quadratic")
        #expect(try Data(contentsOf: file) == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: program.folder.path).sorted()
                == ["journal.sqlite", "quadratic.json"])
    }

    @Test func theCommittedExampleIsReadAsItLies() throws {
        let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("journal.sqlite.example").path
        let trials = try program.call("query", "trials", "--journal", example, "--format", "json")
        let statuses = try objects(trials.output).map { $0["status"] as? String }
        #expect(statuses.count == 60 && Set(statuses) == ["completed"])
        let comparison = try program.call("compare", "example", "--journal", example)
        #expect(comparison.code == 0)
        #expect(comparison.output.contains("trained"))
        #expect(!FileManager.default.fileExists(atPath: example + "-wal"))
    }

    @Test(arguments: [
        (["query", "--where", "nonsense = 1"], 64, "nonsense"),
        (["query", "--sort", "finalLos"], 64, "finalLoss"),
        (["query", "--limit", "-1"], 64, "limit"),
        (["query", "--metric", "loss"], 64, "points"),
        (["query", "things"], 64, "things"),
        (["query", "--sql", "DELETE FROM trialRecords"], 64, "read"),
        (["query", "--sql", "SELECT 1", "--limit", "2"], 64, "--sql"),
        (["query", "--format", "xml"], 64, "xml"),
        (["query", "--experiment", "quadratics"], 66, "quadratic"),
        (["query", "points", "--metric", "los"], 66, "loss"),
        (["query", "--journal", "none.sqlite"], 66, "none.sqlite"),
        (["query", "--journal", "quadratic.json"], 65, "not a journal"),
        (["compare", "quadratics"], 66, "quadratic"),
        (["compare", "quadratic", "--problem", "cubic"], 66, "quadratic"),
        (["compare"], 64, "experiment"),
        (["frobnicate"], 64, "frobnicate"),
    ])
    func wrongUseIsTold(arguments: [String], code: Int, word: String) throws {
        let outcome = try program.start(arguments).outcome()
        #expect(outcome.code == Int32(code))
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.contains(word))
    }
}
