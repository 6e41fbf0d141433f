import Foundation
import TensorKernels
import Testing

/// What happens to a run's journal, its clock and its neighbours while it runs.
@Suite struct LiveRunTests {
    let program = try! Program()

    init() throws {
        try program.write(Specs.long, to: "long.json")
    }

    private func rows(_ sql: String) throws -> [Substring] {
        Array(try program.call("query", "--format", "csv", "--sql", sql).lines.dropFirst())
    }

    private func start(_ arguments: [String] = []) throws -> Call {
        let call = try program.start(["run", "long.json", "--workers", "1"] + arguments)
        try waitUntil("SELECT 1 FROM trials WHERE status = 'running'")
        return call
    }

    /// Waits until a statement gives rows.
    private func waitUntil(_ sql: String) throws {
        for _ in 0..<1500 {
            if try !rows(sql).isEmpty { return }
            usleep(20_000)
        }
        Issue.record("in vain: \(sql)")
    }

    @Test(arguments: ["rm journal.sqlite*", "mv journal.sqlite other.sqlite"])
    func aJournalThatIsGoneEndsTheRunWithAMessage(command: String) throws {
        let call = try start()
        _ = try program.shell(command)
        let outcome = try call.outcome()
        #expect(outcome.code == 74)
        #expect(outcome.messages.contains("was removed, moved or replaced while it was written to"))
        #expect(!outcome.messages.contains("Recorded in"))
    }

    /// After a suspend or a change of the clock, heartbeats are old.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")))
    func aRunWithAnOldHeartbeatIsNotBuried() throws {
        let call = try start()
        _ = try program.shell(
            "sqlite3 journal.sqlite \"PRAGMA busy_timeout = 5000; UPDATE runs SET heartbeatAt = '2020-01-01T00:00:00.000Z'\""
        )
        let other = try program.start(["run", "long.json", "--workers", "1"]).outcome()
        let outcome = try call.outcome()
        #expect(outcome.code == 0 && other.code == 0, "\(outcome.messages) \(other.messages)")
        #expect(try rows("SELECT count(*) FROM trials WHERE status = 'completed'") == ["16"])
    }

    /// Two containers with one volume: each has its own processes, and perhaps the same pids.
    @Test(.enabled(if: LiveRunTests.hasNamespaces)) func runsInTwoContainersShareTheTrials() throws {
        let line = "unshare -fp --mount-proc \"$JOURNAL_PROGRAM\" run long.json --workers 1 --quiet"
        let running = "\"$JOURNAL_PROGRAM\" query --format csv --sql \"SELECT 1 FROM trials WHERE status = 'running'\""
        let wait = "for try in $(seq 600); do \(running) 2>&1 | grep -qx 1 && break; sleep 0.05; done"
        let outcome = try program.shell("\(line) & first=$!; \(wait); \(line) || exit 1; wait $first")
        #expect(outcome.code == 0, "\(outcome.messages)")
        #expect(try rows("SELECT count(*), count(DISTINCT run), sum(status = 'completed') FROM trials") == ["16,2,16"])
    }

    private static let hasNamespaces: Bool = {
        let outcome = try? Program().shell("unshare -fp --mount-proc true")
        return outcome?.code == 0
    }()

    @Test func startingOverKeepsTheOldResultsUntilTheNewOnesAreThere() throws {
        let results = "SELECT identity, finalLoss, startedAt FROM trialSummary ORDER BY identity"
        #expect(try program.call("run", "long.json", "--quiet").code == 0)
        let before = try rows(results)
        let call = try start(["--fresh"])
        try waitUntil(
            """
            SELECT 1 FROM trials JOIN experiments ON experiments.id = experiment
            WHERE replaces IS NOT NULL AND status = 'completed'
            """)
        kill(call.process.processIdentifier, SIGINT)
        let stopped = try call.outcome()
        #expect(stopped.code == 130)
        #expect(stopped.messages.contains("Until it is complete, the old results stand."))
        #expect(try rows(results) == before)
        let fresh = try program.call("run", "long.json", "--fresh")
        #expect(fresh.code == 0 && fresh.messages.contains("of them before"))
        let after = try rows(results)
        #expect(after != before && after.count == before.count)
        func losses(_ rows: [Substring]) -> [Substring] { rows.map { $0.split(separator: ",")[1] } }
        #expect(losses(after) == losses(before))
        #expect(try program.call("run", "long.json").messages.contains("nothing left to do"))
    }

    @Test(.enabled(if: InstructionSet.runnable.contains(.avx2))) func aCheckpointOfAnotherKernelTableIsNotGoneOnWith()
        throws
    {
        try program.write(
            """
            {"name": "k", "problem": {"kind": "quadratic", "batchSize": 16, "dimensions": 10},
             "metaTraining": {"optimizer": {"kind": "lstm", "layers": [10, 10]}, "epochs": 2000, "steps": 100,
                 "unrollLength": 20, "evaluation": {"every": 2000, "epochs": 1}}}
            """, to: "killed.json")
        let call = try program.start(["run", "killed.json"], environment: ["JOURNAL_KERNELS": "baseline"])
        try waitUntil("SELECT 1 FROM checkpoints")
        kill(call.process.processIdentifier, SIGINT)
        #expect(try call.outcome().code == 130)
        let again = try program.start(["run", "killed.json"], environment: ["JOURNAL_KERNELS": "avx2"])
        try waitUntil("SELECT 1 FROM trials WHERE kernelTable = 'avx2'")
        kill(again.process.processIdentifier, SIGINT)
        let outcome = try again.outcome()
        #expect(outcome.messages.contains("starts over: its checkpoint was computed by kernel table baseline"))
        #expect(try rows("SELECT kernelTable FROM trials") == ["avx2"])
    }

    @Test(.enabled(if: InstructionSet.runnable.contains(.avx2))) func trialsOfTwoKernelTablesAreTold() throws {
        let first = try program.start(
            ["run", "long.json", "--workers", "1"], environment: ["JOURNAL_KERNELS": "baseline"])
        try waitUntil("SELECT 1 FROM trials WHERE status = 'completed'")
        kill(first.process.processIdentifier, SIGINT)
        #expect(try first.outcome().code == 130)
        let second = try program.start(["run", "long.json"], environment: ["JOURNAL_KERNELS": "avx2"]).outcome()
        #expect(second.code == 0 && second.output.contains("computed by different kernel tables: baseline"))
        let query = try program.call("query", "trials", "--limit", "16")
        #expect(query.messages.contains("come from different kernel tables: avx2, baseline."))
        #expect(try program.call("query", "trials", "--where", "kernelTable = 'avx2'").messages.isEmpty)
    }

    /// Notes and tags are written by other processes meanwhile, and deletion waits.
    @Test func aNoteIsAddedWhileTheExperimentRuns() throws {
        let call = try start()
        for number in 1...5 {
            let note = try program.call("note", number == 3 ? "1" : "long", "note \(number)")
            #expect(note.code == 0, "\(note.messages)")
        }
        #expect(try program.call("tag", "long", "+live").code == 0)
        let deletion = try program.call("delete", "long", "--yes")
        #expect(deletion.code == 74 && deletion.messages.contains("is being run by process"), "\(deletion.messages)")
        #expect(try program.call("show", "long").output.contains("note 5"))
        #expect(try rows("SELECT 1 FROM trials WHERE status = 'running'") == ["1"])
        let outcome = try call.outcome()
        #expect(outcome.code == 0, "\(outcome.messages)")
        #expect(try rows("SELECT text FROM notes ORDER BY id") == (1...5).map { "note \($0)" })
        #expect(try rows("SELECT count(*) FROM trials WHERE status = 'completed'") == ["16"])
        let points = "SELECT count(*), sum(pointCount) FROM curves WHERE metric = 'loss'"
        let all = try rows(points)
        #expect(try program.call("run", "long.json", "--fresh", "--quiet").code == 0)
        #expect(try rows(points) == all)
    }

    @Test func whatSetChangedIsInTheSpec() throws {
        #expect(try program.call("run", "long.json", "--quiet", "--set", "evaluation.steps=7").code == 0)
        let spec = try program.call("query", "--spec", "long")
        #expect(spec.code == 0)
        try program.write(spec.output, to: "again.json")
        #expect(try program.call("run", "again.json").messages.contains("nothing left to do"))
        #expect(try program.call("query", "--spec", "long", "--sql", "SELECT 1").code == 64)
    }
}
