import Foundation
import Testing

@Suite struct InterruptionTests {
    let program = try! Program()
    private let results = [
        "query", "--format", "csv", "--sql", "SELECT identity, status, steps, finalLoss FROM trials ORDER BY identity",
    ]

    init() throws {
        try program.write(Specs.long, to: "long.json")
    }

    private func query(_ journal: String) throws -> String {
        try program.start(results + ["--journal", journal]).outcome().output
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aRunThatIsStoppedGoesOnToTheSameResults(signal: Int32) throws {
        let call = try program.start(["run", "long.json", "--workers", "2"])
        try waitUntilATrialRuns()
        kill(call.process.processIdentifier, signal)
        let stopped = try call.outcome()
        #expect(stopped.code == 130)
        #expect(stopped.messages.contains("the same command goes on from here"))
        let statuses = try program.call(
            "query", "--format", "csv", "--sql", "SELECT status, count(*) FROM trials GROUP BY status ORDER BY status")
        // Those that were never begun are not interrupted.
        let names = statuses.lines.dropFirst().map { String($0.prefix { $0 != "," }) }
        #expect(Set(names).isSubset(of: ["completed", "interrupted", "queued"]) && names.contains("interrupted"))
        #expect(names.contains("queued"), "\(names)")

        let resumed = try program.call("run", "long.json", "--workers", "2")
        #expect(resumed.code == 0)
        #expect(resumed.messages.contains("16 of 16 trials completed"))
        try program.call("run", "long.json", "--quiet", "--journal", "whole.sqlite")
        #expect(try query("journal.sqlite") == query("whole.sqlite"))
    }

    @Test func aKilledRunIsShownAsInterruptedAndGoesOn() throws {
        let call = try program.start(["run", "long.json", "--workers", "2"])
        try waitUntilATrialRuns()
        kill(call.process.processIdentifier, SIGKILL)
        #expect(try call.outcome().code == -SIGKILL)
        let rows = try program.call("query", "trials", "--where", "status = 'running'", "--format", "csv").lines
        #expect(rows.count == 1)
        #expect(try program.call("run", "long.json", "--quiet").code == 0)
    }

    @Test func twoRunsAtOnceShareTheTrials() throws {
        let calls = try (0..<2).map { _ in try program.start(["run", "long.json", "--workers", "1"]) }
        for call in calls {
            let outcome = try call.outcome()
            #expect(outcome.code == 0, "\(outcome.messages)")
        }
        let done = try program.call(
            "query", "--format", "csv", "--sql", "SELECT count(*) AS n FROM trials WHERE status = 'completed'")
        #expect(done.lines == ["n", "16"])
    }

    private func waitUntilATrialRuns() throws {
        for _ in 0..<600 {
            let rows = try program.call(
                "query", "--format", "csv", "--sql", "SELECT 1 AS one FROM trials WHERE status = 'running' LIMIT 1")
            if rows.lines.count == 2 { return }
            usleep(20_000)
        }
        Issue.record("no trial began")
    }
}
