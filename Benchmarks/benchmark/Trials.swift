import Datasets
import Dispatch
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Scheduler
import TrialKinds

/// Trials of one hand-designed optimizer as `journal run` runs them, each with its losses, its final loss and its test
/// split in a journal.
struct Trials {
    /// How many there are, of whose time the mean is taken.
    let count: Int
    let pool: WorkerPool
    let library: DatasetLibrary
    let journal: Journal

    /// - Returns: the seconds of one trial, for each time that all of them are run; the first time is left out.
    static func seconds(
        count: Int = 100, repeats: Int, threads: Int, library: DatasetLibrary
    ) throws -> [Double] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("trials-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pool = WorkerPool(workers: threads)
        defer { pool.stop() }
        let journal = try Journal(
            writing: folder.appendingPathComponent("journal.sqlite").path, programVersion: "benchmark")
        let trials = Trials(count: count, pool: pool, library: library, journal: journal)
        let seconds = try (0...repeats).map { try trials.seconds(seed: $0 + 1) / Double(count) }
        try journal.close()
        return Array(seconds.dropFirst())
    }

    private func seconds(seed: Int) throws -> Double {
        let text = """
            {"name": "trials", "seed": \(seed),
             "problem": {
                 "kind": "classification", "dataset": {"name": "mnist", "fallback": "synthetic-digits"},
                 "student": {"hidden": [20], "activation": "sigmoid"}, "batchSize": 128},
             "evaluation": {
                 "steps": 100, "repeats": \(count), "optimizers": [{"kind": "adam", "learningRate": 0.03}]}}
            """
        let request = RunRequest(
            try ExperimentSpec(text, file: "trials.json", vocabulary: .standard), text: text, registry: .standard)
        var runner = ExperimentRunner(
            registry: .standard, library: library, pool: pool, stop: StopFlag(), observer: SilentObserver())
        try runner.prepare([request], in: journal)
        let writer = try JournalWriter(journal)
        let start = DispatchTime.now().uptimeNanoseconds
        _ = try runner.run(request, writer)
        try writer.finish()
        return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
}
