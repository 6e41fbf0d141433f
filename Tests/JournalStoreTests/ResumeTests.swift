import Foundation
import Nouns
import Testing

@testable import JournalStore

@Suite struct ResumeTests {
    let folder = try! TemporaryFolder()

    @Test func aKilledProcessLosesAtMostTheLastSecond() async throws {
        let path = folder.file()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let journal = try Journal(writing: path)
            let trials = try journal.register(.sample(trials: 2)).trials
            let writer = try JournalWriter(journal)
            _ = try writer.begin(trials[0], .sample)
            _ = try writer.begin(trials[1], .sample)
            writer.complete(trials[0], .sample)
            writer.points(trials[1], Metric.loss, firstStep: 0, (0..<1500).map(Float.init))
            try await Task.sleep(for: .seconds(1))
            writer.points(trials[1], Metric.loss, firstStep: 1500, (1500..<2500).map(Float.init))
            kill(getpid(), SIGKILL)
        }
        let reader = try Journal(reading: path)
        let experiment = try reader.experiment(named: "l2l-mnist").id
        #expect(try reader.trials(of: experiment).map(\.status) == [.completed, .interrupted])
        let statuses = try reader.query(JournalQuery(.trials, condition: "status = 'interrupted'"))
        #expect(statuses.rows.count == 1)
        #expect(try reader.points(trial: 2, metric: Metric.loss).steps.count >= 1500)
        try reader.close()

        let journal = try Journal(writing: path)
        let trials = try journal.register(.sample(trials: 2)).trials
        let writer = try JournalWriter(journal)
        #expect(try journal.sql("SELECT status FROM trials").rows == [[.text("completed")], [.text("interrupted")]])
        #expect(try writer.begin(trials[0], .sample) == .completed)
        #expect(try writer.begin(trials[1], .sample) == .started)
        #expect(try journal.points(trial: trials[1], metric: Metric.loss).steps.isEmpty)
        try writer.finish()
    }

    @Test func finishingLeavesTheRestInterrupted() throws {
        let journal = try Journal(writing: folder.file())
        let trials = try journal.register(.sample(trials: 4)).trials
        let writer = try JournalWriter(journal)
        for trial in trials.prefix(3) { _ = try writer.begin(trial, .sample) }
        writer.fail(trials[0], "the loss is not a number")
        writer.interrupt(trials[1])
        try writer.finish()
        let records = try journal.trials(of: 1)
        #expect(records.map(\.status) == [.failed, .interrupted, .interrupted, .queued])
        #expect(records[0].error == "the loss is not a number")
        let again = try JournalWriter(journal)
        #expect(try again.begin(trials[0], .sample) == .started)
        #expect(try journal.trials(of: 1)[0].error == nil)
    }

    /// Tells a trial's whole story, from a step on; leaves a checkpoint behind every 700 steps.
    func tell(_ writer: JournalWriter, _ trial: Int64, from start: Int = 0, to end: Int) throws {
        for step in start..<end {
            writer.point(trial, Metric.loss, step: step, Float(step) / 3)
            writer.point(trial, Metric.metaStepSeconds, step: step, Double.random(in: 0..<1))
            if step % 20 == 0 { writer.point(trial, Metric.evaluationLoss, step: step, Double(step) / 7) }
            if step % 700 == 699 {
                let weights = [NamedTensor(name: "weight", shape: [1], values: [Float(step)])]
                writer.snapshot(trial, step: step, weights)
                writer.checkpoint(trial, Checkpoint(step: step, data: Data("state at \(step)".utf8)))
            }
        }
    }

    @Test(arguments: [1, 650, 700, 701, 1500, 2999]) func aResumedTrialEndsInTheSameBits(interruptedAt: Int) throws {
        func digest(_ name: String, _ run: (Journal, Int64) throws -> Void) throws -> String {
            let journal = try Journal(writing: folder.file(name))
            let experiment = try journal.register(.sample(trials: 1))
            try run(journal, experiment.trials[0])
            return try journal.resultDigest(of: experiment.id)
        }
        let straight = try digest("straight.sqlite") { journal, trial in
            let writer = try JournalWriter(journal)
            _ = try writer.begin(trial, .sample)
            try tell(writer, trial, to: 3000)
            writer.complete(trial, .sample)
            try writer.finish()
        }
        let resumed = try digest("resumed.sqlite") { journal, trial in
            let writer = try JournalWriter(journal)
            _ = try writer.begin(trial, .sample)
            try tell(writer, trial, to: interruptedAt)
            try writer.finish()
            let next = try JournalWriter(journal)
            var start = 0
            if case .resumed(let checkpoint) = try next.begin(trial, .sample) {
                start = checkpoint.step + 1
                #expect(checkpoint.data == Data("state at \(checkpoint.step)".utf8))
            }
            #expect(start == interruptedAt / 700 * 700)
            try tell(next, trial, from: start, to: 3000)
            next.complete(trial, .sample)
            try next.finish()
            #expect(try journal.sql("SELECT count(*) FROM checkpoints").rows == [[.int(0)]])
        }
        #expect(straight == resumed)
    }

    @Test func aCheckpointThatWasComputedOtherwiseIsGivenUp() throws {
        let journal = try Journal(writing: folder.file())
        let trial = try journal.register(.sample(trials: 1)).trials[0]
        let writer = try JournalWriter(journal)
        _ = try writer.begin(trial, TrialStart(kernelTable: "baseline"))
        try tell(writer, trial, to: 800)
        try writer.finish()
        let next = try JournalWriter(journal)
        let origin = CheckpointOrigin(kernelTable: "baseline", programVersion: "1.0")
        let claim = try next.begin(trial, TrialStart(kernelTable: "avx2")) { found in
            #expect(found == origin)
            return false
        }
        #expect(claim == .startedOver(origin))
        #expect(try journal.points(trial: trial, metric: Metric.loss).steps.isEmpty)
        #expect(try journal.sql("SELECT count(*) FROM checkpoints").rows == [[.int(0)]])
        try tell(next, trial, to: 800)
        try next.finish()
        // One that goes on with another table says that both computed it.
        let last = try JournalWriter(journal)
        guard case .resumed = try last.begin(trial, TrialStart(kernelTable: "avx512")) else {
            Issue.record("there was a checkpoint")
            return
        }
        #expect(try journal.trials(of: 1)[0].kernelTable == "avx2 + avx512")
        try last.finish()
    }

    @Test func whatIsGivenBackIsAsItWas() throws {
        let journal = try Journal(writing: folder.file())
        let trials = try journal.register(.sample(trials: 2)).trials
        let writer = try JournalWriter(journal)
        _ = try writer.begin(trials[0], .sample)
        try tell(writer, trials[0], to: 800)
        try writer.finish()
        let next = try JournalWriter(journal)
        let claims = try next.begin(trials.map { ($0, .sample) })
        #expect(claims[1] == .started)
        for trial in trials { next.release(trial) }
        try next.finish()
        #expect(try journal.trials(of: 1).map(\.status) == [.interrupted, .queued])
        #expect(try journal.checkpointSteps(of: 1) == [trials[0]: 699])
    }

    @Test func theDigestSeesOneBit() throws {
        func digest(_ name: String, _ value: Double) throws -> String {
            let journal = try Journal(writing: folder.file(name))
            let experiment = try journal.register(.sample(trials: 1))
            let writer = try JournalWriter(journal)
            _ = try writer.begin(experiment.trials[0], .sample)
            writer.point(experiment.trials[0], Metric.loss, step: 0, value)
            writer.complete(experiment.trials[0], .sample)
            try writer.finish()
            return try journal.resultDigest(of: experiment.id)
        }
        #expect(try digest("a.sqlite", 0.1) == digest("b.sqlite", 0.1))
        #expect(try digest("c.sqlite", 0.1) != digest("d.sqlite", 0.1.nextUp))
    }
}
