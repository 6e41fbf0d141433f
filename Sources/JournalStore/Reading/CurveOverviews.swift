import Foundation
import GRDB
import Nouns

extension CurveOverview {
    /// Of points at hand.
    public init(steps: [Int], values: [Double]) {
        self.init()
        for (step, value) in zip(steps, values) { add(step: step, value: value) }
    }
}

extension Journal {
    /// A curve from afar, at most 128 stretches of it; empty where there is none.
    ///
    /// Costs one row, and all points of a curve that grows, or that an earlier program recorded.
    public func overview(trial: Int64, metric: Metric) throws -> CurveOverview {
        try read { db in
            let stored = try Self.overviews(
                where: "trial = :trial", ["trial": trial, "metric": metric.rawValue], db)
            if let overview = stored[trial] { return overview }
            let (steps, values) = try Self.points(trial: trial, metric: metric, db)
            return CurveOverview(steps: steps, values: values)
        }
    }

    /// One metric of an experiment's trials of a kind, from afar, by trial.
    ///
    /// - Parameter most: how many curves without a stored overview are made from their points; the rest are left out.
    ///   (A curve that is short, grows, or was recorded by an earlier program has none.)
    public func overviews(
        of experiment: Int64, kind: TrialKindName, metric: Metric, most: Int
    ) throws -> [Int64: CurveOverview] {
        try read { db in
            let arguments: StatementArguments = [
                "experiment": experiment, "kind": kind.rawValue, "metric": metric.rawValue,
            ]
            let trials = "trial IN (SELECT id FROM trialRecords WHERE experiment = :experiment AND kind = :kind)"
            var overviews = try Self.overviews(where: trials, arguments, db)
            let others = try Int64.fetchCursor(
                db,
                sql: """
                    SELECT trial FROM curves WHERE chunk = 0 AND metric = :metric AND \(trials) AND trial NOT IN
                        (SELECT trial FROM curveOverviews WHERE metric = :metric AND \(trials))
                    """, arguments: arguments)
            var made = 0
            while made < most, let trial = try others.next() {
                made += 1
                let (steps, values) = try Self.points(trial: trial, metric: metric, db)
                overviews[trial] = CurveOverview(steps: steps, values: values)
            }
            return overviews
        }
    }

    private static func overviews(
        where condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> [Int64: CurveOverview] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT trial AS id, pointCount, lastStep, buckets FROM curveOverviews
                WHERE metric = :metric AND \(condition)
                """, arguments: arguments)
        var overviews: [Int64: CurveOverview] = [:]
        while let row = try rows.next() {
            let overview = try row.value("buckets", of: "curveOverviews", as: Data.self).withUnsafeBytes { bytes in
                CurveOverview(
                    bytes: bytes, pointCount: try row.value("pointCount", of: "curveOverviews"),
                    lastStep: try row.value("lastStep", of: "curveOverviews"))
            }
            guard let overview else {
                throw row.fault("buckets", of: "curveOverviews", allowed: "buckets of 20 bytes")
            }
            overviews[try row.value("id", of: "curveOverviews")] = overview
        }
        return overviews
    }

    /// How many points each curve of a trial has, and the last of them, in the order of their names. Costs a row a curve.
    public func curveEnds(of trial: Int64) throws -> [(metric: Metric, points: Int, last: Double)] {
        try read { try Self.curveEnds(of: trial, $0) }
    }

    static func curveEnds(of trial: Int64, _ db: Database) throws -> [(metric: Metric, points: Int, last: Double)] {
        let rows = try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT trial AS id, metric, pointValues, max(chunk) AS chunk, sum(pointCount) AS points FROM curves
                    WHERE trial = ? GROUP BY metric ORDER BY metric
                    """), arguments: [trial])
        return try rows.map { row in
            (
                Metric(try row.value("metric", of: "curves", as: String.self)), try row.value("points", of: "curves"),
                try CurveChunk.values(of: row).last ?? .nan
            )
        }
    }
}
