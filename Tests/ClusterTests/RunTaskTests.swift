import Foundation
import JournalStore
import Nouns
import Scheduler
import Testing

@testable import Cluster

@Suite struct RunTaskTests {
    @Test func sharesComeToTheJournalOfOneMachine() throws {
        let here = try ClusterLaboratory(ClusterLaboratory.spec)
        try here.runHere()
        let there = try ClusterLaboratory(ClusterLaboratory.spec)
        try there.launch(trialsPerTask: 6)
        let manifest = try there.folder.manifest()
        // Meta-training, tuning and Adam need nothing; the others need what the first two come to.
        #expect(manifest.phases == [4, 4])
        #expect(manifest.shares.flatMap(\.self).sorted() == Array(0..<40))
        try there.runAll()
        let outcome = try there.journal.merge(there.shards(), areAtRest: true)
        #expect(outcome.conflicts.isEmpty && outcome.faults.isEmpty && outcome.trials == 40)
        #expect(try there.digest() == here.digest())
        let trials = try there.journal.trials(of: 1)
        #expect(trials.map(\.position) == Array(0..<40) && trials.allSatisfy { $0.status == .completed })
        let run = try #require(try there.journal.run(of: trials[0].id))
        #expect(run.host == "node9" && run.job == "7_0")
        // All of it is there.
        #expect(try there.journal.merge(there.shards(), areAtRest: true).isNothing)
    }

    @Test func aShardHasItsOwnTrialsAndNothingBesideIt() throws {
        let there = try ClusterLaboratory(ClusterLaboratory.spec)
        try there.launch(trialsPerTask: 6)
        try there.runAll()
        let manifest = try there.folder.manifest()
        for (share, shard) in try there.shards().enumerated() {
            let journal = try Journal(atRest: shard, programVersion: "test")
            #expect(try journal.trials(of: 1).map(\.position) == manifest.shares[share])
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(there.folder.path)/shards")
        #expect(files.allSatisfy { $0.hasSuffix(".sqlite") } && files.count == manifest.shares.count)
    }

    @Test func anotherVersionOfTheProgramIsRefused() throws {
        let there = try ClusterLaboratory(ClusterLaboratory.spec)
        try there.launch(trialsPerTask: 40)
        let error = #expect(throws: JournalError.self) { try there.run(share: 0, programVersion: "0.0.1") }
        #expect(error?.message.contains("journal 0.0.1") == true && error?.message.contains("journal test") == true)
        let report = try #require(there.folder.report(0, attempt: 0))
        #expect(report.state == .refused && report.message == error?.message)
    }

    @Test func whatAnAttemptHasDoneTheNextOneHasToo() throws {
        let here = try ClusterLaboratory(ClusterLaboratory.spec)
        try here.runHere()
        let there = try ClusterLaboratory(ClusterLaboratory.spec)
        try there.launch(trialsPerTask: 6)
        try there.run(share: 0)
        // Killed in the middle of a transaction, a task leaves a rollback journal.
        let file = there.folder.shard(0, attempt: 0)
        let killed = try Self.leaveHalfDone(file)
        #expect(killed)
        var report = try #require(there.folder.report(0, attempt: 0))
        (report.state, report.message) = (.lost, "it was killed by signal 9")
        try there.folder.write(report)
        try there.runAll()
        #expect(try there.folder.attempts()[0] == [0, 1])
        let shard = try Journal(atRest: there.folder.shard(0, attempt: 1), programVersion: "test")
        // Nothing of it was computed again.
        #expect(try shard.run(of: shard.trials(of: 1)[0].id)?.job == "7_0")
        #expect(there.folder.report(0, attempt: 1)?.state == .completed)
        _ = try there.journal.merge(there.shards(), areAtRest: true)
        #expect(try there.digest() == here.digest())
    }

    /// Has the stock shell change a shard, and end before it commits; false where there is none.
    private static func leaveHalfDone(_ file: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "sqlite3", file,
            "PRAGMA cache_size = 1; BEGIN; UPDATE trialRecords SET optimizerSettings = hex(randomblob(9000));",
            "UPDATE results SET value = 7;", ".shell kill -9 $PPID",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let size = try FileManager.default.attributesOfItem(atPath: file + "-journal")[.size] as? Int
        return (size ?? 0) > 0
    }

    @Test func aShareWhoseNeedIsMissingIsToldSo() throws {
        let there = try ClusterLaboratory(ClusterLaboratory.spec)
        try there.launch(trialsPerTask: 6)
        try there.run(share: 0)
        let error = #expect(throws: JournalError.self) { try there.task().gather(phase: 0) }
        #expect(error?.message.contains("share 1") == true)
        #expect(!there.folder.hasNeeds(ofPhase: 1))
    }

    @Test func aTaskThatIsToldToStopWritesACheckpoint() throws {
        let text = ClusterLaboratory.spec.replacingOccurrences(of: "\"epochs\": 6", with: "\"epochs\": 3000")
        let there = try ClusterLaboratory(text)
        try there.launch(trialsPerTask: 1)
        let stop = StopFlag()
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { stop.set() }
        #expect(try there.run(share: 0, stop: stop) == .stopped)
        let report = try #require(there.folder.report(0, attempt: 0))
        #expect(report.state == .stopped && report.isStoppedOnItsWay)
        let shard = try Journal(atRest: there.folder.shard(0, attempt: 0), programVersion: "test")
        #expect(try shard.checkpointSteps(of: 1).count == 1)
        // The user's journal takes it over, and so does the next run.
        _ = try there.journal.merge(there.shards(), areAtRest: true)
        try there.launch(trialsPerTask: 1)
        let again = StopFlag()
        again.set()
        #expect(try there.run(share: 0, stop: again) == .stopped)
        let next = try Journal(atRest: there.folder.shard(0, attempt: 0), programVersion: "test")
        #expect(try next.checkpointSteps(of: 1) == shard.checkpointSteps(of: 1))
    }

    /// What a task shows while it runs is shown as running, by whom and where, until its shard says how it ended.
    @Test func trialsThatRunThereAreShownAsRunning() throws {
        let there = try ClusterLaboratory(ClusterLaboratory.spec)
        try there.launch(trialsPerTask: 1)
        let shard = try Journal(exclusively: there.folder.shard(0, attempt: 0), programVersion: "test")
        let trial = there.request.plan.trials[0]
        let registration = ExperimentRegistration(
            name: there.request.spec.name, hash: there.request.spec.hash, spec: "", canonicalSpec: "{}",
            trials: [
                TrialRegistration(
                    identity: trial.id, kind: trial.kind, problem: "p", problemSettings: "{}", optimizer: "o",
                    optimizerSettings: "{}", seed: 1, steps: 10, position: 0)
            ])
        let writer = try JournalWriter(shard, at: RunPlace(host: "node9", job: "7_0"))
        let id = try writer.register(registration).trials[0]
        _ = try writer.begin(id, TrialStart(kernelTable: "avx2"))
        func show() throws {
            let view = there.folder.view(0, attempt: 0)
            try? FileManager.default.removeItem(atPath: view)
            try writer.flush()
            try shard.copyAsItIs(to: view)
            _ = try there.journal.merge([view], areAtRest: true, areLive: true)
        }
        func seen() throws -> TrialRecord { try there.journal.trials(of: 1)[0] }
        for steps in [3, 7] {
            writer.points(id, .loss, firstStep: steps == 3 ? 0 : 3, (0..<(steps == 3 ? 3 : 4)).map { Float($0) })
            try show()
            #expect(try seen().status == .running)
            #expect(try there.journal.points(trial: seen().id, metric: .loss).steps.count == steps)
        }
        let run = try #require(try there.journal.run(of: seen().id))
        #expect(run.inWords == "journal test on node9, job 7_0")
        // Other journals leave it alone.
        #expect(try there.journal.merge([there.folder.view(0, attempt: 0)]).trials == 0)
        #expect(try seen().status == .running)
        writer.complete(id, TrialResults(steps: 10, seconds: 1, values: [.finalLoss: 0.5]))
        try writer.finish(saying: "1 of 1 trial completed")
        try shard.close()
        #expect(try there.journal.merge([there.folder.shard(0, attempt: 0)], areAtRest: true).busy == 0)
        #expect(try seen().status == .completed && seen().results?.finalLoss == 0.5)
        #expect(try there.journal.merge([there.folder.shard(0, attempt: 0)], areAtRest: true).isNothing)
    }

    /// Replicates of meta-training, trained there, and those of another experiment, by number and the best of them.
    @Test func replicatesAreThoseOfOneMachine() throws {
        let text = """
            {"name": "uses", "seed": 6, "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
             "metaTraining": {
                 "optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 10, "unrollLength": 5, "repeats": 3},
             "evaluation": {
                 "steps": 10, "repeats": 3,
                 "optimizers": [
                     {"kind": "trained"}, {"kind": "stored", "name": "learns/2"}, {"kind": "stored", "name": "learns"}]}}
            """
        let learns = Self.learns.replacingOccurrences(
            of: "\"epochs\": 2", with: #""epochs": 2, "repeats": 2, "evaluation": {"every": 1, "epochs": 1}"#)
        let (here, there) = (try ClusterLaboratory(text), try ClusterLaboratory(text))
        for laboratory in [here, there] { try laboratory.runHere(learns) }
        try here.runHere()
        try there.launch(trialsPerTask: 2)
        try there.runAll()
        let outcome = try there.journal.merge(there.shards(), areAtRest: true)
        #expect(outcome.conflicts.isEmpty && outcome.faults.isEmpty && outcome.trials == 3 + 9 + 3 + 3)
        #expect(try there.digest() == here.digest())
        func told(_ laboratory: ClusterLaboratory) throws -> [String] {
            let version = try laboratory.journal.experiment(named: "uses").id
            return try laboratory.journal.trials(of: version).map {
                "\($0.replicate ?? 0) \($0.optimizer) \($0.optimizerSettings)"
            }
        }
        let settings = try told(there)
        #expect(try settings == told(here))
        #expect(settings.contains { $0.contains("/2\"") } && settings.contains { $0.hasPrefix("3 trained") })
    }

    private static let learns = """
        {"name": "learns", "seed": 5, "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
         "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 10, "unrollLength": 5}}
        """

    /// A learned optimizer of another experiment goes to the tasks as well; what was done here isn't done there.
    @Test func tasksTakeFromTheJournalWhatTheyNeed() throws {
        let uses = """
            {"name": "uses", "seed": 6, "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
             "evaluation": {
                 "steps": 10, "repeats": 3, "tuning": {"repeats": 2, "growth": 0},
                 "optimizers": [
                     {"kind": "stored", "name": "learns"}, {"kind": "sgd", "learningRate": {"tune": [0.1, 0.01]}}]}}
            """
        let (here, there) = (try ClusterLaboratory(uses), try ClusterLaboratory(uses))
        for laboratory in [here, there] { try laboratory.runHere(Self.learns) }
        try here.runHere()
        try there.launch(trialsPerTask: 1)
        try there.runAll()
        let outcome = try there.journal.merge(there.shards(), areAtRest: true)
        #expect(outcome.conflicts.isEmpty && outcome.trials == 10)
        #expect(try there.digest() == here.digest())
        // Half of the work is left: tunings are there, and one more repeat is asked for.
        let more = try ClusterLaboratory(uses.replacingOccurrences(of: "\"repeats\": 3", with: "\"repeats\": 4"))
        _ = try more.journal.merge([here.journal.path])
        try more.launch(trialsPerTask: 1)
        #expect(try more.folder.manifest().shares.flatMap(\.self).count == 2)
        try more.runAll()
        _ = try more.journal.merge(more.shards(), areAtRest: true)
        let whole = try ClusterLaboratory(more.request.text)
        try whole.runHere(Self.learns)
        try whole.runHere()
        #expect(try more.digest() == whole.digest())
    }
}
