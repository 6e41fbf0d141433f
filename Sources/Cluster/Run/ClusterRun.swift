import Dispatch
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Scheduler
import TrialKinds
import Wording

/// A run of an experiment on a cluster, seen from where its user sits: what it submits, waits for and brings home.
///
/// All that it goes by lies in the run's folder and in Slurm's queue, so that it may be killed and taken up again.
public final class ClusterRun {
    public let folder: String
    public let request: RunRequest
    let manifest: Manifest
    let files: RunFolder
    let slurm: Slurm
    let observer: any RunObserver
    var shares: [ShareState]
    let work: [Double]
    /// How often the gathering of a phase was submitted when all that it gathers was there.
    var gatherings: [Int: Int] = [:]
    private let registry: Registry
    private let programVersion: String

    /// Looks at a run that was submitted.
    ///
    /// - Throws: ``JournalError`` where there is no such run, or no Slurm.
    public init(
        folder: String, programVersion: String, registry: Registry, observer: any RunObserver
    ) throws {
        self.folder = folder
        self.observer = observer
        self.registry = registry
        files = RunFolder(folder)
        manifest = try files.manifest()
        self.programVersion = programVersion
        slurm = try Slurm()
        request = try manifest.request(registry)
        shares = Array(repeating: ShareState(), count: manifest.shares.count)
        let (request, manifest) = (request, manifest)
        work = manifest.shares.map { share in
            share.reduce(0) { $0 + request.kinds.work(of: request.plan.trials[$1], registry).total }
        }
    }

    /// Makes the folder of a run that is to be submitted, in place of an older one of the same version.
    public convenience init(
        _ launch: ClusterLaunch, in place: String, _ journal: Journal, observer: any RunObserver
    ) throws {
        let folder = RunFolder(in: place, name: launch.request.spec.name, hash: launch.request.spec.hash)
        let slurm = try Slurm()
        try launch.makeFolder(
            folder.path, journal, capacity: slurm.nodes().capacity(launch.settings), mostShares: slurm.mostTasks(),
            report: observer.message)
        try self.init(
            folder: folder.path, programVersion: journal.programVersion, registry: launch.registry, observer: observer)
    }

    /// What came of waiting.
    public struct Outcome: Sendable {
        public var report: RunReport
        /// Why trials are missing that could have run, a line each.
        public var losses: [String] = []
        /// Whether the waiting was broken off, and the tasks go on without.
        public var goesOn = false

        public init(report: RunReport) { self.report = report }
    }

    /// The journal that the run belongs to.
    public var journal: String { manifest.journal }
    /// `NAME@HASH`.
    public var reference: String { manifest.reference }

    /// The numbers of its jobs that wait or run.
    public func liveJobs() throws -> [Int] {
        Set(try slurm.tasks(named: manifest.jobNames).filter(\.isLive).map(\.job)).sorted()
    }

    /// Submits what can be submitted now, in the order in which it is to run.
    ///
    /// - Throws: ``JournalError``: also where the run was submitted by another version of the program.
    public func submit() throws {
        try requireSameProgram()
        _ = try submitOpen(try slurm.tasks(named: manifest.jobNames))
    }

    private func requireSameProgram() throws {
        guard manifest.programVersion != programVersion else { return }
        throw JournalError(
            .usage,
            "\(manifest.reference) was submitted by journal \(manifest.programVersion), and this is journal "
                + "\(programVersion): wait for it with the program that submitted it, or journal cancel it")
    }

    /// Waits until all tasks are over; brings home what they did, and submits again what was lost.
    ///
    /// - Parameter stop: set from outside, ends the waiting; the tasks go on.
    public func wait(into journal: Journal, stop: StopFlag) throws -> Outcome {
        try requireSameProgram()
        let lock = try WaitingLock(files)
        defer { lock.release() }
        observer.begin(total: work.reduce(0, +), done: 0)
        defer { observer.end() }
        var patience = QueuePatience()
        var conflicts: [String] = []
        while !stop.isSet {
            if files.isCancelled { break }
            if let tasks = try patience.ask({ try slurm.tasks(named: manifest.jobNames) }, observer.message) {
                conflicts += try settle(tasks, into: journal)
                let submitted = try submitOpen(tasks)
                lookOn(tasks, journal)
                show(tasks)
                if submitted.isEmpty, !tasks.contains(where: \.isLive) { break }
                patience.note(isNews: !submitted.isEmpty || hasNews)
                hasNews = false
            }
            patience.rest { stop.isSet }
        }
        let live = try stop.isSet && !liveJobs().isEmpty
        if !live, shares.contains(where: { $0.fate == .givenUp }) { try salvage(into: journal) }
        var outcome = Outcome(report: try report(journal))
        (outcome.losses, outcome.goesOn) = (conflicts, live)
        for (number, share) in shares.enumerated() where share.fate == .givenUp {
            let why = share.report?.message.map { ": \($0)" } ?? ""
            outcome.losses.append(
                "\(counted(manifest.shares[number].count, "trial")) of task \(number) given up\(why).")
        }
        return outcome
    }

    /// Ends the run's jobs, waits until they are over, and brings home what they did.
    ///
    /// - Returns: how many jobs there were to end.
    public func cancel(into journal: Journal) throws -> Int {
        try files.cancel()
        let jobs = try liveJobs()
        try slurm.cancel(jobs)
        let patience = QueuePatience()
        while try !liveJobs().isEmpty { patience.rest { false } }
        try salvage(into: journal)
        return jobs.count
    }

    /// Brings home what attempts did whose tasks are over, whether or not they brought their shares to an end.
    public func salvage(into journal: Journal) throws {
        let attempts = try files.attempts()
        var (shards, copies) = ([String](), [String]())
        defer { for copy in copies { try? FileManager.default.removeItem(atPath: copy) } }
        for (share, numbers) in attempts.sorted(by: { $0.key < $1.key }) where shares[share].fate != .done {
            guard let attempt = numbers.last else { continue }
            let report = files.report(share, attempt: attempt)
            var file = files.shard(share, attempt: attempt)
            if report?.state != .completed {
                // What was left half done is taken back in a copy: a node that was given up for lost may still write.
                let copy = ShardCopy(
                    source: file, target: "\(file).home", programVersion: manifest.programVersion)
                guard copy.make(saying: report?.message ?? "ended without a word") else { continue }
                file = copy.target
                copies.append(file)
            }
            shards.append(file)
        }
        if !shards.isEmpty { _ = try journal.merge(shards, areAtRest: true) }
    }

    var hasNews = false
    /// Tasks that Slurm has requeued and that were told.
    var requeued: Set<String> = []
    private var views = LiveViews()

    /// Shows trials that run as they are by now.
    private func lookOn(_ tasks: [QueuedTask], _ journal: Journal) {
        let running = tasks.filter { $0.jobName == manifest.jobName && $0.state == "RUNNING" }
        let shown = shares.compactMap(\.report).filter { $0.state == .running }
            .map { files.view($0.share, attempt: $0.attempt) }
        views.show(shown, jobs: running.map(\.name), in: journal)
    }

    private func show(_ tasks: [QueuedTask]) {
        let done = zip(shares, work).reduce(0) { $0 + $1.0.done(of: $1.1) }
        let running = tasks.filter { $0.state == "RUNNING" && $0.jobName == manifest.jobName }.count
        let waiting = tasks.filter { $0.isLive }.count - running
        let label = shares.last { $0.fate == .open && $0.report?.label.isEmpty == false }?.report?.label
        let counts = "\(counted(running, "task")) running, \(waiting) waiting"
        observer.update(done: done, label: label.map { "\(counts); \($0)" } ?? counts)
    }

    /// What the journal has of the run's trials.
    private func report(_ journal: Journal) throws -> RunReport {
        guard let version = try journal.experiment(named: manifest.name, hash: manifest.hash) else {
            return RunReport()
        }
        let trials = try journal.trials(of: version.id)
        func count(_ status: TrialStatus) -> Int { trials.count { $0.status == status } }
        let submitted = manifest.shares.reduce(0) { $0 + $1.count }
        var report = RunReport(failed: count(.failed), interrupted: count(.interrupted))
        report.completedBefore = min(max(trials.count - submitted, 0), count(.completed))
        report.completed = count(.completed) - report.completedBefore
        let identities = Set(trials.filter { $0.status == .queued || $0.status == .running }.map(\.identity))
        let failed = Set(trials.filter { $0.status == .failed }.map(\.identity))
        for (index, trial) in request.plan.trials.enumerated() where identities.contains(trial.id) {
            let isBlocked =
                !failed.isEmpty
                && request.plan.needs(of: [index]).contains { failed.contains(request.plan.trials[$0].id) }
            if isBlocked { report.blocked += 1 } else { report.notBegun += 1 }
        }
        return report
    }
}
