import GRDB

/// Rows of a table that go by an experiment's name: what people write. Of two journals, one that is merged into has the
/// rows of both.
struct NamedRows: Sendable {
    let table: String
    /// The columns by which two rows are the same, beside the experiment's name.
    let sameness: [String]

    static let all = [
        NamedRows(table: "notes", sameness: ["version", "trialIdentity", "kind", "text", "createdAt"]),
        NamedRows(table: "tags", sameness: ["tag"]),
    ]

    /// Adds the rows of another journal that this one doesn't have, in the order in which they were written.
    ///
    /// - Returns: how many came.
    func unite(_ experiment: String, in other: Database, with db: Database) throws -> Int {
        let columns = try OwnedRows.columns(of: table, besides: ["id"], db)
        let selection = "SELECT \(columns) FROM \(table) WHERE experiment = ? ORDER BY createdAt"
        let rows = try Row.fetchCursor(other.cachedStatement(sql: selection), arguments: [experiment])
        let same = sameness.map { "AND \($0) IS ?" }.joined(separator: " ")
        let isThere = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM \(table) WHERE experiment = ? \(same))")
        let insertion = try db.cachedStatement(
            sql: "INSERT INTO \(table) (\(columns)) VALUES (\(OwnedRows.places(columns).dropFirst(2)))")
        var count = 0
        while let row = try rows.next() {
            let known = [experiment.databaseValue] + sameness.map { row[$0] as DatabaseValue }
            guard try Bool.fetchOne(isThere, arguments: StatementArguments(known)) == false else { continue }
            try insertion.execute(arguments: StatementArguments(Array(row.databaseValues)))
            count += 1
        }
        return count
    }
}
