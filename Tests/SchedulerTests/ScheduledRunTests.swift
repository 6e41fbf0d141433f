import Foundation
import JournalStore
import Testing

@testable import Scheduler

/// Learned optimizers whose steps follow a schedule that they were not learned with.
@Suite struct ScheduledRunTests {
    private let test = try! TestJournal()

    private func spec(_ optimizers: String) -> String {
        """
        {"name": "scheduled", "problem": {"kind": "quadratic", "dimensions": 3, "batchSize": 2},
         "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 4, "unrollLength": 2,
             "evaluation": {"every": 1, "epochs": 1}},
         "evaluation": {"steps": 5, "repeats": 2, "tuning": {"repeats": 1}, "optimizers": [\(optimizers)]}}
        """
    }

    @Test func itChangesTheStepsAndMayBeTuned() throws {
        let text = spec(
            #"""
            {"kind": "trained"}, {"kind": "trained", "name": "constant", "schedule": "constant"},
            {"kind": "trained", "name": "linear", "schedule": "linear"},
            {"kind": "trained", "name": "tuned", "schedule": {"tune": ["linear", {"kind": "step", "at": [2]}]}}
            """#)
        #expect(try test.run(text).isComplete)
        let trials = try test.journal.trials(of: test.experiment("scheduled")).filter { $0.kind == "evaluation" }
        let losses = Dictionary(grouping: trials, by: \.optimizer).mapValues { $0.compactMap(\.results?.finalLoss) }
        #expect(Set(losses.keys) == ["trained", "constant", "linear", "tuned"])
        #expect(losses["constant"] == losses["trained"])
        #expect(losses["linear"] != losses["trained"])
        #expect(losses.values.allSatisfy { $0.count == 2 && $0.allSatisfy(\.isFinite) })
        let again = try test.run(text)
        #expect(again.completed == 0 && again.isComplete)
    }

    @Test func aWarmupEndsBeforeTheSteps() {
        let long = spec(#"{"kind": "trained", "schedule": {"kind": "linear", "warmup": 5}}"#)
        let error = #expect(throws: (any Error).self) { try test.run(long) }
        #expect("\(error!)".contains("evaluation.optimizers[0].schedule.warmup"))
    }
}
