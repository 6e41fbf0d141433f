import Foundation
import GRDB
import Nouns

/// Writes events into the tables, inside the writer's transactions.
struct Recorder {
    let run: Int64
    let liveness: Liveness
    /// The curves of the trials this run has begun and not ended, by metric.
    var curves: [Int64: [String: Curve]] = [:]

    init(run: Int64, liveness: Liveness) {
        self.run = run
        self.liveness = liveness
    }

    /// Writes events in the order told, and every curve they leave unwritten.
    mutating func record(_ events: [JournalEvent], _ db: Database) throws {
        for trial in Set(events.compactMap(\.trial)) {
            try requireOurs(trial, db)
        }
        for event in events {
            try record(event, db)
        }
        for trial in Array(curves.keys) {
            try writeCurves(of: trial, db)
        }
    }

    /// A process that was silent too long, stopped or asleep, may have lost its trials to another.
    private func requireOurs(_ trial: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT count(*) FROM trials WHERE id = ? AND run = ? AND status = 'running'")
        guard try Int.fetchOne(statement, arguments: [trial, run]) == 1 else {
            throw JournalError(
                .inputOutput, "trial \(trial) is not being run by this process: another took it over, or it was ended")
        }
    }

    private mutating func record(_ event: JournalEvent, _ db: Database) throws {
        switch event {
        case .point(let trial, let metric, let step, let value):
            curves[trial, default: [:]][metric, default: Curve()].append(step: step, value: value)
        case .floats(let trial, let metric, let firstStep, let stride, let values):
            append(trial, metric, firstStep, stride, values.lazy.map { .single($0) })
        case .doubles(let trial, let metric, let firstStep, let stride, let values):
            append(trial, metric, firstStep, stride, values.lazy.map { .double($0) })
        case .snapshot(let trial, let step, let parameters):
            try writeSnapshot(trial, step, parameters, db)
        case .checkpoint(let trial, let checkpoint):
            try writeCheckpoint(trial, checkpoint, db)
        case .learnedOptimizer(let trial, let optimizer):
            try writeLearnedOptimizer(trial, optimizer, db)
        case .completed(let trial, let results):
            try complete(trial, results, db)
        case .stopped(let trial, let status, let message):
            try stop(trial, status, message, db)
        case .released(let trial):
            try release(trial, db)
        case .tuningChoices(let experiment, let choices):
            try writeTuningChoices(experiment, choices, db)
        }
    }

    private mutating func append(
        _ trial: Int64, _ metric: String, _ firstStep: Int, _ stride: Int, _ values: some Sequence<CurveValue>
    ) {
        var curve = curves[trial]?[metric] ?? Curve()
        curves[trial]?[metric] = nil
        var step = firstStep
        for value in values {
            curve.append(step: step, value: value)
            step += stride
        }
        curves[trial, default: [:]][metric] = curve
    }

    mutating func writeCurves(of trial: Int64, _ db: Database) throws {
        for metric in Array(curves[trial, default: [:]].keys) {
            for chunk in curves[trial]![metric]!.takeChanged() {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO curves (trial, metric, chunk, firstStep, stride, pointCount, pointValues)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (trial, metric, chunk) DO UPDATE SET
                            stride = excluded.stride, pointCount = excluded.pointCount,
                            pointValues = excluded.pointValues
                        """
                ).execute(arguments: [
                    trial, metric, chunk.index, chunk.firstStep, chunk.stride, chunk.count, chunk.json,
                ])
            }
        }
    }

    /// Writes what is left of a trial's curves, and how each looks from afar.
    private mutating func finishCurves(of trial: Int64, _ db: Database) throws {
        try writeCurves(of: trial, db)
        for (metric, curve) in curves[trial, default: [:]] where curve.pointCount > CurveOverview.threshold {
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO curveOverviews (trial, metric, pointCount, lastStep, buckets)
                    VALUES (?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                trial, metric, curve.pointCount, curve.overview.lastStep, curve.overview.bytes,
            ])
        }
        curves[trial] = nil
    }

    private mutating func complete(_ trial: Int64, _ results: TrialResults, _ db: Database) throws {
        try finishCurves(of: trial, db)
        try db.cachedStatement(
            sql: """
                UPDATE trialRecords SET status = 'completed', finishedAt = ?, steps = ?, seconds = ?, diverged = ?,
                    note = nullif(trim(coalesce(note, '') || ' ' || coalesce(?, '')), '')
                WHERE id = ?
                """
        ).execute(arguments: [
            Instant.now, results.steps, results.seconds, results.isDiverged, results.note, trial,
        ])
        let insertion = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO results (trial, name, value, isNaN) VALUES (?, ?, ?, ?)")
        for (name, value) in results.values {
            try insertion.execute(arguments: [trial, name.rawValue, RankedValue.stored(value), value.isNaN])
        }
        try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE trial = ?").execute(arguments: [trial])
    }

    private mutating func stop(_ trial: Int64, _ status: TrialStatus, _ message: String?, _ db: Database) throws {
        try finishCurves(of: trial, db)
        try db.cachedStatement(sql: "UPDATE trialRecords SET status = ?, finishedAt = ?, error = ? WHERE id = ?")
            .execute(arguments: [status.rawValue, Instant.now, message, trial])
    }

    private mutating func release(_ trial: Int64, _ db: Database) throws {
        curves[trial] = nil
        try db.cachedStatement(
            sql: """
                UPDATE trialRecords SET status = 'queued', run = NULL, startedAt = NULL
                WHERE id = ? AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE trial = trialRecords.id)
                """
        ).execute(arguments: [trial])
        try db.cachedStatement(
            sql: "UPDATE trialRecords SET status = 'interrupted' WHERE id = ? AND status = 'running'"
        )
        .execute(arguments: [trial])
    }

    private func writeSnapshot(_ trial: Int64, _ step: Int, _ parameters: [NamedTensor], _ db: Database) throws {
        for parameter in parameters {
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO snapshots (trial, step, parameter, shape, elementType, bytes)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                trial, step, parameter.name, parameter.shapeText, parameter.elementType.rawValue, parameter.bytes,
            ])
        }
    }

    private mutating func writeCheckpoint(_ trial: Int64, _ checkpoint: Checkpoint, _ db: Database) throws {
        try writeCurves(of: trial, db)
        let pointCounts = curves[trial, default: [:]].mapValues(\.pointCount)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO checkpoints (trial, step, pointCounts, data, createdAt) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                trial, checkpoint.step, String(decoding: encoder.encode(pointCounts), as: UTF8.self),
                checkpoint.data, Instant.now,
            ])
    }

    private func writeLearnedOptimizer(_ trial: Int64, _ optimizer: LearnedOptimizerRecord, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM learnedOptimizers WHERE trial = ? AND name = ?", arguments: [trial, optimizer.name])
        try db.execute(
            sql: """
                INSERT INTO learnedOptimizers (trial, name, kind, configuration, evaluationLoss, createdAt)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                trial, optimizer.name, optimizer.kind, optimizer.configuration,
                optimizer.evaluationLoss.map(RankedValue.stored), Instant.now,
            ])
        let id = db.lastInsertedRowID
        for (position, weight) in optimizer.weights.enumerated() {
            try db.execute(
                sql: """
                    INSERT INTO learnedOptimizerWeights (learnedOptimizer, position, name, shape, elementType, bytes)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, position, weight.name, weight.shapeText, weight.elementType.rawValue, weight.bytes,
                ])
        }
    }

    private func writeTuningChoices(_ experiment: Int64, _ choices: [TuningChoice], _ db: Database) throws {
        for choice in choices {
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO tuningChoices
                        (experiment, problem, optimizer, replicate, candidate, meanFinalLoss, trials, chosen)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    experiment, choice.problem, choice.optimizer, choice.replicate ?? 0, choice.candidate,
                    RankedValue.stored(choice.meanFinalLoss), choice.trials, choice.chosen,
                ])
        }
    }
}
