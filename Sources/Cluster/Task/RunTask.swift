import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Scheduler
import TrialKinds
import Wording

/// What a task of a run does: its share of the trials, or the gathering of what a phase has come to.
public struct RunTask {
    private let folder: RunFolder
    private let manifest: Manifest
    private let request: RunRequest
    private let programVersion: String
    private let registry: Registry

    /// Reads what the tasks of a folder are to do.
    ///
    /// - Throws: ``JournalError``: also where the run belongs to another version of the program.
    public init(_ path: String, programVersion: String, registry: Registry) throws {
        folder = RunFolder(path)
        manifest = try folder.manifest()
        self.programVersion = programVersion
        self.registry = registry
        request = try manifest.request(registry)
    }

    /// How a share came out.
    public enum Ending: Sendable {
        case completed, stopped
    }

    /// Runs the trials of a share that earlier attempts left undone, and records them in a shard of this attempt's own.
    ///
    /// - Parameters:
    ///   - stop: set from outside, has the trials write checkpoints and end.
    ///   - log: receives messages.
    /// - Throws: ``JournalError``, `DatasetError`. How it ended then stands in its report.
    public func run(
        share: Int, at place: TaskPlace, _ pool: WorkerPool, stop: StopFlag, log: @escaping @Sendable (String) -> Void
    ) throws -> Ending {
        guard manifest.shares.indices.contains(share) else {
            throw JournalError(.usage, "found the share \(share); allowed: 0 to \(manifest.shares.count - 1)")
        }
        let attempt = try folder.beginAttempt(share)
        let observer = TaskObserver(
            TaskReport(share: share, attempt: attempt, job: place.job, node: place.node), folder, log: log)
        observer.begin(total: 0, done: 0)
        do {
            try requireSameProgram()
            let (report, isAhead) = try perform(share, attempt, place, pool, stop, observer)
            observer.finish(report.wasStopped ? .stopped : .completed, isAhead: isAhead)
            return report.wasStopped ? .stopped : .completed
        } catch let error as JournalError where error.kind == .usage {
            observer.finish(.refused, error.message)
            throw error
        } catch {
            observer.finish(.failed, reason(error))
            throw error
        }
    }

    private func requireSameProgram() throws {
        guard manifest.programVersion != programVersion else { return }
        throw JournalError(
            .usage,
            "the node's program is journal \(programVersion), and the run was submitted by journal "
                + "\(manifest.programVersion), whose results may have other bits. Install the same program at "
                + "\(manifest.program) on all nodes")
    }

    private func perform(
        _ share: Int, _ attempt: Int, _ place: TaskPlace, _ pool: WorkerPool, _ stop: StopFlag,
        _ observer: TaskObserver
    ) throws -> (report: RunReport, isAhead: Bool) {
        let needs = try Journal(
            atRest: folder.needs(ofPhase: manifest.phase(of: share)), programVersion: programVersion)
        let shard = try openShard(share, attempt, needs: needs, observer)
        let writer = try JournalWriter(shard, at: place.runPlace)
        let view = ShardView(of: shard, at: folder.view(share, attempt: attempt))
        do {
            // What needs a trial that failed is left out, as in a run on one machine.
            let part = request.part(try runnable(manifest.shares[share], needs))
            let library = DatasetLibrary(
                registry.datasets, folder: manifest.dataFolder.map { URL(fileURLWithPath: $0, isDirectory: true) })
            var runner = ExperimentRunner(
                registry: registry, library: library, pool: pool, stop: stop, observer: observer)
            try runner.prepare([part], in: shard, needs: needs)
            let before = try checkpoints(in: shard)
            let report = try runner.run(part, writer, needs: needs)
            view.end()
            try writer.finish(saying: Self.ending(report))
            let isAhead = try report.completed > 0 || checkpoints(in: shard) != before
            try shard.close()
            return (report, isAhead)
        } catch {
            view.end()
            try? writer.finish(saying: reason(error))
            try? shard.close()
            throw error
        }
    }

    /// The steps of all checkpoints, by trial.
    private func checkpoints(in shard: Journal) throws -> [Int64: Int] {
        try shard.experiment(named: manifest.name, hash: manifest.hash).map { try shard.checkpointSteps(of: $0.id) }
            ?? [:]
    }

    /// Those of some trials of which all that they need is completed.
    private func runnable(_ trials: [Int], _ needs: Journal) throws -> [Int] {
        let completed = try needs.completedTrials(of: manifest.name, manifest.hash)
        let missing = Set(request.plan.needs(of: trials).filter { !completed.contains(request.plan.trials[$0].id) })
        guard !missing.isEmpty else { return trials }
        return trials.filter { missing.isDisjoint(with: request.plan.needs(of: [$0])) }
    }

    private static func ending(_ report: RunReport) -> String {
        let completed = report.completed + report.completedBefore
        let counts = "\(completed) of \(counted(report.total, "trial")) completed"
        return report.wasStopped ? "told to stop, \(counts)" : counts
    }

    /// A shard for an attempt: it goes on with what earlier ones did, or with what the user's journal has.
    private func openShard(
        _ share: Int, _ attempt: Int, needs: Journal, _ observer: TaskObserver
    ) throws -> Journal {
        let file = folder.shard(share, attempt: attempt)
        let isContinued = (0..<attempt).reversed().contains { earlier in
            let ending = folder.report(share, attempt: earlier)?.message ?? "ended without a word"
            return ShardCopy(
                source: folder.shard(share, attempt: earlier), target: file, programVersion: programVersion
            ).make(saying: ending)
        }
        let shard = try Journal(exclusively: file, programVersion: programVersion)
        if !isContinued {
            var selection = MergeSelection()
            selection.add(manifest.shares[share].map { request.plan.trials[$0].id }, of: manifest.name, manifest.hash)
            try shard.bring(selection, from: [needs.path])
        }
        return shard
    }

    /// Gathers what a phase has come to, as far as later ones need it, into one file that those only read.
    ///
    /// - Throws: ``JournalError`` of kind `unavailable` where a share of the phase has not come to its end.
    public func gather(phase: Int) throws {
        try requireSameProgram()
        let attempts = try folder.attempts()
        let shares = manifest.shares(ofPhase: phase)
        let shards = try shares.map { share in
            guard let attempt = attempts[share]?.last, folder.report(share, attempt: attempt)?.state == .completed
            else {
                throw JournalError(.unavailable, "share \(share) has not come to its end")
            }
            return folder.shard(share, attempt: attempt)
        }
        let later = manifest.shares[shares.upperBound...].joined()
        var selection = MergeSelection()
        selection.add(
            request.plan.needs(of: later).map { request.plan.trials[$0].id }, of: manifest.name, manifest.hash)
        try folder.writeNeeds(ofPhase: phase + 1, programVersion: programVersion) { journal in
            try journal.bring(nil, from: [folder.needs(ofPhase: phase)])
            try journal.bring(selection, from: shards)
        }
    }
}

extension Manifest {
    /// The experiment that it says, whole.
    func request(_ registry: Registry) throws -> RunRequest {
        let kinds = TrialKinds.standard
        let experiment: ExperimentSpec
        do {
            experiment = try ExperimentSpec(spec, file: "the run's spec", vocabulary: kinds.vocabulary(registry))
        } catch {
            throw JournalError(.badData, "\(error)")
        }
        guard experiment.hash == hash else {
            throw JournalError(
                .badData, "the run's spec means another experiment to this program than to the one that submitted it")
        }
        return RunRequest(
            experiment, text: text, folder: URL(fileURLWithPath: specFolder, isDirectory: true), registry: registry,
            kinds: kinds)
    }
}

extension RunFolder {
    /// Writes the file that the tasks of a phase read: it is there as a whole, or not at all.
    func writeNeeds(ofPhase phase: Int, programVersion: String, _ fill: (Journal) throws -> Void) throws {
        let file = needs(ofPhase: phase)
        let new = "\(file).\(UUID().uuidString)"
        let journal = try Journal(exclusively: new, programVersion: programVersion)
        try fill(journal)
        try journal.close()
        guard rename(new, file) == 0 else {
            throw JournalError(.inputOutput, "\(file) cannot be written: \(reason(systemError: errno))")
        }
    }
}

extension Journal {
    /// Merges journals that nothing writes to any more, all or some of their trials.
    ///
    /// - Throws: ``JournalError`` where one cannot be read, or has other results than there are.
    func bring(_ selection: MergeSelection?, from files: [String]) throws {
        let outcome = try merge(files, only: selection, areAtRest: true)
        if let fault = outcome.faults.first { throw fault.error }
        if let conflict = outcome.conflicts.first {
            throw JournalError(
                .badData,
                "\(conflict.subject), of \(conflict.path), has other results than before: \(conflict.difference)")
        }
    }

    /// The identities of a version's completed trials.
    func completedTrials(of name: String, _ hash: String) throws -> Set<String> {
        guard let version = try experiment(named: name, hash: hash) else { return [] }
        return Set(try trials(of: version.id).filter { $0.status == .completed }.map(\.identity))
    }
}
