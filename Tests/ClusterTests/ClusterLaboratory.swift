import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Scheduler
import TrialKinds

@testable import Cluster

/// The tasks of a run in a folder that is gone when the test is, called one by one in place of a queue.
final class ClusterLaboratory {
    let path: String
    let journal: Journal
    let request: RunRequest
    let pool = WorkerPool(workers: 2)
    var folder: RunFolder { RunFolder("\(path)/run") }

    init(_ text: String) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        journal = try Journal(writing: "\(path)/journal.sqlite", programVersion: "test")
        request = RunRequest(
            try ExperimentSpec(text, file: "test.json", vocabulary: .standard), text: text, registry: .standard)
    }

    deinit {
        pool.stop()
        try? journal.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    private func runner(_ request: RunRequest, _ stop: StopFlag = StopFlag()) throws -> ExperimentRunner {
        var runner = ExperimentRunner(
            registry: .standard, library: DatasetLibrary(Registry.standard.datasets, folder: nil, mirrors: []),
            pool: pool, stop: stop, observer: SilentObserver())
        try runner.prepare([request], in: journal)
        return runner
    }

    /// Runs all trials as one machine does.
    func runHere() throws { try runHere(request) }

    /// Runs another spec as one machine does.
    func runHere(_ text: String) throws {
        try runHere(
            RunRequest(
                try ExperimentSpec(text, file: "other.json", vocabulary: .standard), text: text, registry: .standard))
    }

    private func runHere(_ request: RunRequest) throws {
        let runner = try runner(request)
        let writer = try JournalWriter(journal)
        _ = try runner.run(request, writer)
        try writer.finish()
    }

    /// Makes the run's folder.
    func launch(trialsPerTask: Int) throws {
        let writer = try JournalWriter(journal)
        defer { try? writer.finish() }
        var settings = ClusterSettings()
        settings.trialsPerTask = trialsPerTask
        let launch = ClusterLaunch(
            request, try runner(request).open(request, writer), settings, registry: .standard, program: "journal",
            dataFolder: nil)
        try launch.makeFolder(folder.path, journal, capacity: 2, mostShares: 1000)
    }

    func task(programVersion: String = "test") throws -> RunTask {
        try RunTask(folder.path, programVersion: programVersion, registry: .standard)
    }

    @discardableResult
    func run(share: Int, stop: StopFlag = StopFlag(), programVersion: String = "test") throws -> RunTask.Ending {
        let place = TaskPlace(
            environment: ["SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "\(share)", "SLURMD_NODENAME": "node9"])
        return try task(programVersion: programVersion).run(share: share, at: place, pool, stop: stop) { _ in }
    }

    /// Runs all shares, and gathers between phases.
    func runAll(skipping skipped: Set<Int> = []) throws {
        let manifest = try folder.manifest()
        for phase in manifest.phases.indices {
            for share in manifest.shares(ofPhase: phase) where !skipped.contains(share) { try run(share: share) }
            if phase < manifest.phases.count - 1 { try task().gather(phase: phase) }
        }
    }

    /// The newest shard of each share.
    func shards() throws -> [String] {
        try folder.attempts().sorted { $0.key < $1.key }.compactMap { share, attempts in
            attempts.last.map { folder.shard(share, attempt: $0) }
        }
    }

    func digest() throws -> String {
        try journal.resultDigest(of: journal.experiment(named: request.spec.name).id)
    }

    static let spec = """
        {"name": "forty", "seed": 3,
         "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [4]}, "epochs": 6, "steps": 20, "unrollLength": 10,
             "evaluation": {"every": 2, "epochs": 2}},
         "evaluation": {
             "steps": 20, "repeats": 10, "tuning": {"repeats": 3, "growth": 0},
             "optimizers": [
                 {"kind": "trained"}, {"kind": "sgd", "learningRate": {"tune": [0.1, 0.03, 0.01]}}, {"kind": "adam"}]}}
        """
}
