import ArgumentParser
import Cluster
import Datasets
import Dispatch
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Scheduler
import TrialKinds

/// What it costs to bring home what the tasks of a cluster have done, without a cluster: real shards, one after the other.
struct ShardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shards",
        abstract: "Measures the merging of the shards of a cluster's tasks.",
        discussion: """
            Runs the tasks of a run of tiny trials one after the other, each in a shard of its own as on a cluster, and \
            merges the shards into the journal, as journal run --on slurm does. Prints seconds of both.
            """)

    @Option(help: "How many shards.")
    var count = 10_000

    @Option(help: "How many trials each has.")
    var trials = 1

    @Option(help: "How many shards are merged at once, as they would come home together.")
    var batch = 100

    @Option(help: "Keeps the run's files in this folder. Without this option: in one that is removed afterwards.")
    var folder: String?

    func validate() throws {
        if count < 1 || trials < 1 || batch < 1 { throw ValidationError("Counts are at least 1.") }
    }

    func run() throws {
        let path = folder ?? "\(FileManager.default.temporaryDirectory.path)/shards-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: path) } }
        let version = "benchmark"
        let journal = try Journal(writing: "\(path)/journal.sqlite", programVersion: version)
        let text = """
            {"name": "shards", "problem": {"kind": "quadratic", "batchSize": 1, "dimensions": 2},
             "evaluation": {"steps": 10, "repeats": \(count * trials), "optimizers": [{"kind": "sgd"}]}}
            """
        let request = RunRequest(
            try ExperimentSpec(text, file: "shards.json", vocabulary: .standard), text: text, registry: .standard)
        let pool = WorkerPool(workers: 1)
        var runner = ExperimentRunner(
            registry: .standard, library: DatasetLibrary(Registry.standard.datasets, folder: nil, mirrors: []),
            pool: pool, stop: StopFlag(), observer: SilentObserver())
        try runner.prepare([request], in: journal)
        let writer = try JournalWriter(journal)
        var settings = ClusterSettings()
        settings.trialsPerTask = trials
        let launch = ClusterLaunch(
            request, try runner.open(request, writer), settings, registry: .standard, program: "journal",
            dataFolder: nil)
        let run = "\(path)/run"
        let made = try seconds { try launch.makeFolder(run, journal, capacity: 1, mostShares: count) }
        let task = try RunTask(run, programVersion: version, registry: .standard)
        let computed = try seconds {
            for share in 0..<count {
                _ = try task.run(share: share, at: TaskPlace(environment: [:]), pool, stop: StopFlag()) { _ in }
            }
        }
        let shards = try FileManager.default.contentsOfDirectory(atPath: "\(run)/shards").sorted()
            .map { "\(run)/shards/\($0)" }
        let bytes = shards.reduce(0) {
            $0 + ((try? FileManager.default.attributesOfItem(atPath: $1)[.size] as? Int) ?? 0)
        }
        var merged = 0
        let merging = try seconds {
            for first in stride(from: 0, to: shards.count, by: batch) {
                merged += try journal.merge(Array(shards[first..<min(first + batch, shards.count)]), areAtRest: true)
                    .trials
            }
        }
        try writer.finish()
        try journal.close()
        guard merged == count * trials else {
            throw ValidationError("\(merged) of \(count * trials) trials came home.")
        }
        print("Shards: \(shards.count) of \(trials) trials each, \(bytes / max(shards.count, 1) / 1024) KiB each.")
        print("The run's folder: \(told(made)). Computing all shards in one process: \(told(computed)).")
        print("Merging: \(told(merging)), \(told(merging / Double(shards.count) * 1000, "ms")) a shard.")
    }

    private func told(_ value: Double, _ unit: String = "s") -> String { String(format: "%.2f ", value) + unit }

    private func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try work()
        return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
}
