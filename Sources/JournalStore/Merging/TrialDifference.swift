import GRDB
import Nouns

/// Finds where the results of a trial in two journals part: what ``Journal/resultDigest(of:)`` is taken of.
///
/// Rows are compared as they stand first, which costs little more than reading them; only where they differ are they
/// looked into.
struct TrialDifference {
    let here: Database
    let there: Database

    /// What differs, and where, in words; nil where the results are equal bit for bit.
    func words(_ ours: Int64, _ theirs: Int64) throws -> String? {
        try columns(ours, theirs) ?? otherResults(ours, theirs) ?? curves(ours, theirs) ?? tensors(ours, theirs)
    }

    private func columns(_ ours: Int64, _ theirs: Int64) throws -> String? {
        let query = Journal.resultColumns + " WHERE id = ?"
        guard let one = try Row.fetchOne(here.cachedStatement(sql: query), arguments: [ours]),
            let other = try Row.fetchOne(there.cachedStatement(sql: query), arguments: [theirs])
        else { return nil }
        // A loss that is not a number is none here; `diverged` says the rest.
        let different = zip(one, other).filter { here, there in here.1 != there.1 && here.0 != "id" }
        guard !different.isEmpty else { return nil }
        return different.prefix(4).map { here, there in
            "\(here.0) is \(Self.text(here.1)) here, \(Self.text(there.1)) there"
        }.joined(separator: "; ")
    }

    private func otherResults(_ ours: Int64, _ theirs: Int64) throws -> String? {
        guard let (one, other) = try firstDifference(Journal.otherResultsQuery, ours, theirs) else { return nil }
        let name = (one ?? other)?[0] as String? ?? ""
        func value(_ row: Row?) -> String { row.map { $0[0] == name ? Self.text($0[1]) : "nothing" } ?? "nothing" }
        return "\(name) is \(value(one)) here, \(value(other)) there"
    }

    private func curves(_ ours: Int64, _ theirs: Int64) throws -> String? {
        let chunks = """
            SELECT metric, firstStep, stride, pointValues FROM curves
            WHERE trial = :trial AND metric NOT LIKE '%Seconds' ORDER BY metric, chunk
            """
        guard try firstDifference(chunks, ours, theirs) != nil else { return nil }
        // Equal points may lie in other chunks.
        let metrics = try [(ours, here), (theirs, there)].map { trial, db in
            try Journal.metrics(of: trial, db).filter { !$0.isTiming }
        }
        if let metric = metrics[0].first(where: { !metrics[1].contains($0) }) {
            return "the curve \(metric) is only here"
        }
        if let metric = metrics[1].first(where: { !metrics[0].contains($0) }) {
            return "the curve \(metric) is only there"
        }
        return try metrics[0].lazy.compactMap { try curve($0, ours, theirs) }.first
    }

    private func curve(_ metric: Metric, _ ours: Int64, _ theirs: Int64) throws -> String? {
        let one = try Journal.points(trial: ours, metric: metric, here)
        let other = try Journal.points(trial: theirs, metric: metric, there)
        for index in 0..<min(one.steps.count, other.steps.count) {
            let (value, match) = (one.values[index], other.values[index])
            let isEqual = value == match || value.isNaN && match.isNaN
            if one.steps[index] != other.steps[index] {
                return "\(metric) has a point at step \(min(one.steps[index], other.steps[index])) in one of them only"
            }
            if !isEqual { return "\(metric) at step \(one.steps[index]) is \(value) here, \(match) there" }
        }
        guard one.steps.count != other.steps.count else { return nil }
        return "\(metric) has \(one.steps.count) points here, \(other.steps.count) there"
    }

    private func tensors(_ ours: Int64, _ theirs: Int64) throws -> String? {
        guard let (one, other) = try firstDifference(Journal.tensorQuery, ours, theirs), let row = one ?? other
        else { return nil }
        let sort = row[0] == "snapshot" ? "the snapshot at step" : "the learned optimizer"
        return "\(sort) \(Self.text(row[1])) differs, in \(Self.text(row[2]))"
    }

    /// The first rows of a query that differ; one is nil where that journal has no more rows.
    private func firstDifference(_ query: String, _ ours: Int64, _ theirs: Int64) throws -> (Row?, Row?)? {
        let one = try Row.fetchCursor(here.cachedStatement(sql: query), arguments: ["trial": ours])
        let other = try Row.fetchCursor(there.cachedStatement(sql: query), arguments: ["trial": theirs])
        while true {
            let (left, right) = (try one.next(), try other.next())
            if left == nil, right == nil { return nil }
            if left != right { return (left?.copy(), right?.copy()) }
        }
    }

    private static func text(_ value: DatabaseValue) -> String { value.shortText }
}

extension DatabaseValue {
    /// What stands in a cell, for a sentence.
    var shortText: String {
        let text =
            switch QueryResult.Value(self) {
            case .null: "nothing"
            case .int(let number): "\(number)"
            case .double(let number): "\(number)"
            case .text(let text): text
            case .numbers(let numbers): "\(numbers)"
            }
        return text.count > 60 ? "\(text.prefix(57))…" : text
    }
}
