import GRDB

/// Rows of a table that belong to one row of another table, with all that belongs to them in turn.
///
/// A table that hangs on trials goes wherever they go, into another journal and out of this one, when it is in
/// ``ofTrials``.
struct OwnedRows: Sendable {
    let table: String
    /// The column that says whose they are.
    let owner: String
    /// By what they are told apart, in the order in which they are copied.
    var order = "rowid"
    var others: [OwnedRows] = []

    static let ofTrials = [
        OwnedRows(table: "curves", owner: "trial"),
        OwnedRows(table: "curveOverviews", owner: "trial"),
        OwnedRows(table: "results", owner: "trial", order: "name"),
        OwnedRows(table: "snapshots", owner: "trial"),
        OwnedRows(table: "checkpoints", owner: "trial"),
        OwnedRows(
            table: "learnedOptimizers", owner: "trial", order: "id",
            others: [OwnedRows(table: "learnedOptimizerWeights", owner: "learnedOptimizer")]),
    ]

    /// Copies the rows of `source` in another journal of the same format to `target` in this one, as they are.
    func copy(of source: Int64, in other: Database, to target: Int64, in db: Database) throws {
        let columns = try Self.columns(of: table, besides: [owner, "id"], db)
        let hasOthers = !others.isEmpty
        let selection = "SELECT \(columns)\(hasOthers ? ", id" : "") FROM \(table) WHERE \(owner) = ? ORDER BY \(order)"
        let rows = try Row.fetchCursor(other.cachedStatement(sql: selection), arguments: [source])
        let insertion = try db.cachedStatement(
            sql: "INSERT INTO \(table) (\(owner), \(columns)) VALUES (?\(Self.places(columns)))")
        while let row = try rows.next() {
            let values = hasOthers ? Array(row.databaseValues.dropLast()) : Array(row.databaseValues)
            try insertion.execute(arguments: StatementArguments([target.databaseValue] + values))
            guard hasOthers else { continue }
            let id = db.lastInsertedRowID
            for rows in others {
                try rows.copy(of: try row.value("id", of: table), in: other, to: id, in: db)
            }
        }
    }

    /// The columns of a table, as SQL lists them.
    static func columns(of table: String, besides left: Set<String>, _ db: Database) throws -> String {
        try db.columns(in: table).map(\.name).filter { !left.contains($0) }.joined(separator: ", ")
    }

    /// A `, ?` for each of the columns.
    static func places(_ columns: String) -> String {
        String(repeating: ", ?", count: columns.split(separator: ",").count)
    }
}
