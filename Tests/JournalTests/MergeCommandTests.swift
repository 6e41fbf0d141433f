import Foundation
import Testing

/// `journal merge` and the copies that it puts together again, as a person calls them.
@Suite struct MergeCommandTests {
    let program = try! Program()

    /// What of a journal's trials must be the same, whatever their numbers.
    private func results(_ journal: String) throws -> String {
        try program.call(
            "query", "--journal", journal, "--format", "csv", "--sql",
            """
            SELECT identity, status, steps, finalLoss, metric, firstStep, pointValues, w.name, hex(bytes)
            FROM trials LEFT JOIN curves ON curves.trial = trials.id AND metric NOT LIKE '%Seconds'
            LEFT JOIN learnedOptimizers AS l ON l.trial = trials.id
            LEFT JOIN learnedOptimizerWeights AS w ON w.learnedOptimizer = l.id
            ORDER BY identity, metric, firstStep, w.name
            """
        ).output
    }

    @Test func aSelectionMergedIntoAnEmptyJournalIsTheSame() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.write(
            Specs.quadratic.replacingOccurrences(of: #""quadratic", "seed""#, with: #""other", "seed""#),
            to: "other.json")
        try program.call("run", "quadratic.json", "other.json", "--quiet")
        let export = try program.call("export", "--sqlite", "quadratic", "--to", "part.sqlite")
        #expect(export.code == 0)
        #expect(export.messages == "Wrote 1 experiment with 21 trials to part.sqlite.\n")
        #expect(try program.call("export", "sqlite", "--to", "all.sqlite").code == 0)
        #expect(try results("all.sqlite") == results("journal.sqlite"))

        let merge = try program.call("merge", "part.sqlite", "--journal", "new.sqlite")
        #expect(merge.code == 0)
        #expect(merge.output.isEmpty)
        #expect(merge.messages == "Merged into new.sqlite: 1 experiment, 21 trials and 1 tuning.\n")
        #expect(try results("new.sqlite") == results("part.sqlite"))
        let again = try program.call("merge", "part.sqlite", "--journal", "new.sqlite")
        #expect(again.code == 0)
        #expect(again.messages == "Nothing to do: new.sqlite has all of it.\n")
        // The other experiment comes from the whole copy; a folder stands for the journals in it.
        #expect(try program.shell("mkdir shards && mv all.sqlite part.sqlite shards").code == 0)
        let rest = try program.call("merge", "shards", "--journal", "new.sqlite")
        #expect(rest.messages == "Merged into new.sqlite: 1 experiment, 21 trials and 1 tuning.\n")
        #expect(try results("new.sqlite") == results("journal.sqlite"))
        // What was merged is done.
        let run = try program.call("run", "quadratic.json", "--journal", "new.sqlite")
        #expect(run.messages.contains("nothing left to do"))
    }

    @Test func aConflictIsListedAndResolvedOnlyWhenAsked() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
        try program.call("export", "sqlite", "--to", "other.sqlite")
        let change = """
            python3 - <<'CHANGE' || sqlite3 other.sqlite "UPDATE results SET value = 9 WHERE trial = 3 AND name = 'finalLoss'"
            import sqlite3
            journal = sqlite3.connect("other.sqlite")
            journal.execute("UPDATE results SET value = 9 WHERE trial = 3 AND name = 'finalLoss'")
            journal.commit()
            CHANGE
            """
        #expect(try program.shell(change).code == 0)
        let before = try results("journal.sqlite")
        let conflict = try program.call("merge", "other.sqlite")
        #expect(conflict.code == 65)
        #expect(conflict.messages.contains("of other.sqlite:\n  finalLoss is "), "\(conflict.messages)")
        #expect(conflict.messages.contains(" here, 9.0 there"))
        #expect(conflict.messages.contains("--prefer theirs"))
        #expect(try results("journal.sqlite") == before)
        #expect(try program.call("merge", "other.sqlite", "--prefer", "ours").code == 0)
        #expect(try results("journal.sqlite") == before)
        #expect(try program.call("merge", "other.sqlite", "--prefer", "theirs").code == 0)
        #expect(try results("journal.sqlite") == results("other.sqlite"))
        #expect(try program.call("merge", "other.sqlite").code == 0)
    }

    @Test func aKilledMergeLeavesASoundJournalAndGoesOn() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
        // Shards of one experiment each, many enough that a merge takes its time.
        let shards = """
            mkdir shards && python3 - <<'NAMES'
            import shutil, sqlite3
            for n in range(120):
                shutil.copy("journal.sqlite", f"shards/{n}.sqlite")
                shard = sqlite3.connect(f"shards/{n}.sqlite")
                shard.execute("UPDATE experiments SET name = ?", (f"q{n}",))
                shard.commit()
            NAMES
            """
        guard try program.shell("command -v python3").code == 0 else { return }
        #expect(try program.shell(shards).code == 0)
        // What is in the log beside the tables themselves was committed.
        let log = program.folder.appendingPathComponent("all.sqlite-wal").path
        func logged() -> Int { (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0 }
        func killedMerge() throws -> Int32 {
            #expect(try program.shell("rm -f all.sqlite*").code == 0)
            let call = try program.start(["merge", "shards", "--journal", "all.sqlite"])
            for _ in 0..<30_000 where logged() < 500_000 && call.process.isRunning { usleep(1_000) }
            kill(call.process.processIdentifier, SIGKILL)
            return try call.outcome().code
        }
        // Where the machine is busy, a merge may be over before this looks again.
        var code: Int32 = 0
        for _ in 0..<20 where code != -SIGKILL { code = try killedMerge() }
        #expect(code == -SIGKILL)
        let partial = try program.call(
            "query", "--journal", "all.sqlite", "--format", "csv", "--sql",
            "SELECT count(*) FROM trials")
        #expect(partial.code == 0)
        let check = try program.call(
            "query", "--journal", "all.sqlite", "--format", "csv", "--sql", "SELECT * FROM pragma_integrity_check")
        #expect(check.lines.last == "ok")
        let merge = try program.call("merge", "shards", "--journal", "all.sqlite")
        #expect(merge.code == 0, "\(merge.messages)")
        let counts = try program.call(
            "query", "--journal", "all.sqlite", "--format", "csv", "--sql",
            "SELECT count(DISTINCT experiment), count(*), sum(status = 'completed') FROM trials")
        #expect(counts.lines.last == "120,2520,2520")
        #expect(try program.call("merge", "shards", "--journal", "all.sqlite").messages.contains("Nothing to do"))
    }

    @Test func aCopyOfALiveJournalHasWhatIsCommitted() throws {
        try program.write(Specs.long, to: "long.json")
        let call = try program.start(["run", "long.json", "--workers", "2"])
        var copied = 0
        for number in 0..<200 where copied == 0 {
            usleep(50_000)
            guard program.has("journal.sqlite") else { continue }
            let export = try program.call("export", "sqlite", "--to", "copy-\(number).sqlite")
            guard export.code == 0 else { continue }
            let rows = try program.call(
                "query", "trials", "--where", "status = 'completed'", "--format", "csv", "--journal",
                "copy-\(number).sqlite")
            #expect(rows.code == 0)
            copied = rows.lines.count - 1
            // One file, and nothing that a process is at work on.
            #expect(!program.has("copy-\(number).sqlite-wal"))
            let running = try program.call(
                "query", "trials", "--where", "status = 'running'", "--format", "csv", "--journal",
                "copy-\(number).sqlite")
            #expect(running.lines.count == 1)
        }
        #expect(copied > 0)
        #expect(try call.outcome().code == 0)
    }

    @Test func faultsHaveTheirExitCodes() throws {
        func expectRefusal(_ arguments: String..., code: Int32, saying words: String) throws {
            let outcome = try program.start(arguments, environment: [:]).outcome()
            #expect(outcome.code == code, "\(outcome.messages)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.messages.contains(words), "\(outcome.messages)")
        }
        try expectRefusal("merge", code: 64, saying: "other")
        try expectRefusal("merge", "none.sqlite", code: 66, saying: "there is no journal at none.sqlite")
        try program.write("not one", to: "foreign.sqlite")
        try expectRefusal("merge", "foreign.sqlite", code: 65, saying: "foreign.sqlite is not a journal")
        #expect(try program.shell("mkdir empty").code == 0)
        try expectRefusal("merge", "empty", code: 66, saying: "no file whose name ends in .sqlite")
        #expect(!program.has("journal.sqlite"))
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.call("run", "quadratic.json", "--quiet")
        try expectRefusal("merge", "journal.sqlite", code: 64, saying: "the journal itself")
        try expectRefusal("merge", "foreign.sqlite", "none.sqlite", code: 66, saying: "none.sqlite")
        try expectRefusal("export", "sqlite", "--to", "journal.sqlite", code: 64, saying: "the journal itself")
        try expectRefusal("export", "sqlite", "quadratics", "--to", "a", code: 66, saying: "did you mean quadratic?")
        try expectRefusal("export", "sqlite", "--to", "foreign.sqlite", code: 73, saying: "--force")
        try expectRefusal("export", "sqlite", "--to", "no/a.sqlite", code: 66, saying: "there is no folder")
        #expect(try program.call("export", "sqlite", "--to", "foreign.sqlite", "--force").code == 0)
        #expect(try program.shell("ls -A | grep '^[.]'").output.isEmpty)
    }
}
