import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import TrialKinds
import Wording

/// An experiment that is to be run.
public struct RunRequest: Sendable {
    public let spec: ExperimentSpec
    public let plan: ExperimentPlan
    /// The kinds of trials that the spec may ask for.
    public let kinds: TrialKinds
    /// The spec's text as its file has it.
    public let text: String
    /// Where the spec lies: its paths are relative to it.
    public let folder: URL
    /// Whether to forget what earlier runs did.
    public let startsOver: Bool

    /// - Parameters:
    ///   - folder: where the spec lies: its paths are relative to it.
    ///   - registry: has what the spec may name, as in the vocabulary that it was read with.
    ///   - kinds: the kinds of trials that it may ask for, as there.
    public init(
        _ spec: ExperimentSpec, text: String, folder: URL = URL(fileURLWithPath: "."), startsOver: Bool = false,
        registry: Registry, kinds: TrialKinds = .standard
    ) {
        self.spec = spec
        self.text = text
        self.folder = folder
        self.startsOver = startsOver
        self.kinds = kinds
        plan = spec.expanded(kinds.all, isSeedless: { SeedDependence.isSeedless($0, registry) })
    }
}

/// Runs experiments one after the other, and records them in a journal.
public struct ExperimentRunner {
    private let registry: Registry
    private let library: DatasetLibrary
    private let pool: WorkerPool
    private let stop: StopFlag
    private let observer: any RunObserver
    private var shelf = DatasetShelf()

    /// - Parameters:
    ///   - registry: makes what the requests' specs, which were read with its vocabulary, name.
    ///   - library: where data comes from.
    ///   - stop: set from outside, has the run stop at the next step of every trial.
    public init(
        registry: Registry, library: DatasetLibrary, pool: WorkerPool, stop: StopFlag, observer: any RunObserver
    ) {
        self.registry = registry
        self.library = library
        self.pool = pool
        self.stop = stop
        self.observer = observer
    }

    /// Sees that everything is there that the trials still to be run need, before any of them starts: loads their
    /// data, looks for the learned optimizers that they take from the journal, and checks that those fit
    /// the problems.
    ///
    /// - Parameter journal: nil where there is none yet.
    /// - Throws: `DatasetError`, ``JournalError``.
    public mutating func prepare(_ requests: [RunRequest], in journal: Journal?) throws {
        var namesToCome: Set<String> = []
        for request in requests {
            let records = try journal.map { try Self.records(of: request, in: $0) } ?? [:]
            let remaining = request.plan.trials.filter { records[$0.id]?.status != .completed }
            let names = Self.storedNames(in: remaining).filter { !namesToCome.contains(OptimizerReference($0).name) }
            if journal == nil, let name = names.first {
                throw JournalError(
                    .missing, "\(request.spec.name) needs the learned optimizer \(name), and there is no journal yet")
            }
            let stored =
                try journal.map {
                    try storedOptimizers(names, for: request.plan.trials, earlier: records, in: $0)
                } ?? [:]
            try shelf.load(for: remaining, of: request.folder, registry, from: library, report: observer.message)
            try check(remaining, of: request, stored)
            if let journal, !request.startsOver, !remaining.isEmpty {
                let problems = problems(of: request)
                try journal.requireSameData(
                    request.registration { trial in
                        trial.registration(
                            steps: request.kinds.work(of: trial, registry).steps, dataset: problems.dataset(of: trial))
                    })
            }
            for problem in request.plan.seedlessProblems where !remaining.isEmpty {
                observer.message(
                    "\(request.spec.name): on \(problem) the seed changes nothing, so one trial stands for all repeats, and "
                        + "there is nothing to test.")
            }
            if request.plan.trials.contains(where: \.optimizer.isLearned) {
                namesToCome.insert(request.spec.name)
            }
        }
    }

    /// Runs the trials that earlier runs left undone.
    ///
    /// - Throws: ``JournalError`` where the journal cannot be written, or a learned optimizer is not in it.
    public func run(_ request: RunRequest, _ writer: JournalWriter) throws -> RunReport {
        let journal = writer.journal
        let plan = request.plan
        var earlier = try Self.records(of: request, in: journal)
        let remaining = plan.trials.filter { earlier[$0.id]?.status != .completed }
        let stored = try storedOptimizers(
            Self.storedNames(in: remaining), for: plan.trials, earlier: earlier, in: journal)
        // What another spec of the same call has learned could not be looked at before.
        try check(remaining, of: request, stored)
        for (name, optimizer) in stored.sorted(by: { $0.key < $1.key }) where !optimizer.wasRecorded {
            if let notice = try VersionNotice(optimizer: name, in: journal) { observer.message(notice.description) }
            if let notice = try ReplicateNotice(optimizer: name, in: journal) { observer.message(notice.description) }
        }
        var contents = TrialContents(
            programVersion: journal.programVersion, datasets: datasets(of: request), stored: stored)
        let registered = try register(request, &earlier, &contents, stored, writer)
        let checkpoints = try journal.checkpointSteps(of: registered.id)

        let outcomes = TrialOutcomes(
            request.kinds, registry: registry, stored: stored, contents: contents, experiment: registered.id,
            writer: writer,
            report: { [observer] in observer.message($0) })
        var (total, done) = (0.0, 0.0)
        for (trial, id) in zip(plan.trials, registered.trials) {
            let work = request.kinds.work(of: trial, registry)
            total += work.total
            if let record = earlier[trial.id], record.status == .completed {
                try outcomes.keep(trial, record, in: journal)
                done += work.total
            } else if let step = checkpoints[id] {
                done += work.done(step)
            }
        }
        let board = TrialBoard(plan.trials) { earlier[$0.id]?.status == .completed }
        var report = board.report
        if board.unsettled > 0 {
            observer.begin(total: total, done: done)
            defer { observer.end() }
            report = try ExperimentRun(
                request.kinds, registry, plan, registered, board: board,
                problems: problems(of: request),
                outcomes: outcomes,
                meter: ProgressMeter(observer, done: done), writer: writer, pool: pool, stop: stop, observer: observer
            ).run()
        }
        if let old = registered.replaces {
            report.keepsOldResults = try !isWhole(report, beside: old, in: journal, registered)
            if !report.keepsOldResults { try writer.replace(old, by: registered.id) }
        }
        return report
    }

    /// Records the experiment; what it has in common with others in the journal is completed with that.
    ///
    /// - Parameters:
    ///   - records: what the journal has of it, by the trials' identities.
    ///   - contents: learns those of all trials.
    private func register(
        _ request: RunRequest, _ records: inout [String: TrialRecord], _ contents: inout TrialContents,
        _ stored: [String: StoredOptimizer], _ writer: JournalWriter
    ) throws -> RegisteredExperiment {
        let problems = problems(of: request)
        let registration = request.registration { trial in
            let steps = request.kinds.work(of: trial, registry).steps
            if let record = records[trial.id], record.status == .completed {
                contents.keep(record.content, of: trial.id)
                return trial.registration(steps: steps, dataset: problems.dataset(of: trial))
            }
            return trial.registration(
                steps: steps, dataset: problems.dataset(of: trial), content: contents.hash(of: trial), stored)
        }
        let registered = try writer.register(registration, fresh: request.startsOver)
        if !registered.takenOver.isEmpty { records = try Self.records(of: request, in: writer.journal) }
        for source in registered.takenOver {
            observer.remark(
                "\(source.trials) of \(counted(request.plan.trials.count, "trial")) taken over from "
                    + "\(source.name)@\(source.hash.prefix(12)).")
        }
        return registered
    }

    /// Whether what was run afresh has completed all that the old version had.
    private func isWhole(
        _ report: RunReport, beside old: Int64, in journal: Journal, _ fresh: RegisteredExperiment
    ) throws -> Bool {
        if report.isComplete { return true }
        guard !report.wasStopped else { return false }
        func completed(_ version: Int64) throws -> Set<String> {
            Set(try journal.trials(of: version).filter { $0.status == .completed }.map(\.identity))
        }
        return try completed(old).isSubset(of: completed(fresh.id))
    }

    /// Sees to it that learned optimizers fit the problems and the data that trials have.
    private func check(
        _ trials: [TrialDescription], of request: RunRequest, _ stored: [String: StoredOptimizer]
    ) throws {
        try OptimizerFit(
            request: request, registry: registry, problems: problems(of: request), stored: stored
        ).check(trials)
        try StoredData(stored: stored, datasets: datasets(of: request)).check(trials)
    }

    private func datasets(of request: RunRequest) -> TrialDatasets {
        TrialDatasets(registry: registry, shelf: shelf, folder: request.folder)
    }

    private func problems(of request: RunRequest) -> ProblemFactory { ProblemFactory(datasets: datasets(of: request)) }

    /// What the journal has of the experiment, by the trials' identities; nothing of what is to be replaced.
    private static func records(of request: RunRequest, in journal: Journal) throws -> [String: TrialRecord] {
        let version = try journal.experiment(
            named: request.spec.name, hash: request.spec.hash, fresh: request.startsOver)
        guard let version else { return [:] }
        let records = try journal.trials(of: version.id)
        return Dictionary(uniqueKeysWithValues: records.map { ($0.identity, $0) })
    }

    private static func storedNames(in trials: [TrialDescription]) -> Set<String> {
        Set(trials.flatMap(\.optimizer.storedNames))
    }

    /// Learned optimizers that trials take from the journal, by the names that they have for them. An experiment that
    /// was begun with one version of an optimizer goes on with it, though there may be a newer one.
    private func storedOptimizers(
        _ names: Set<String>, for trials: [TrialDescription], earlier: [String: TrialRecord], in journal: Journal
    ) throws -> [String: StoredOptimizer] {
        var versions: [String: String] = [:]
        for trial in trials {
            guard let record = earlier[trial.id], record.status != .queued, record.status != .failed,
                let settings = JSONValue(parsing: record.optimizerSettings)
            else { continue }
            versions.merge(StoredOptimizer.versions(of: trial.optimizer, recordedIn: settings)) { $1 }
        }
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                var optimizer = try StoredOptimizer(named: versions[name] ?? name, in: journal, registry)
                optimizer.wasRecorded = versions[name] != nil
                return (name, optimizer)
            })
    }
}

extension RunRequest {
    /// The experiment as the journal records it.
    fileprivate func registration(_ trial: (TrialDescription) -> TrialRegistration) -> ExperimentRegistration {
        ExperimentRegistration(
            name: spec.name, hash: spec.hash, spec: text, canonicalSpec: spec.canonicalText, question: spec.question,
            trials: plan.trials.map(trial))
    }
}
