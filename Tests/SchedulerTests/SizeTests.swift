import JournalStore
import Registry
import Testing
import TrialKinds

@testable import ExperimentSpec
@testable import Scheduler

@Suite struct SizeTests {
    let test = try! TestJournal()

    @Test func aTrialThatIsTooBigFailsWithItsSizeAndTheOthersGoOn() throws {
        let listener = Listener()
        let report = try test.run(
            """
            {"name": "big", "problem": {"kind": "quadratic", "batchSize": 16, "dimensions": 10}, "evaluation": {
                "steps": 5, "repeats": 2, "optimizers": [{"kind": "sgd", "learningRate": 0.1}],
                "problems": [{"name": "huge", "batchSize": 1000000000}, {"name": "small"}]}}
            """, observer: listener)
        #expect(report.failed == 2 && report.completed == 2)
        let failed = try test.journal.trials(of: test.experiment("big")).filter { $0.status == .failed }
        #expect(failed.allSatisfy { $0.problem == "huge" && $0.error?.contains("GB of memory") == true })
        #expect(listener.messages.contains { $0.contains("Trial 1 failed") })
    }

    @Test(arguments: [
        #"{"kind": "lasso", "batchSize": 1000000000, "dimensions": 10000, "observations": 10000}"#,
        #"{"kind": "quadratic", "batchSize": 1000000000, "dimensions": 10000}"#,
    ])
    func absurdSizesAreRefusedBeforeAnythingRuns(problem: String) throws {
        let error = try #require(throws: JournalError.self) {
            try test.run(
                """
                {"name": "absurd", "problem": {"kind": "quadratic"}, "evaluation": {
                    "steps": 5, "repeats": 2, "optimizers": [{"kind": "sgd"}], "problems": [{}, \(problem)]}}
                """)
        }
        #expect(error.kind == .badData && error.message.contains("of memory"), "\(error.message)")
        #expect(try test.journal.experiments().isEmpty)
    }

    @Test func aThousandMillionEpochsAreNotCountedThrough() throws {
        let spec = try ExperimentSpec(
            """
            {"name": "long", "problem": {"kind": "quadratic"}, "metaTraining": {
                "epochs": 1000000000, "steps": 20, "curriculum": [{"until": 10, "steps": 40}]}}
            """, file: "long.json", vocabulary: .standard)
        let trial = spec.expanded().trials[0]
        let evaluation = 20.0 * 20
        let work = TrialKinds.standard.work(of: trial, .standard)
        #expect(work.total == 20_000_000_200 + 1_000_001 * evaluation)
        // 10 epochs of two meta-steps, then one each.
        #expect(work.done(20) == 400)
        #expect(work.done(1_000_000_010) == 20_000_000_200 + 1_000_000 * evaluation)
    }

    /// Trials that take no time are claimed some at a time; nothing else about them changes.
    @Test func manyShortTrialsHaveTheResultsOfFew() throws {
        let spec = """
            {"name": "short", "problem": {"kind": "quadratic", "batchSize": 1, "dimensions": 1}, "evaluation": {
                "steps": 1, "repeats": 300, "optimizers": [{"kind": "sgd", "learningRate": 0.1}, {"kind": "adam"}]}}
            """
        try test.run(spec, workers: 1)
        let other = try TestJournal()
        let stop = StopFlag()
        let part = try other.run(spec, workers: 4, stop: stop, observer: Listener(stopping: stop, after: 100))
        #expect((1...500).contains(part.notBegun) && part.completed >= 100)
        #expect(part.completed + part.interrupted + part.notBegun == 600)
        #expect(try !other.statuses("short").contains(.running))
        #expect(try other.statuses("short").filter { $0 == .queued }.count == part.notBegun)
        #expect(try other.run(spec, workers: 4).isComplete)
        #expect(try test.digest("short") == other.digest("short"))
    }
}
