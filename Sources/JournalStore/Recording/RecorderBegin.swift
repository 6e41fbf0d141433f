import Foundation
import GRDB
import Nouns

extension Recorder {
    /// Claims a trial, and takes back what an earlier attempt recorded past the point it goes on from.
    mutating func begin(
        _ trial: Int64, _ start: TrialStart, goesOn: (CheckpointOrigin) -> Bool, _ db: Database
    ) throws -> TrialClaim {
        let state = try db.cachedStatement(
            sql: """
                SELECT trials.id AS id, status, host, pid, kernelTable, runs.programVersion AS programVersion,
                    trials.startedAt IS NOT NULL AS isBegun
                FROM trials LEFT JOIN runs ON runs.id = run WHERE trials.id = ?
                """)
        guard let row = try Row.fetchOne(state, arguments: [trial]) else {
            throw JournalError(.missing, "there is no trial \(trial) in the journal")
        }
        switch TrialStatus(rawValue: try row.value("status", of: "trialRecords")) {
        case .completed: return .completed
        case .running: return .taken(host: try row.value("host", of: "runs"), pid: try row.value("pid", of: "runs"))
        default: break
        }
        // One that nobody has begun has nothing beside its row.
        let isBegun = try row.value("isBegun", of: "trialRecords", as: Bool.self)
        let origin = try CheckpointOrigin(row)
        let isOurs = origin.map(goesOn) ?? false
        let checkpoint = try isOurs ? resume(trial, db) : nil
        let isGivenUp = try isBegun && checkpoint == nil && !isOurs && hasCheckpoint(trial, db)
        if checkpoint == nil {
            if isBegun { try Self.erase(trial, db) }
            curves[trial] = [:]
        }
        try claim(trial, start, after: checkpoint == nil ? nil : origin, db)
        if let checkpoint { return .resumed(checkpoint) }
        return isGivenUp ? .startedOver(origin) : .started
    }

    /// - Parameter origin: what computed the part of the trial that it goes on from.
    private func claim(_ trial: Int64, _ start: TrialStart, after origin: CheckpointOrigin?, _ db: Database) throws {
        var kernelTable = start.kernelTable
        if let earlier = origin?.kernelTable, !earlier.components(separatedBy: " + ").contains(kernelTable) {
            kernelTable = "\(earlier) + \(kernelTable)"
        }
        try db.cachedStatement(
            sql: """
                UPDATE trialRecords SET status = 'running', run = ?, startedAt = ?, finishedAt = NULL, error = NULL, note = ?,
                    kernelTable = ?, architecture = ?, optimizerSettings = coalesce(?, optimizerSettings),
                    dataset = ?, datasetOrigin = ?, datasetChecksum = ?, datasetNote = ?, content = ?
                WHERE id = ?
                """
        ).execute(arguments: [
            run, Instant.now, start.note, kernelTable, start.architecture, start.optimizerSettings,
            start.dataset?.name, start.dataset?.origin, start.dataset?.checksum, start.dataset?.note,
            start.content, trial,
        ])
    }

    private func hasCheckpoint(_ trial: Int64, _ db: Database) throws -> Bool {
        let count = try db.cachedStatement(sql: "SELECT count(*) FROM checkpoints WHERE trial = ?")
        return try Int.fetchOne(count, arguments: [trial]) != 0
    }

    /// Drops all that was recorded of a trial beside its row.
    static func erase(_ trial: Int64, _ db: Database) throws {
        for rows in OwnedRows.ofTrials {
            try db.cachedStatement(sql: "DELETE FROM \(rows.table) WHERE \(rows.owner) = ?").execute(arguments: [trial])
        }
    }

    /// Cuts the curves to where they were at the trial's checkpoint. Snapshots and learned optimizers of
    /// after it stay: the resumed trial tells them again.
    private mutating func resume(_ trial: Int64, _ db: Database) throws -> Checkpoint? {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT step, pointCounts, data FROM checkpoints WHERE trial = ?", arguments: [trial])
        else { return nil }
        let counts = try row.value("pointCounts", of: "checkpoints", as: String.self)
        guard let pointCounts = try? JSONDecoder().decode([String: Int].self, from: Data(counts.utf8)) else {
            throw row.fault("pointCounts", of: "checkpoints", allowed: "an object of whole numbers")
        }
        curves[trial] = [:]
        try db.execute(sql: "DELETE FROM curveOverviews WHERE trial = ?", arguments: [trial])
        for metric in try String.fetchAll(
            db, sql: "SELECT DISTINCT metric FROM curves WHERE trial = ?", arguments: [trial])
        {
            curves[trial]![metric] = try cut(trial, metric, to: pointCounts[metric] ?? 0, db)
        }
        return Checkpoint(
            step: try row.value("step", of: "checkpoints"), data: try row.value("data", of: "checkpoints"))
    }

    private func cut(_ trial: Int64, _ metric: String, to pointCount: Int, _ db: Database) throws -> Curve {
        var remaining = pointCount
        var last: CurveChunk?
        var overview = CurveOverview()
        for row in try Row.fetchAll(
            db,
            sql: """
                SELECT trial AS id, chunk, firstStep, stride, pointCount, pointValues FROM curves
                WHERE trial = ? AND metric = ? ORDER BY chunk
                """, arguments: [trial, metric])
        {
            let kept = min(remaining, try row.value("pointCount", of: "curves"))
            guard kept > 0 else { break }
            remaining -= kept
            let firstStep = try row.value("firstStep", of: "curves", as: Int.self)
            let stride = try row.value("stride", of: "curves", as: Int.self)
            for (index, value) in try CurveChunk.values(of: row).prefix(kept).enumerated() {
                overview.add(step: firstStep + stride * index, value: value)
            }
            last = CurveChunk(
                index: try row.value("chunk", of: "curves"), firstStep: firstStep, stride: stride, count: kept,
                json: try row.value("pointValues", of: "curves"))
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
        return Curve(chunk: last, overview: overview)
    }
}
