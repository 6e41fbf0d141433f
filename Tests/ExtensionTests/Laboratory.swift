import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import Scheduler
import TrialKinds

/// Runs specs, with what a test brings of its own, in a journal that is gone when the test is.
final class Laboratory: Sendable {
    let registry: Registry
    let kinds: TrialKinds
    let journal: Journal
    private let folder: URL

    init(_ registry: Registry = .standard, kinds: TrialKinds = .standard) throws {
        self.registry = registry
        self.kinds = kinds
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        journal = try Journal(writing: folder.appendingPathComponent("journal.sqlite").path, programVersion: "test")
    }

    deinit {
        try? journal.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What specs may name here.
    var vocabulary: Vocabulary { kinds.vocabulary(registry) }

    func read(_ text: String) throws(SpecError) -> ExperimentSpec {
        try ExperimentSpec(text, file: "test.json", vocabulary: vocabulary)
    }

    /// Runs all that a spec asks for and earlier runs have not done.
    @discardableResult
    func run(_ text: String) throws -> RunReport {
        let request = RunRequest(try read(text), text: text, registry: registry, kinds: kinds)
        let pool = WorkerPool(workers: 2)
        defer { pool.stop() }
        var runner = ExperimentRunner(
            registry: registry, library: DatasetLibrary(registry.datasets, folder: folder, mirrors: []), pool: pool,
            stop: StopFlag(), observer: SilentObserver())
        try runner.prepare([request], in: journal)
        let writer = try JournalWriter(journal)
        let report = try runner.run(request, writer)
        try writer.finish()
        return report
    }

    /// The trials of an experiment's newest version.
    func trials(_ experiment: String, kind: TrialKindName? = nil) throws -> [TrialRecord] {
        try journal.trials(of: journal.experiment(named: experiment).id, kind: kind)
    }
}
