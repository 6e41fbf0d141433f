import GRDB
import Nouns

/// One metric of one trial as it was recorded, with the steps at which it was.
public struct RecordedCurve: Sendable, Equatable {
    /// The values in the order recorded, exact to the last bit; NaN for NaN.
    public private(set) var values: [Double] = []
    private var stretches: [Stretch] = []

    /// Values at regular steps.
    private struct Stretch: Equatable {
        let start: Int
        let firstStep: Int
        let stride: Int
    }

    /// A curve of these values, at regular steps.
    public init(firstStep: Int = 0, stride: Int = 1, _ values: [Double]) {
        self.values = values
        stretches = [Stretch(start: 0, firstStep: firstStep, stride: stride)]
    }

    fileprivate init() {}

    /// The step of the value at this position.
    public func step(at index: Int) -> Int {
        guard let stretch = stretches.last(where: { $0.start <= index }) else { return index }
        return stretch.firstStep + stretch.stride * (index - stretch.start)
    }

    fileprivate mutating func append(_ row: Row) throws {
        let chunk = try CurveChunk.values(of: row)
        let firstStep = try row.value("firstStep", of: "curves", as: Int.self)
        let stride = try row.value("stride", of: "curves", as: Int.self)
        let last = stride.multipliedReportingOverflow(by: chunk.count)
        guard !last.overflow, !firstStep.addingReportingOverflow(last.partialValue).overflow else {
            throw row.fault("stride", of: "curves", allowed: "the steps from one point to the next")
        }
        stretches.append(Stretch(start: values.count, firstStep: firstStep, stride: stride))
        if values.isEmpty { values = chunk } else { values += chunk }
    }

    /// A curve, in the order recorded; empty where there is none.
    static func curve(trial: Int64, metric: Metric, _ db: Database) throws -> RecordedCurve {
        let chunks = try db.cachedStatement(
            sql: """
                SELECT trial AS id, firstStep, stride, pointValues FROM curves WHERE trial = ? AND metric = ?
                ORDER BY chunk
                """)
        let rows = try Row.fetchCursor(chunks, arguments: [trial, metric.rawValue])
        var curve = RecordedCurve()
        while let row = try rows.next() { try curve.append(row) }
        return curve
    }
}

extension Journal {
    /// One metric of all completed trials of a kind, by trial, in one statement. Exact to the last bit; NaN for NaN.
    public func curves(
        of experiment: Int64, kind: TrialKindName, metric: Metric
    ) throws -> [Int64: RecordedCurve] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT trial AS id, firstStep, stride, pointValues
                    FROM trialRecords JOIN curves ON curves.trial = trialRecords.id AND metric = :metric
                    WHERE experiment = :experiment AND kind = :kind AND status = 'completed' ORDER BY trial, chunk
                    """, arguments: ["experiment": experiment, "kind": kind.rawValue, "metric": metric.rawValue])
            var curves: [Int64: RecordedCurve] = [:]
            while let row = try rows.next() {
                try curves[try row.value("id", of: "curves"), default: RecordedCurve()].append(row)
            }
            return curves
        }
    }
}
