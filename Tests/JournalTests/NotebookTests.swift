import Foundation
import Testing

/// A notebook as a person keeps it: notes, entries, log, tags, archive, deletion.
@Suite struct NotebookTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try #require(try program.call("run", "quadratic.json", "--quiet").code == 0)
    }

    private func show(_ entry: String, _ arguments: String...) throws -> String {
        let outcome = try program.start(["show", entry] + arguments).outcome()
        #expect(outcome.code == 0 && outcome.messages.isEmpty, "\(outcome.messages)")
        return outcome.output
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func anEntryReadsLikeAPage() throws {
        let changes = ["metaTraining.epochs=8", "evaluation.optimizers.1.learningRate=0.1"].flatMap { ["--set", $0] }
        #expect(try program.start(["run", "quadratic.json", "--quiet"] + changes).outcome().code == 0)
        #expect(try program.call("note", "quadratic", "# Odd\n\nIt wobbles.").code == 0)
        #expect(try program.call("note", "quadratic", "Not yet.", "--conclude").code == 0)
        let concluded = try program.call("note", "quadratic", "--conclude", "It works.")
        #expect(concluded.messages.hasPrefix("Added a conclusion on quadratic@"))
        let page = try show("quadratic")
        let parts = ["Question", "What was run", "What came out", "Notes", "Conclusion"].map {
            page.range(of: "\n\($0)\n")
        }
        #expect(parts.allSatisfy { $0 != nil })
        #expect(parts.compactMap { $0?.lowerBound } == parts.compactMap { $0?.lowerBound }.sorted())
        #expect(page.contains("  Does it run?\n"))
        #expect(page.contains("    metaTraining.epochs                    4 → 8\n"))
        #expect(page.contains(#"evaluation.optimizers[1].learningRate  {"tune":[0.1,0.01]} → 0.1"#))
        #expect(page.contains("    # Odd\n\n    It wobbles.\n"))
        #expect(page.contains(", an earlier conclusion\n    Not yet.\n"))
        #expect(page.hasSuffix("    It works.\n"))
        let json = try object(show("quadratic", "--format", "json"))
        #expect((json["conclusion"] as? [String: Any])?["text"] as? String == "It works.")
        #expect((json["differences"] as? [Any])?.count == 2)
        let comparison = try object(program.call("compare", "quadratic", "--format", "json").output)
        #expect((json["comparison"] as? NSDictionary) == comparison as NSDictionary)
    }

    @Test func aTrialHasAPageOfItsOwn() throws {
        #expect(try program.call("note", "1", "the teacher").messages.contains("a note on trial 1 of quadratic@"))
        let page = try show("1")
        #expect(page.hasPrefix("Trial 1: metaTraining of trained on quadratic, seed 3900000\n"))
        for text in ["Learned: lstm", "metaLoss", "optimizer.optimizer.layers", "[4]", "    the teacher\n"] {
            #expect(page.contains(text), "\(text)")
        }
        let json = try object(show("1", "--format", "json"))
        #expect(json["status"] as? String == "completed")
        #expect((json["notes"] as? [[String: Any]])?.first?["text"] as? String == "the teacher")
        #expect(try program.call("note", "1", "--conclude", "no").code == 64)
    }

    @Test func theLogIsByDay() throws {
        try program.call("note", "quadratic", "## Late\n\nmore")
        let utc = ["TZ": "UTC"]
        let log = try program.call("log", environment: utc)
        let lines = log.lines.map { $0.split(separator: "  ").last ?? "" }
        #expect(Array(lines.dropFirst()) == ["begun: 21 trials", "completed: all 21 trials", "note: Late"])
        #expect(try #require(log.lines.first).wholeMatch(of: /\d{4}-\d{2}-\d{2}, [A-Z][a-z]+day/) != nil)
        #expect(try program.call("log", "--newest-first", environment: utc).lines[1].hasSuffix("note: Late"))
        #expect(try program.call("log", "--since", "2999-01-01").output == "Nothing has been run or noted then.\n")
        #expect(try program.call("log", "--since", "2026-13-01").code == 64)
        let json = try program.call("log", "--format", "json").output
        let entries = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(entries.map { $0["event"] as? String } == ["begun", "completed", "note"])
        #expect(entries[2]["text"] as? String == "## Late\n\nmore")
    }

    @Test func tagsAndTheArchiveSelectWhatIsListed() throws {
        #expect(try program.call("tag", "quadratic", "+toy", "small").output == "small\ntoy\n")
        #expect(try program.call("tag", "quadratic", "-small").output == "toy\n")
        #expect(try program.call("tag", "quadratic").output == "toy\n")
        #expect(try program.call("log", "--tag", "toy").lines.count == 3)
        #expect(try program.call("log", "--tag", "small").code == 66)
        #expect(try program.call("archive", "quadratic").messages == "quadratic is archived.\n")
        let hidden = try program.call("log")
        #expect(hidden.output == "1 archived experiment not shown: --all shows it.\n")
        #expect(try program.call("log", "--all").lines.count == 3)
        let row = try program.call("query", "experiments", "--format", "csv", "--where", "archivedAt IS NOT NULL")
        #expect(row.lines.count == 2 && row.lines[1].contains(",toy,"))
        #expect(try program.call("archive", "quadratic", "--undo").messages == "quadratic is no longer archived.\n")
        #expect(try program.call("log").lines.count == 3)
    }

    @Test func aNoteComesFromStandardInputOrAnEditor() throws {
        #expect(try program.shell("printf 'piped\\nin' | $JOURNAL_PROGRAM note quadratic -").code == 0)
        try program.write("#!/bin/sh\nprintf 'edited %s' \"$1\" | cat - \"$2\" > new && mv new \"$2\"\n", to: "editor")
        let edited = try program.shell("chmod +x editor; EDITOR='./editor twice' $JOURNAL_PROGRAM note quadratic")
        #expect(edited.code == 0, "\(edited.messages)")
        #expect(try program.shell("VISUAL=true EDITOR=./editor $JOURNAL_PROGRAM note quadratic").code == 65)
        let failed = try program.shell("EDITOR='./editor lost; false' $JOURNAL_PROGRAM note quadratic")
        #expect(failed.code == 69 && failed.messages.contains("nothing was noted"))
        #expect(try program.call("note", "quadratic").code == 64)
        let notes = try program.call("query", "--sql", "SELECT text FROM notes", "--format", "json").output
        #expect(notes.contains(#""piped\nin""#) && notes.contains(#""edited twice""#))
        #expect(notes.components(separatedBy: "\"text\"").count == 3)
    }

    @Test(arguments: [
        (["note", "quadratics", "x"], 66, "quadratic"), (["note", "99", "x"], 66, "no trial 99"),
        (["note", "quadratic", " "], 65, "nothing was written"), (["show", "quadratics"], 66, "quadratic"),
        (["show", "quadratic@ffff"], 66, "no version"), (["tag", "quadratic", "+a b"], 64, "is no tag"),
        (["tag", "quadratic", "-gone"], 66, "no tag gone"), (["archive", "quadratics"], 66, "quadratic"),
        (["delete"], 64, "Name what to delete"), (["delete", "quadratic", "--trial", "1"], 64, "Name what to delete"),
        (["delete", "--trial", "99", "--yes"], 66, "no trial 99"), (["delete", "quadratic"], 64, "--yes"),
        (["note", "quadratic", "x", "--journal", "none.sqlite"], 66, "no journal at none.sqlite"),
        (["log", "--since", "yesterday"], 64, "2026-11-20"),
    ])
    func wrongUseIsToldAndChangesNothing(arguments: [String], code: Int, word: String) throws {
        let file = program.folder.appendingPathComponent("journal.sqlite")
        let before = try program.call("query", "--sql", "SELECT count(*) FROM trials, notes", "--format", "csv").output
        let outcome = try program.start(arguments).outcome()
        #expect(outcome.code == Int32(code), "\(outcome.messages)")
        #expect(outcome.output.isEmpty && outcome.messages.contains(word), "\(outcome.messages)")
        #expect(!program.has("none.sqlite") && FileManager.default.fileExists(atPath: file.path))
        #expect(
            try program.call("query", "--sql", "SELECT count(*) FROM trials, notes", "--format", "csv").output == before
        )
    }

    @Test func deletionIsAskedForAndGivesTheSpaceBack() throws {
        try program.write(
            Specs.quadratic.replacingOccurrences(of: "\"quadratic\", \"seed\"", with: "\"other\", \"seed\""),
            to: "other.json")
        #expect(try program.call("run", "other.json", "--quiet").code == 0)
        func size() throws -> Int {
            try Data(contentsOf: program.folder.appendingPathComponent("journal.sqlite")).count
        }
        let before = try size()
        let refused = try program.call("delete", "quadratic")
        #expect(refused.code == 64 && refused.messages.contains("goes for good: 1 version, 21 trials, 21 of them"))
        #expect(refused.messages.contains("has taken over the results of 21 trials"))
        #expect(try size() == before)
        let deleted = try program.call("delete", "quadratic", "--yes")
        #expect(deleted.code == 0 && deleted.messages.contains("Deleted. journal.sqlite is "), "\(deleted.messages)")
        #expect(try size() < before)
        #expect(try program.call("show", "quadratic").code == 66)
        #expect(try program.call("compare", "other").code == 0)
        #expect(try program.call("run", "other.json").messages.contains("nothing left to do"))
    }

    /// `script` gives it a terminal.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "script of util-linux is missing")
    )
    func onATerminalTheNameIsTypedAgain() throws {
        let wrong = try program.shell("echo quadratics | script -qec '$JOURNAL_PROGRAM delete quadratic' /dev/null")
        #expect(wrong.code == 64 && wrong.output.contains("that is not quadratic"), "\(wrong.output)")
        #expect(try program.call("query", "--limit", "1").lines.count == 3)
        let right = try program.shell("echo 3 | script -qec '$JOURNAL_PROGRAM delete --trial 3' /dev/null")
        #expect(right.code == 0 && right.output.contains("type 3 again") && right.output.contains("Deleted."))
        #expect(try program.call("show", "3").code == 66)
    }
}
