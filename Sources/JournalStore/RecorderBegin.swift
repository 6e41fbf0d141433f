import Foundation
import GRDB

extension Recorder {
    /// Claims a trial, and takes back what an earlier attempt recorded past the point it goes on from.
    mutating func begin(
        _ trial: Int64, _ start: TrialStart, fromCheckpoint: Bool, _ db: Database
    ) throws -> TrialClaim {
        try Liveness.bury(db)
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT status, host, pid FROM trials LEFT JOIN runs ON runs.id = run WHERE trials.id = ?",
                arguments: [trial])
        else {
            throw JournalError(.missing, "there is no trial \(trial) in the journal")
        }
        switch TrialStatus(rawValue: row["status"]) {
        case .completed: return .completed
        case .running: return .taken(host: row["host"], pid: row["pid"])
        default: break
        }
        let checkpoint = try fromCheckpoint ? resume(trial, db) : nil
        if checkpoint == nil {
            try forget(trial, db)
        }
        try claim(trial, start, db)
        return checkpoint.map { .resumed($0) } ?? .started
    }

    private func claim(_ trial: Int64, _ start: TrialStart, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE trials SET status = 'running', run = ?, startedAt = ?, finishedAt = NULL, error = NULL,
                    kernelTable = ?, architecture = ?, optimizerSettings = coalesce(?, optimizerSettings),
                    dataset = ?, datasetOrigin = ?, datasetChecksum = ?, datasetNote = ?
                WHERE id = ?
                """,
            arguments: [
                run, Instant.now, start.kernelTable, start.architecture, start.optimizerSettings,
                start.dataset?.name, start.dataset?.origin, start.dataset?.checksum, start.dataset?.note, trial,
            ])
    }

    private mutating func forget(_ trial: Int64, _ db: Database) throws {
        for table in ["curves", "snapshots", "checkpoints", "learnedOptimizers"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE trial = ?", arguments: [trial])
        }
        curves[trial] = [:]
    }

    /// Cuts the curves to where they were at the trial's checkpoint. Snapshots and learned optimizers of
    /// after it stay: the resumed trial tells them again.
    private mutating func resume(_ trial: Int64, _ db: Database) throws -> Checkpoint? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT step, pointCounts, data FROM checkpoints WHERE trial = ?", arguments: [trial])
        else { return nil }
        let pointCounts = try JSONDecoder().decode(
            [String: Int].self, from: Data((row["pointCounts"] as String).utf8))
        curves[trial] = [:]
        for metric in try String.fetchAll(
            db, sql: "SELECT DISTINCT metric FROM curves WHERE trial = ?", arguments: [trial])
        {
            curves[trial]![metric] = try cut(trial, metric, to: pointCounts[metric] ?? 0, db)
        }
        return Checkpoint(step: row["step"], data: row["data"])
    }

    private func cut(_ trial: Int64, _ metric: String, to pointCount: Int, _ db: Database) throws -> Curve {
        var remaining = pointCount
        var last: CurveChunk?
        for row in try Row.fetchAll(
            db, sql: """
                SELECT chunk, firstStep, stride, pointCount, pointValues FROM curves
                WHERE trial = ? AND metric = ? ORDER BY chunk
                """, arguments: [trial, metric])
        {
            let kept = min(remaining, row["pointCount"])
            guard kept > 0 else { break }
            remaining -= kept
            last = CurveChunk(
                index: row["chunk"], firstStep: row["firstStep"], stride: row["stride"], count: kept,
                json: row["pointValues"])
        }
        try db.execute(
            sql: "DELETE FROM curves WHERE trial = ? AND metric = ? AND chunk > ?",
            arguments: [trial, metric, last?.index ?? -1])
        if let last {
            try db.execute(
                sql: """
                    UPDATE curves SET pointCount = ?, pointValues = ? WHERE trial = ? AND metric = ? AND chunk = ?
                    """, arguments: [last.count, last.json, trial, metric, last.index])
        }
        return Curve(pointCount: pointCount, chunk: last)
    }
}
