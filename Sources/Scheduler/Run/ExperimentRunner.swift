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
    /// - Parameters:
    ///   - journal: nil where there is none yet.
    ///   - source: the journal that has what the trials take from other experiments; nil where it is the same.
    /// - Throws: `DatasetError`, ``JournalError``.
    public mutating func prepare(
        _ requests: [RunRequest], in journal: Journal?, needs source: Journal? = nil
    ) throws {
        var namesToCome: Set<String> = []
        for request in requests {
            let records = try journal.map(request.records(in:))
            let plan = records.map(request.plan(knowing:)) ?? request.plan
            let remaining = plan.trials.filter { records?.completed($0) == nil }
            let names = Self.storedNames(in: remaining).filter { !namesToCome.contains(OptimizerReference($0).name) }
            if journal == nil, let name = names.first {
                throw JournalError(
                    .missing, "\(request.spec.name) needs the learned optimizer \(name), and there is no journal yet")
            }
            let stored =
                try (source ?? journal).map {
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
    /// - Parameter source: the journal that has what the trials need of others: of the experiment's own that the request
    ///   leaves out, and of other experiments; nil where it is the one recorded in.
    /// - Throws: ``JournalError`` where the journal cannot be written, or a learned optimizer is not in it.
    public func run(_ request: RunRequest, _ writer: JournalWriter, needs source: Journal? = nil) throws -> RunReport {
        var round = try open(request, writer, needs: source)
        let display = RunProgress(observer)
        defer { display.end() }
        var fates: [String: TrialBoard.Fate] = [:]
        while true {
            for trial in round.plan.trials where round.isCompleted(trial) && fates[trial.id] == nil {
                fates[trial.id] = .completedBefore
            }
            let board = try perform(request, round, fates, display, writer, needs: source)
            for case (let trial, let fate?) in zip(round.plan.trials, board.fates) { fates[trial.id] = fate }
            guard board.isHolding, !stop.isSet else {
                return try finish(board.report, round.registered, writer)
            }
            let records = try ExperimentRecords(of: round.registered.id, in: writer.journal)
            round = try register(
                request, request.plan(knowing: records), as: round.registered, records, round.stored, round.needed,
                writer)
        }
    }

    /// Records the experiment without running anything of it; what it has in common with others in the journal is
    /// completed with that.
    ///
    /// - Parameter source: as ``run(_:_:needs:)`` has it.
    /// - Throws: as that does.
    public func open(
        _ request: RunRequest, _ writer: JournalWriter, needs source: Journal? = nil
    ) throws -> OpenedExperiment {
        let records = try request.records(in: writer.journal)
        let plan = request.plan(knowing: records)
        let remaining = plan.trials.filter { records.completed($0) == nil }
        let others = source ?? writer.journal
        let stored = try storedOptimizers(
            Self.storedNames(in: remaining), for: plan.trials, earlier: records.trials, in: others)
        // What another spec of the same call has learned could not be looked at before.
        try check(remaining, of: request, stored)
        for (name, optimizer) in stored.sorted(by: { $0.key < $1.key }) where !optimizer.wasRecorded {
            if let notice = try VersionNotice(optimizer: name, in: others) { observer.message(notice.description) }
            if let notice = try ReplicateNotice(optimizer: name, in: others) { observer.message(notice.description) }
        }
        return try register(request, plan, as: nil, records, stored, try request.needed(in: others), writer)
    }

    /// Runs what can be run of a plan.
    ///
    /// - Parameter fates: what has become of trials already, by their identities.
    private func perform(
        _ request: RunRequest, _ round: OpenedExperiment, _ fates: [String: TrialBoard.Fate], _ display: RunProgress,
        _ writer: JournalWriter, needs source: Journal?
    ) throws -> TrialBoard {
        let (journal, plan, registered) = (writer.journal, round.plan, round.registered)
        let board = TrialBoard(plan.trials) { fates[$0.id] }
        guard board.unsettled > 0 else { return board }
        let outcomes = TrialOutcomes(
            request.kinds, registry: registry, stored: round.stored, contents: round.contents,
            experiment: registered.id, writer: writer, report: { [observer] in observer.message($0) })
        for (trial, record) in round.needed { try outcomes.keep(trial, record, in: source ?? journal) }
        let checkpoints = try journal.checkpointSteps(of: registered.id)
        var (total, done) = (0.0, 0.0)
        for (trial, id) in zip(plan.trials, registered.trials) {
            let work = request.kinds.work(of: trial, registry)
            total += work.total
            if let record = round.records.completed(trial) {
                try outcomes.keep(trial, record, in: journal)
                done += work.total
            } else if let step = checkpoints[id] {
                done += work.done(step)
            }
        }
        display.show(total: total, done: done)
        return try ExperimentRun(
            request.kinds, registry, plan, registered, board: board, problems: problems(of: request),
            outcomes: outcomes, meter: ProgressMeter(observer, done: done), writer: writer, pool: pool, stop: stop,
            observer: observer
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

    /// Records the trials of a plan; what they have in common with others in the journal is completed with that, which may
    /// tell of further trials.
    ///
    /// - Parameters:
    ///   - registered: the version, where this run has recorded it before.
    ///   - records: what the journal has of it.
    ///   - needed: what trials have come to that the plan's need and that are not among them.
    private func register(
        _ request: RunRequest, _ plan: ExperimentPlan, as registered: RegisteredExperiment?,
        _ records: ExperimentRecords, _ stored: [String: StoredOptimizer], _ needed: [NeededTrial],
        _ writer: JournalWriter
    ) throws -> OpenedExperiment {
        var (plan, records, version) = (plan, records, registered)
        var takenOver: [TakenOver] = []
        while true {
            var contents = TrialContents(
                programVersion: writer.journal.programVersion, datasets: datasets(of: request), stored: stored)
            for (trial, record) in needed { contents.keep(record.content, of: trial.id) }
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
            return OpenedExperiment(
                plan: plan, registered: recorded, records: records, stored: stored, contents: contents, needed: needed)
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
