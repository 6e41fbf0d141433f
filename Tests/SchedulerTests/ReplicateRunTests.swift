import Analysis
import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import Testing
import TrialKinds

@testable import Scheduler

/// Meta-trainings of several replicates, run as the program does.
@Suite struct ReplicateRunTests {
    private let test = try! TestJournal()

    private func spec(
        _ name: String, repeats: Int, training: String = "", optimizers: String = #"{"kind": "trained"}"#
    ) -> String {
        """
        {"name": "\(name)", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 10, "unrollLength": 5,
             "repeats": \(repeats), "evaluation": {"every": 1, "epochs": 1}\(training)},
         "evaluation": {"steps": 10, "repeats": 4, "optimizers": [\(optimizers), {"kind": "adam"}]}}
        """
    }

    private func trials(_ name: String, _ kind: TrialKindName) throws -> [TrialRecord] {
        try test.journal.trials(of: test.experiment(name), kind: kind)
    }

    private func weights(_ trial: TrialRecord) throws -> [NamedTensor] {
        try #require(try test.journal.learnedOptimizer(trainedBy: trial.id)).weights
    }

    @Test func replicatesAreRecordedAndCompared() throws {
        #expect(try test.run(spec("three", repeats: 3)) == RunReport(completed: 3 + 3 * 4 + 4))
        let trainings = try trials("three", .metaTraining)
        #expect(trainings.map(\.replicate) == [1, 2, 3])
        #expect(Set(try trainings.map(weights)).count == 3)
        #expect(trainings[2].optimizerName == "trained/3")
        let evaluations = try trials("three", .evaluation)
        #expect(evaluations.map(\.replicate) == [1, 2, 3].flatMap { [$0, $0, $0, $0] } + [nil, nil, nil, nil])
        let rows = try test.journal.sql(
            "SELECT optimizer, replicate FROM trialSummary WHERE kind = 'evaluation' GROUP BY 1, 2 ORDER BY 1, 2"
        )
        #expect(rows.rows.map { "\($0[1])" } == ["null", "int(1)", "int(2)", "int(3)"])

        let comparison = try Comparison("three", in: test.journal, kinds: TrialKinds.standard.summaries)
        let trained = try #require(comparison.problems[0].optimizers.first { $0.name == "trained" })
        #expect(trained.replicates.map(\.replicate.seed) == [3_900_000, 3_900_001, 3_900_002])
        #expect(trained.isLearned && trained.trials == 12)
        let byReplicate = (1...3).map { number in
            evaluations.filter { $0.replicate == number }.compactMap(\.results?.finalLoss).reduce(0, +) / 4
        }
        #expect(trained.replicates.map(\.mean) == byReplicate)
        #expect(comparison.problems[0].pair("trained", "adam")?.test == .twoWay)
    }

    /// One is what it was, and the first of several has its bits.
    @Test func theFirstOfSeveralIsTheOnlyOne() throws {
        try test.run(spec("one", repeats: 1))
        let listener = Listener()
        #expect(try test.run(spec("more", repeats: 2), observer: listener).completedBefore == 1 + 4 + 4)
        #expect(listener.messages.contains { $0.hasPrefix("9 of 14 trials taken over from one@") })
        #expect(try weights(trials("one", .metaTraining)[0]) == weights(trials("more", .metaTraining)[0]))
        #expect(try trials("one", .metaTraining).map(\.replicate) == [nil])
        // A third leaves the first two as they are.
        #expect(try test.run(spec("more", repeats: 3)).completed == 1 + 4)
    }

    @Test func anInterruptedRunGoesOnToTheSameBits() throws {
        let parts = try TestJournal()
        let text = spec("three", repeats: 3)
        try test.run(text)
        let stop = StopFlag()
        #expect(
            try parts.run(text, workers: 1, stop: stop, observer: Listener(stopping: stop, after: 55)).wasStopped)
        #expect(try parts.statuses("three").contains { $0 != .completed })
        try parts.run(text, workers: 3)
        #expect(try test.digest("three") == parts.digest("three"))
    }

    @Test func eachReplicateIsTunedByItself() throws {
        let text = """
            {"name": "tuned", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3}, "precision": "double",
             "metaTraining": {
                 "optimizer": {"kind": "mlhf", "units": [2, 2], "preconditioner": "none"}, "epochs": 1, "steps": 4,
                 "rollback": 2, "repeats": 2, "evaluation": {"every": 1, "epochs": 1}},
             "evaluation": {"steps": 4, "repeats": 2, "tuning": {"repeats": 2}, "optimizers": [
                 {"kind": "trained", "learningRate": {"tune": [1, 0.01]}}]}}
            """
        try test.run(text)
        func choices(_ name: String) throws -> [TuningChoice] {
            try test.journal.tuningChoices(of: test.experiment(name)).enumerated().sorted {
                ($0.element.replicate ?? 0, $0.offset) < ($1.element.replicate ?? 0, $1.offset)
            }.map(\.element)
        }
        let tried = try choices("tuned")
        // Each replicate's list has its own choice, and grows for itself where that lies at the edge.
        for replicate in [1, 2] {
            let own = tried.filter { $0.replicate == replicate }
            #expect(own.count > 2 && own.count(where: \.chosen) == 1)
        }
        #expect(Set(tried.map(\.replicate)) == [1, 2])
        let comparison = try Comparison("tuned", in: test.journal, kinds: TrialKinds.standard.summaries)
        let trained = comparison.problems[0].optimizers[0]
        #expect(trained.tuning == nil)
        #expect(trained.tunings.map(\.name) == ["trained/1", "trained/2"])
        #expect(trained.replicates.map(\.replicate.seed) == [1_900_000, 1_900_001])
        // Taken over with what was chosen.
        try test.run(text.replacing("\"tuned\"", with: "\"again\""))
        #expect(try choices("again") == tried)
    }

    @Test func aStoredReplicateIsNamedByItsNumber() throws {
        try test.run(spec("three", repeats: 3))
        let trainings = try trials("three", .metaTraining)
        let losses = try trainings.map {
            try #require(try test.journal.learnedOptimizer(trainedBy: $0.id)?.evaluationLoss)
        }
        let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
        let listener = Listener()
        try test.run(
            spec(
                "user", repeats: 1,
                optimizers: #"{"kind": "stored", "name": "three"}, {"kind": "stored", "name": "three/3"}"#),
            observer: listener)
        let reference = try "three@\(test.journal.experiment(named: "three").hash)"
        let evaluations = try trials("user", .evaluation)
        func recorded(_ optimizer: String) -> Set<String?> {
            Set(
                evaluations.filter { $0.optimizer == optimizer }.map {
                    JSONValue(parsing: $0.optimizerSettings)?["experiment"]?.string
                })
        }
        #expect(recorded("three") == ["\(reference)/\(best + 1)"])
        #expect(recorded("three/3") == ["\(reference)/3"])
        let told = listener.messages.filter { $0.hasPrefix("three has 3 replicates; three@") }
        #expect(told.count == 1)
        #expect(told.first?.contains("/\(best + 1) is taken") == true)
        #expect(
            try OptimizerExport(named: "three/2", in: test.journal, registry: .standard).file.tensors
                == weights(trainings[1]))
        // What was begun with one goes on with it, and says nothing again.
        let again = Listener()
        try test.run(
            spec(
                "user", repeats: 1,
                optimizers: #"{"kind": "stored", "name": "three"}, {"kind": "stored", "name": "three/3"}"#),
            observer: again)
        #expect(!again.messages.contains { $0.contains("replicates") })
    }

    @Test func aReplicateThatIsNotThereIsRefused() throws {
        try test.run(spec("three", repeats: 3))
        let error = #expect(throws: JournalError.self) {
            try OptimizerExport(named: "three/4", in: test.journal, registry: .standard)
        }
        #expect(error?.message.contains("has no replicate 4; it has learned 3, up to three@") == true)
        try test.run(spec("one", repeats: 1))
        #expect(
            try OptimizerExport(named: "one/1", in: test.journal, registry: .standard).reference
                == OptimizerExport(named: "one", in: test.journal, registry: .standard).reference)
        #expect(throws: JournalError.self) {
            try OptimizerExport(named: "one/2", in: test.journal, registry: .standard)
        }
    }

    @Test func mergingKeepsThem() throws {
        let other = try TestJournal()
        try other.run(spec("three", repeats: 3))
        let digest = try other.digest("three")
        try other.journal.close()
        _ = try test.journal.merge([other.folder.appendingPathComponent("journal.sqlite").path])
        #expect(try test.digest("three") == digest)
        #expect(try trials("three", .metaTraining).map(\.replicate) == [1, 2, 3])
    }

    @Test func theFinalLossAloneIsLearnedFrom() throws {
        let final = #", "lossWeights": "final""#
        #expect(try test.run(spec("final", repeats: 1, training: final)).completed == 9)
        let curve = try test.journal.points(trial: trials("final", .metaTraining)[0].id, metric: .metaLoss)
        #expect(curve.values.enumerated().allSatisfy { ($0 % 2 == 0) == ($1 == 0) })
    }
}
