import GRDB

/// What the tuning of one optimizer on one problem of a version came to: rows of `tuningChoices`.
struct MergedTuning {
    let problem: String
    let optimizer: String
    /// Of several that were trained, which; 0 where there is but one.
    let replicate: Int
    /// Values of the columns, in the order recorded.
    private var rows: [[DatabaseValue]] = []

    private static let columns = ["candidate", "meanFinalLoss", "trials", "chosen"]

    /// All of a version, in the order recorded.
    static func all(of experiment: Int64, _ db: Database) throws -> [MergedTuning] {
        let selection = try db.cachedStatement(
            sql: """
                SELECT problem, optimizer, replicate, \(columns.joined(separator: ", ")) FROM tuningChoices
                WHERE experiment = ? ORDER BY rowid
                """)
        var tunings: [MergedTuning] = []
        for row in try Row.fetchAll(selection, arguments: [experiment]) {
            let problem = try row.value("problem", of: "tuningChoices", as: String.self)
            let optimizer = try row.value("optimizer", of: "tuningChoices", as: String.self)
            let replicate = try row.value("replicate", of: "tuningChoices", as: Int.self)
            var tuning = MergedTuning(problem: problem, optimizer: optimizer, replicate: replicate)
            let values = Array(row.databaseValues.dropFirst(3))
            if let index = tunings.firstIndex(where: { $0.isOfSame(as: tuning) }) {
                tunings[index].rows.append(values)
            } else {
                tuning.rows = [values]
                tunings.append(tuning)
            }
        }
        return tunings
    }

    /// Whether both are of the same optimizer on the same problem.
    func isOfSame(as other: MergedTuning) -> Bool {
        problem == other.problem && optimizer == other.optimizer && replicate == other.replicate
    }

    /// What another journal has differently, in words; nil where they are the same.
    func difference(from other: MergedTuning) -> String? {
        let theirs = Dictionary(other.rows.map { ($0[0], $0) }) { first, _ in first }
        for row in rows {
            guard let match = theirs[row[0]] else { return "the candidate \(row[0].shortText) is only here" }
            for (column, (here, there)) in zip(Self.columns, zip(row, match)) where here != there {
                return "\(column) of \(row[0].shortText) is \(here.shortText) here, \(there.shortText) there"
            }
        }
        let known = Set(rows.map { $0[0] })
        return other.rows.first { !known.contains($0[0]) }.map { "the candidate \($0[0].shortText) is only there" }
    }

    /// Records the choices, in place of those that are there.
    func write(to experiment: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: "DELETE FROM tuningChoices WHERE experiment = ? AND problem = ? AND optimizer = ? AND replicate = ?"
        ).execute(arguments: [experiment, problem, optimizer, replicate])
        let insertion = try db.cachedStatement(
            sql: """
                INSERT INTO tuningChoices
                    (experiment, problem, optimizer, replicate, \(Self.columns.joined(separator: ", ")))
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for row in rows {
            try insertion.execute(
                arguments: StatementArguments(
                    [
                        experiment.databaseValue, problem.databaseValue, optimizer.databaseValue,
                        replicate.databaseValue,
                    ] + row))
        }
    }
}
