import GRDB
import Nouns

/// A piece of a trial's curve as it is stored, up to 1,000 points, with what the trial is called.
public struct CurveStretch: Sendable {
    public let trial: Int64
    public let experiment: String
    /// The first letters of its version's hash.
    public let version: String
    public let kind: String
    public let problem: String
    public let optimizer: String
    public let seed: Int
    public let metric: String
    public let firstStep: Int
    /// From one point's step to the next one's.
    public let stride: Int
    /// A JSON list: the shortest decimals that read back the same, `null` for NaN, `9e999` for infinity.
    public let text: String

    init(_ row: Row) throws {
        func text(_ column: String, of table: String) throws -> String { try row.value(column, of: table) }
        trial = try row.value("id", of: "curves")
        experiment = try text("name", of: "experiments")
        version = try String(text("hash", of: "experiments").prefix(12))
        kind = try text("kind", of: "trialRecords")
        problem = try text("problem", of: "trialRecords")
        optimizer = try text("optimizer", of: "trialRecords")
        seed = try row.value("seed", of: "trialRecords")
        metric = try text("metric", of: "curves")
        firstStep = try row.value("firstStep", of: "curves")
        stride = try row.value("stride", of: "curves")
        self.text = try text("pointValues", of: "curves")
        let end = stride.multipliedReportingOverflow(by: 1000)
        guard !end.overflow, !firstStep.addingReportingOverflow(end.partialValue).overflow else {
            throw row.fault("stride", of: "curves", allowed: "the steps from one point to the next")
        }
    }

    /// The values, each to the last bit.
    ///
    /// - Throws: ``JournalError`` of kind `badData` where the text is no list of numbers.
    public func values() throws -> [Double] {
        guard let values = CurveChunk.values(json: text) else { throw fault }
        return values
    }

    /// What to say where the text is no list of numbers.
    public var fault: JournalError {
        JournalError(
            .badData,
            "table curves, trial \(trial), metric \(metric): the values from step \(firstStep) are no list of numbers. "
                + "The journal was changed by another program, or is damaged")
    }
}

extension Journal {
    /// Hands over the curves of experiment versions, or of all, by trial, metric and step, as they were at one moment.
    /// Memory does not grow with their number.
    ///
    /// - Throws: ``JournalError`` where there is no curve of that metric, and what `body` throws.
    public func forEachStretch(
        of versions: [ExperimentRecord]?, metric: Metric? = nil, _ body: (CurveStretch) throws -> Void
    ) throws {
        try read { db in
            if let metric {
                let known = try String.fetchAll(db, sql: "SELECT DISTINCT metric FROM curves ORDER BY 1")
                guard known.contains(metric.rawValue) else {
                    throw JournalError(
                        .missing,
                        "the journal has no points of \(metric)"
                            + suggestion(for: metric.rawValue, among: known, called: "its metrics are"))
                }
            }
            let chosen = versions.map { $0.map { String($0.id) }.joined(separator: ", ") }
            // In this order of joins, and without the index by experiment, the rows come in the order asked for: sorted
            // first, they would all be held.
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT trialRecords.id AS id, name, hash, kind, problem, optimizer, seed, metric, firstStep, stride,
                        pointValues
                    FROM trialRecords
                    CROSS JOIN experiments ON experiments.id = +trialRecords.experiment
                    CROSS JOIN curves ON curves.trial = trialRecords.id
                    WHERE replaces IS NULL \(chosen.map { "AND +trialRecords.experiment IN (\($0))" } ?? "")
                        AND (:metric IS NULL OR metric = :metric)
                    ORDER BY trialRecords.id, metric, chunk
                    """, arguments: ["metric": metric?.rawValue])
            while let row = try rows.next() { try body(CurveStretch(row)) }
        }
    }
}
