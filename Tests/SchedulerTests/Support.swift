import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Locking
import Registry
import TrialKinds

@testable import Scheduler

/// A journal of a test's own in a folder that is gone when the test is.
final class TestJournal: Sendable {
    let folder: URL
    let journal: Journal

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        journal = try Journal(writing: folder.appendingPathComponent("journal.sqlite").path, programVersion: "test")
    }

    deinit {
        try? journal.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a spec as the program does.
    @discardableResult
    func run(
        _ text: String, workers: Int = 2, startsOver: Bool = false, stop: StopFlag = StopFlag(),
        observer: any RunObserver = Listener(), programVersion: String? = nil
    ) throws -> RunReport {
        try run(
            [text], workers: workers, startsOver: startsOver, stop: stop, observer: observer,
            programVersion: programVersion)[0]
    }

    /// Runs specs one after the other, as one call of the program does; of another version of the program, if given.
    @discardableResult
    func run(
        _ texts: [String], workers: Int = 2, startsOver: Bool = false, stop: StopFlag = StopFlag(),
        observer: any RunObserver = Listener(), programVersion: String? = nil
    ) throws -> [RunReport] {
        let other = try programVersion.map { try Journal(writing: self.journal.path, programVersion: $0) }
        defer { try? other?.close() }
        let journal = other ?? self.journal
        let requests = try texts.map {
            try RunRequest(
                ExperimentSpec($0, file: "test.json", vocabulary: .standard), text: $0, startsOver: startsOver,
                registry: .standard)
        }
        let pool = WorkerPool(workers: workers)
        defer { pool.stop() }
        var runner = ExperimentRunner(
            registry: .standard, library: DatasetLibrary(Registry.standard.datasets, folder: folder, mirrors: []),
            pool: pool, stop: stop,
            observer: observer)
        try runner.prepare(requests, in: journal)
        let writer = try JournalWriter(journal)
        let reports = try requests.map { try runner.run($0, writer) }
        try writer.finish()
        return reports
    }

    func experiment(_ name: String) throws -> Int64 { try journal.experiment(named: name).id }

    func digest(_ name: String) throws -> String { try journal.resultDigest(of: experiment(name)) }

    func statuses(_ name: String) throws -> [TrialStatus] { try journal.trials(of: experiment(name)).map(\.status) }
}

/// Keeps what a run tells, and may have it stop.
final class Listener: RunObserver {
    private let stop: StopFlag?
    private let work: Double
    private let said = Locked<[String]>([])

    /// - Parameters:
    ///   - stop: set once this much work is done.
    init(stopping stop: StopFlag? = nil, after work: Double = .infinity) {
        self.stop = stop
        self.work = work
    }

    var messages: [String] { said.withLock(\.self) }

    func begin(total: Double, done: Double) {}
    func extend(total: Double) {}
    func update(done: Double, label: String) {
        if done >= work { stop?.set() }
    }
    func message(_ text: String) { said.withLock { $0.append(text) } }
    func remark(_ text: String) { message(text) }
    func end() {}
}

/// Specs that run in moments.
enum Specs {
    /// Meta-training, tuning and evaluation on small quadratics.
    static func quadratic(
        name: String = "quadratic", outputScale: Double = 0.1, precision: String = "single", optimizers: String = "",
        growth: Int = 0
    ) -> String {
        """
        {"name": "\(name)", "seed": 3, "precision": "\(precision)",
         "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [4], "outputScale": \(outputScale)},
             "epochs": 6, "steps": 20, "unrollLength": 10, "evaluation": {"every": 2, "epochs": 2}},
         "evaluation": {
             "steps": 20, "repeats": 3, "snapshotEvery": 5, "tuning": {"growth": \(growth)},
             "optimizers": [{"kind": "trained"}, {"kind": "sgd", "learningRate": {"tune": [0.1, 0.01]}}\(optimizers)]}}
        """
    }

    static let digits = """
        {"name": "digits", "seed": 1,
         "problem": {
             "kind": "classification", "dataset": "synthetic-digits", "batchSize": 16,
             "student": {"random": {"layers": [1, 2], "units": [2, 6]}}},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [4]}, "epochs": 2, "steps": 4, "unrollLength": 2,
             "evaluation": {"every": 1, "epochs": 1}},
         "evaluation": {"steps": 5, "repeats": 2, "optimizers": [{"kind": "trained"}, {"kind": "adam"}]}}
        """
}

extension ExperimentSpec {
    /// The trials of the program's own kinds.
    func expanded(
        knowing knowledge: PlanKnowledge = .nothing, isSeedless: (ProblemSpec) -> Bool = { _ in false }
    ) -> ExperimentPlan {
        expanded(with: .standard, knowing: knowledge, isSeedless: isSeedless)
    }
}
