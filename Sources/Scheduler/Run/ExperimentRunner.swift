import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import TrialKinds
import Wording

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
            let records = try journal.map { try Self.records(of: request, in: $0) }
            let plan = records.map(request.plan(knowing:)) ?? request.plan
            let remaining = plan.trials.filter { records?.completed($0) == nil }
            let names = Self.storedNames(in: remaining).filter { !namesToCome.contains(OptimizerReference($0).name) }
            if journal == nil, let name = names.first {
                throw JournalError(
                    .missing, "\(request.spec.name) needs the learned optimizer \(name), and there is no journal yet")
            }
            let stored =
                try journal.map {
                    try storedOptimizers(names, for: plan.trials, earlier: records?.trials ?? [:], in: $0)
                } ?? [:]
            try shelf.load(for: remaining, of: request.folder, registry, from: library, report: observer.message)
            try check(remaining, of: request, stored)
            if let journal, !request.startsOver, !remaining.isEmpty {
                let problems = problems(of: request)
                try journal.requireSameData(
                    request.registration(plan) { trial in
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

    /// Runs the trials that earlier runs left undone, in rounds: what tuning tries next follows from what was tried before,
    /// and a round begins as the run of another process would, by what the journal has.
    ///
    /// - Throws: ``JournalError`` where the journal cannot be written, or a learned optimizer is not in it.
    public func run(_ request: RunRequest, _ writer: JournalWriter) throws -> RunReport {
        let journal = writer.journal
        var records = try Self.records(of: request, in: journal)
        var plan = request.plan(knowing: records)
        let remaining = plan.trials.filter { records.completed($0) == nil }
        let stored = try storedOptimizers(
            Self.storedNames(in: remaining), for: plan.trials, earlier: records.trials, in: journal)
        // What another spec of the same call has learned could not be looked at before.
        try check(remaining, of: request, stored)
        for (name, optimizer) in stored.sorted(by: { $0.key < $1.key }) where !optimizer.wasRecorded {
            if let notice = try VersionNotice(optimizer: name, in: journal) { observer.message(notice.description) }
            if let notice = try ReplicateNotice(optimizer: name, in: journal) { observer.message(notice.description) }
        }
        let display = RunProgress(observer)
        defer { display.end() }
        var registered: RegisteredExperiment?
        var fates: [String: TrialBoard.Fate] = [:]
        while true {
            let round = try register(request, &plan, as: registered, &records, stored, writer)
            for trial in plan.trials where records.completed(trial) != nil && fates[trial.id] == nil {
                fates[trial.id] = .completedBefore
            }
            let board = try perform(request, plan, round, records, fates, stored, display, writer)
            for case (let trial, let fate?) in zip(plan.trials, board.fates) { fates[trial.id] = fate }
            guard board.isHolding, !stop.isSet else {
                return try finish(board.report, round.version, writer)
            }
            registered = round.version
            records = try ExperimentRecords(of: round.version.id, in: journal)
            plan = request.plan(knowing: records)
        }
    }

    /// Runs what can be run of a plan.
    ///
    /// - Parameters:
    ///   - records: what the journal has of it.
    ///   - fates: what has become of trials already, by their identities.
    private func perform(
        _ request: RunRequest, _ plan: ExperimentPlan, _ round: Round, _ records: ExperimentRecords,
        _ fates: [String: TrialBoard.Fate], _ stored: [String: StoredOptimizer], _ display: RunProgress,
        _ writer: JournalWriter
    ) throws -> TrialBoard {
        let (journal, version) = (writer.journal, round.version)
        let board = TrialBoard(plan.trials) { fates[$0.id] }
        guard board.unsettled > 0 else { return board }
        let outcomes = TrialOutcomes(
            request.kinds, registry: registry, stored: stored, contents: round.contents, experiment: version.id,
            writer: writer, report: { [observer] in observer.message($0) })
        let checkpoints = try journal.checkpointSteps(of: version.id)
        var (total, done) = (0.0, 0.0)
        for (trial, id) in zip(plan.trials, version.trials) {
            let work = request.kinds.work(of: trial, registry)
            total += work.total
            if let record = records.completed(trial) {
                try outcomes.keep(trial, record, in: journal)
                done += work.total
            } else if let step = checkpoints[id] {
                done += work.done(step)
            }
        }
        display.show(total: total, done: done)
        return try ExperimentRun(
            request.kinds, registry, plan, version, board: board, problems: problems(of: request), outcomes: outcomes,
            meter: ProgressMeter(observer, done: done), writer: writer, pool: pool, stop: stop, observer: observer
        ).run()
    }

    /// Puts what was run afresh in the place of what was there, if it is whole.
    private func finish(
        _ report: RunReport, _ version: RegisteredExperiment, _ writer: JournalWriter
    ) throws -> RunReport {
        guard let old = version.replaces else { return report }
        var report = report
        report.keepsOldResults = try !isWhole(report, beside: old, in: writer.journal, version)
        if !report.keepsOldResults { try writer.replace(old, by: version.id) }
        return report
    }

    /// A plan that is recorded.
    private struct Round {
        let version: RegisteredExperiment
        let contents: TrialContents
    }

    /// Records the trials of a plan; what they have in common with others in the journal is completed with that, which may
    /// tell of further trials.
    ///
    /// - Parameters:
    ///   - registered: the version, where this run has recorded it before.
    ///   - records: what the journal has of it.
    private func register(
        _ request: RunRequest, _ plan: inout ExperimentPlan, as registered: RegisteredExperiment?,
        _ records: inout ExperimentRecords, _ stored: [String: StoredOptimizer], _ writer: JournalWriter
    ) throws -> Round {
        var takenOver: [TakenOver] = []
        var version = registered
        while true {
            var contents = TrialContents(
                programVersion: writer.journal.programVersion, datasets: datasets(of: request), stored: stored)
            let registration = registration(of: request, plan, records, &contents, stored)
            let recorded =
                try version.map {
                    try writer.register(registration, extending: $0, takesOver: !request.startsOver)
                } ?? writer.register(registration, fresh: request.startsOver)
            version = recorded
            takenOver.add(recorded.takenOver)
            if !recorded.takenOver.isEmpty {
                records = try ExperimentRecords(of: recorded.id, in: writer.journal)
                if plan.isOpen {
                    plan = request.plan(knowing: records)
                    continue
                }
            }
            for source in takenOver {
                observer.remark(
                    "\(source.trials) of \(counted(plan.trials.count, "trial")) taken over from "
                        + "\(source.name)@\(source.hash.prefix(12)).")
            }
            return Round(version: recorded, contents: contents)
        }
    }

    /// - Parameter contents: learns those of all trials.
    private func registration(
        of request: RunRequest, _ plan: ExperimentPlan, _ records: ExperimentRecords, _ contents: inout TrialContents,
        _ stored: [String: StoredOptimizer]
    ) -> ExperimentRegistration {
        let problems = problems(of: request)
        return request.registration(plan) { trial in
            let steps = request.kinds.work(of: trial, registry).steps
            let dataset = problems.dataset(of: trial)
            if let record = records.completed(trial) {
                contents.keep(record.content, of: trial.id)
                return trial.registration(steps: steps, dataset: dataset)
            }
            return trial.registration(steps: steps, dataset: dataset, content: contents.hash(of: trial), stored)
        }
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

    /// What the journal has of the experiment; nothing of what is to be replaced.
    private static func records(of request: RunRequest, in journal: Journal) throws -> ExperimentRecords {
        let version = try journal.experiment(
            named: request.spec.name, hash: request.spec.hash, fresh: request.startsOver)
        return try ExperimentRecords(of: version?.id, in: journal)
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
