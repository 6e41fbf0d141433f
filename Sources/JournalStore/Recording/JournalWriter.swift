import Foundation
import GRDB

/// Records what trials tell, from any number of threads, in batched transactions on a queue of its own.
///
/// Telling costs a lock and an append; events are committed within half a second (``patience``), those of one trial in the
/// order told, its end never before its points. Once a write has failed nothing more is written, and every
/// call that can throw says why: what was not saved is never reported as saved.
public final class JournalWriter: @unchecked Sendable {
    /// Bytes of waiting events that call for a commit at once, and bytes at which tellers have to wait for it.
    static let fullBatch = 4 << 20
    static let limit = 64 << 20
    /// After how many signs of life what is in the log goes into the file itself.
    private static let beatsBetweenCheckpoints = 6

    /// The journal recorded in.
    public let journal: Journal
    /// Seconds an event may wait: with the commit itself, a killed process loses less than the last second; of a journal
    /// that is this process's alone, less than the last six, as a file system of many machines is to be spared.
    public let patience: Double
    let run: Int64

    private let runLock: RunLock?
    private let queue = DispatchQueue(label: "journal.writer")
    private let heartbeat: any DispatchSourceTimer
    private let lock = NSLock()
    /// These four are guarded by the lock; the recorder is touched on the queue alone.
    private var waiting: [JournalEvent] = []
    private var waitingBytes = 0
    private var isCommitDue = false
    private var failure: JournalError?
    private var recorder: Recorder
    /// Touched on the queue alone.
    private var beats = 0

    /// Starts a run: from now until ``finish()`` this process may claim trials. Trials of processes that are
    /// gone become `interrupted`.
    ///
    /// - Parameter place: where the process computes, for whoever asks later.
    public init(_ journal: Journal, at place: RunPlace = .here) throws {
        self.journal = journal
        patience = journal.isExclusive ? 5 : 0.5
        let process = UUID().uuidString
        // Held before anyone can know of the run.
        let runLock = journal.isExclusive ? nil : RunLock(journal: journal.path, process: process)
        let run = try journal.write { db in
            try journal.liveness.bury(db)
            let now = Instant.now
            try db.execute(
                sql: """
                    INSERT INTO runs (host, job, pid, process, programVersion, startedAt, heartbeatAt, isLocked)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    place.host, place.job, Liveness.pid, process, journal.programVersion, now, now, runLock != nil,
                ])
            return db.lastInsertedRowID
        }
        self.run = run
        self.runLock = runLock
        recorder = Recorder(run: run, liveness: journal.liveness)
        heartbeat = DispatchSource.makeTimerSource(queue: queue)
        // Of one that nobody else looks at, only the last sign of life counts.
        let beat = DispatchTimeInterval.seconds(Liveness.heartbeat * (journal.isExclusive ? 6 : 1))
        heartbeat.schedule(deadline: .now() + beat, repeating: beat)
        heartbeat.setEventHandler { [weak self] in self?.beat() }
        heartbeat.resume()
    }

    deinit { heartbeat.cancel() }

    /// Takes an event to be committed soon; waits only when far more is told than can be written.
    func tell(_ event: JournalEvent) {
        let isOverLimit = lock.withLock {
            guard failure == nil else { return false }
            waiting.append(event)
            waitingBytes += event.weight
            if waitingBytes >= Self.fullBatch && waitingBytes - event.weight < Self.fullBatch {
                queue.async { self.commit() }
            } else if !isCommitDue {
                isCommitDue = true
                queue.asyncAfter(deadline: .now() + patience) { self.commit() }
            }
            return waitingBytes > Self.limit
        }
        if isOverLimit {
            queue.sync { self.commit() }
        }
    }

    /// Waits until all that was told is committed.
    ///
    /// - Throws: The ``JournalError`` of the first write that failed, now or before.
    public func flush() throws {
        queue.sync { self.commit() }
        try checkHealth()
    }

    /// Throws the ``JournalError`` of the first write that failed, if one did. Costs a lock.
    public func checkHealth() throws {
        if let failure = lock.withLock({ failure }) { throw failure }
    }

    /// Ends the run: commits all, and marks trials still running as `interrupted`. The journal stays open.
    ///
    /// - Parameter ending: how it ended, in words, where somebody will want to know.
    /// - Throws: The ``JournalError`` of the first write that failed, now or before.
    public func finish(saying ending: String? = nil) throws {
        heartbeat.cancel()
        try flush()
        try attempt {
            try journal.write { db in
                let now = Instant.now
                try db.execute(
                    sql: """
                        UPDATE trialRecords SET status = 'interrupted', finishedAt = :now
                        WHERE run = :run AND status = 'running'
                        """, arguments: ["now": now, "run": run])
                try db.execute(
                    sql: "UPDATE runs SET finishedAt = :now, heartbeatAt = :now, ending = :ending WHERE id = :run",
                    arguments: ["now": now, "ending": ending, "run": run])
            }
            journal.checkpoint()
        }
        runLock?.release()
    }

    /// Begins trials, each if it is neither completed nor being run; in one transaction, so that no two processes run
    /// one.
    ///
    /// A checkpoint is gone on from only where `goesOn` says that this process computes as the one did that took it;
    /// elsewhere the trial starts over.
    ///
    /// - Returns: what came of each, in the order given.
    /// - Throws: ``JournalError`` when a trial is not in the journal or a write failed.
    public func begin(
        _ trials: [(id: Int64, start: TrialStart)], goesOn: (CheckpointOrigin) -> Bool = { _ in true }
    ) throws -> [TrialClaim] {
        try queue.sync {
            commit()
            try checkHealth()
            return try attempt {
                try journal.write { db in
                    try journal.liveness.bury(except: run, db)
                    return try trials.map { try recorder.begin($0.id, $0.start, goesOn: goesOn, db) }
                }
            }
        }
    }

    /// Begins one trial.
    public func begin(
        _ trial: Int64, _ start: TrialStart, goesOn: (CheckpointOrigin) -> Bool = { _ in true }
    ) throws -> TrialClaim {
        try begin([(trial, start)], goesOn: goesOn)[0]
    }

    /// Records an experiment that this run is to run: ``Journal/register(_:fresh:for:)``.
    public func register(_ experiment: ExperimentRegistration, fresh: Bool = false) throws -> RegisteredExperiment {
        try queue.sync {
            commit()
            try checkHealth()
            return try attempt { try journal.register(experiment, fresh: fresh, for: run) }
        }
    }

    /// Records further trials of an experiment that this run runs: ``Journal/register(_:extending:takesOver:for:)``.
    public func register(
        _ experiment: ExperimentRegistration, extending version: RegisteredExperiment, takesOver: Bool
    ) throws -> RegisteredExperiment {
        try queue.sync {
            commit()
            try checkHealth()
            return try attempt {
                try journal.register(experiment, extending: version, takesOver: takesOver, for: run)
            }
        }
    }

    /// Puts a version that was run afresh in the place of the old one, with all its trials, in one transaction.
    ///
    /// - Parameters:
    ///   - old: the version whose trials are given up.
    ///   - fresh: what ``register(_:fresh:)`` made beside it; gone afterwards.
    /// - Throws: ``JournalError`` when a process is running trials of the old version, or a write failed.
    public func replace(_ old: Int64, by fresh: Int64) throws {
        try queue.sync {
            commit()
            try checkHealth()
            try attempt {
                try journal.write { try Journal.replace(old, by: fresh, $0) }
            }
        }
    }

    private func commit() {
        let events = lock.withLock {
            defer {
                waiting = []
                waitingBytes = 0
                isCommitDue = false
            }
            return failure == nil ? waiting : []
        }
        guard !events.isEmpty else { return }
        try? attempt {
            try journal.write { try recorder.record(events, $0) }
        }
    }

    private func beat() {
        try? attempt {
            try journal.write {
                try $0.execute(sql: "UPDATE runs SET heartbeatAt = ? WHERE id = ?", arguments: [Instant.now, run])
            }
            beats += 1
            if beats.isMultiple(of: Self.beatsBetweenCheckpoints) { journal.checkpoint() }
        }
    }

    /// Keeps the first failure: nothing is written after it.
    private func attempt<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            try journal.requireInPlace()
            return try body()
        } catch {
            let error = JournalError(error, path: journal.path)
            lock.withLock { failure = failure ?? error }
            throw error
        }
    }
}
