import ExperimentSpec
import Foundation
import JournalStore
import Testing

@testable import Scheduler

@Suite struct ExperimentRunTests {
    @Test(arguments: ["single", "double"])
    func anyNumberOfWorkersGivesTheSameBits(precision: String) throws {
        let (one, eight) = (try TestJournal(), try TestJournal())
        let report = try one.run(Specs.quadratic(precision: precision), workers: 1)
        #expect(report == RunReport(completed: 1 + 10 + 6))
        try eight.run(Specs.quadratic(precision: precision), workers: 8)
        #expect(try one.digest("quadratic") == eight.digest("quadratic"))
    }

    @Test func studentsOnDigitsAreTheSameForAnyNumberOfWorkers() throws {
        let (one, eight) = (try TestJournal(), try TestJournal())
        try one.run(Specs.digits, workers: 1)
        try eight.run(Specs.digits, workers: 8)
        #expect(try one.digest("digits") == eight.digest("digits"))
        let trials = try one.journal.trials(of: one.experiment("digits"))
        let evaluation = try #require(trials.last)
        #expect(evaluation.dataset?.name == "synthetic-digits")
        #expect(evaluation.architecture?.contains(#""layers":"784-"#) == true)
        #expect(evaluation.results?.accuracy != nil)
        #expect(try one.journal.snapshotSteps(of: evaluation.id) == [0, 5])
        #expect(trials[0].architecture == nil)
    }

    @Test(arguments: [0.0, 30, 75, 130, 300])
    func anInterruptedRunGoesOnToTheSameBits(work: Double) throws {
        let (whole, parts) = (try TestJournal(), try TestJournal())
        try whole.run(Specs.quadratic())
        let stop = StopFlag()
        let first = try parts.run(Specs.quadratic(), stop: stop, observer: Listener(stopping: stop, after: work))
        #expect(first.wasStopped)
        #expect(try Set(parts.statuses("quadratic")).isSubset(of: [.completed, .interrupted, .queued]))
        let second = try parts.run(Specs.quadratic())
        #expect(second.completedBefore == first.completed)
        #expect(second.isComplete)
        #expect(try whole.digest("quadratic") == parts.digest("quadratic"))
    }

    @Test func aMetaTrainingGoesOnFromItsCheckpoint() throws {
        let test = try TestJournal()
        let stop = StopFlag()
        try test.run(Specs.quadratic(), workers: 1, stop: stop, observer: Listener(stopping: stop, after: 110))
        let experiment = try test.experiment("quadratic")
        let training = try #require(try test.journal.trials(of: experiment, kind: .metaTraining).first)
        #expect(training.status == .interrupted)
        // Three epochs of two meta-steps, and their evaluation, are 100 steps; the sixth epoch's end is no checkpoint.
        let checkpoints = try test.journal.checkpointSteps(of: experiment)
        #expect(checkpoints.count == 1)
        #expect((6..<12).contains(try #require(checkpoints[training.id])))
    }

    @Test func aFinishedRunHasNothingLeft() throws {
        let test = try TestJournal()
        try test.run(Specs.quadratic())
        #expect(try test.run(Specs.quadratic()) == RunReport(completedBefore: 17))
        #expect(try test.run(Specs.quadratic(), startsOver: true) == RunReport(completed: 17))
    }

    @Test func whatNeedsAFailedTrialIsNotRun() throws {
        let test = try TestJournal()
        let listener = Listener()
        let report = try test.run(Specs.quadratic(outputScale: 1e30), observer: listener)
        #expect(report == RunReport(completed: 13, failed: 1, blocked: 3))
        let trials = try test.journal.trials(of: test.experiment("quadratic"))
        #expect(trials[0].status == .failed)
        #expect(trials[0].error?.contains("meta-loss") == true)
        #expect(listener.messages.contains { $0.contains("failed") && $0.contains("meta-loss") })
    }

    @Test func tuningIsRecorded() throws {
        let test = try TestJournal()
        try test.run(Specs.quadratic())
        let choices = try test.journal.tuningChoices(of: test.experiment("quadratic"))
        #expect(choices.count == 2)
        let chosen = try #require(choices.first { $0.chosen })
        #expect(choices.allSatisfy { chosen.meanFinalLoss <= $0.meanFinalLoss })
        #expect(chosen.trials == 5)
        let evaluation = try test.journal.trials(of: test.experiment("quadratic"), kind: .evaluation)
            .first { $0.optimizer == "sgd" }
        #expect(evaluation?.optimizerSettings == chosen.candidate)
    }

    @Test func aStoredOptimizerIsTheOneThatWasTrained() throws {
        let test = try TestJournal()
        try test.run(Specs.quadratic())
        try test.run(
            """
            {"name": "again", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
             "evaluation": {"steps": 20, "repeats": 3, "optimizers": [{"kind": "stored", "name": "quadratic"}]}}
            """)
        let trained = try test.journal.trials(of: test.experiment("quadratic"), kind: .evaluation)
            .filter { $0.optimizer == "trained" }
        let stored = try test.journal.trials(of: test.experiment("again"))
        #expect(stored.map(\.results?.finalLoss) == trained.map(\.results?.finalLoss))
        #expect(
            try stored[0].optimizerSettings.contains("quadratic@\(test.journal.experiment(named: "quadratic").hash)"))
    }

    @Test func aStoredOptimizerThatIsNotThereIsToldBeforeAnythingRuns() throws {
        let test = try TestJournal()
        let error = #expect(throws: JournalError.self) {
            try test.run(Specs.quadratic(optimizers: #", {"kind": "stored", "name": "quadratics"}"#))
        }
        #expect(error?.kind == .missing)
        #expect(try test.journal.experiments().isEmpty)
    }

    @Test func theBestLearnedOptimizerIsKept() throws {
        let test = try TestJournal()
        try test.run(Specs.quadratic())
        let training = try test.journal.trials(of: test.experiment("quadratic"))[0]
        let learned = try #require(try test.journal.learnedOptimizer(trainedBy: training.id))
        let losses = try test.journal.points(trial: training.id, metric: "evaluationLoss")
        #expect(losses.steps == [2, 4, 6])
        #expect(learned.evaluationLoss == losses.values.min())
        #expect(training.results?.bestLoss == learned.evaluationLoss)
        #expect(try test.journal.points(trial: training.id, metric: "metaLoss").steps == Array(0..<12))
    }
}
