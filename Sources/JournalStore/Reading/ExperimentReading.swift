import Foundation
import GRDB
import Nouns

extension Journal {
    /// One metric of all completed trials of a kind, by trial, in one statement. Exact to the last bit; NaN for NaN.
    public func curves(of experiment: Int64, kind: TrialKindName, metric: Metric) throws -> [Int64: [Double]] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT trial AS id, pointValues FROM trials JOIN curves ON curves.trial = trials.id AND metric = :metric
                    WHERE experiment = :experiment AND kind = :kind AND status = 'completed' ORDER BY trial, chunk
                    """, arguments: ["experiment": experiment, "kind": kind.rawValue, "metric": metric.rawValue])
            var curves: [Int64: [Double]] = [:]
            while let row = try rows.next() {
                curves[try row.value("id", of: "curves"), default: []] += try CurveChunk.values(of: row)
            }
            return curves
        }
    }

    /// The version of the program that computed each trial of an experiment version, by trial, as far as it is known.
    public func programVersions(of experiment: Int64) throws -> [Int64: String] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT trials.id AS id, runs.programVersion AS programVersion FROM trials JOIN runs ON runs.id = run WHERE experiment = ?
                    """, arguments: [experiment])
            var versions: [Int64: String] = [:]
            while let row = try rows.next() {
                versions[try row.value("id", of: "runs")] = try row.value("programVersion", of: "runs", as: String.self)
            }
            return versions
        }
    }
}
