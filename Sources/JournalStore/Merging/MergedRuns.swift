import GRDB

/// The processes that ran trials there, known here by what tells a process from all others.
struct MergedRuns {
    let other: Database
    let db: Database

    /// Ends the runs of a cluster's tasks that were shown here as going on and that the other journal knows to be over;
    /// what they ran is interrupted, unless more is known.
    func hearOfTheirEnds() throws {
        let known = try db.cachedStatement(
            sql: "SELECT id FROM runs WHERE process = ? AND finishedAt IS NULL AND job IS NOT NULL")
        let ended =
            "SELECT process, heartbeatAt, finishedAt, ending FROM runs WHERE finishedAt IS NOT NULL AND job IS NOT NULL"
        for row in try Row.fetchAll(other.cachedStatement(sql: ended)) {
            guard let id = try Int64.fetchOne(known, arguments: [row[0] as DatabaseValue]) else { continue }
            try db.cachedStatement(sql: "UPDATE runs SET (heartbeatAt, finishedAt, ending) = (?, ?, ?) WHERE id = ?")
                .execute(arguments: StatementArguments(row.databaseValues.dropFirst() + [id.databaseValue]))
            try db.cachedStatement(
                sql: """
                    UPDATE trialRecords SET status = 'interrupted', finishedAt = (SELECT heartbeatAt FROM runs WHERE id = run)
                    WHERE run = ? AND status = 'running'
                    """
            ).execute(arguments: [id])
        }
    }

    /// The id here of a run there; nil where there is none.
    ///
    /// - Parameter isLive: whether it goes on as far as this journal knows, if it isn't over there.
    func bring(_ id: Int64, isLive: Bool) throws -> Int64? {
        let columns = try OwnedRows.columns(
            of: "runs", besides: ["id", "process", "heartbeatAt", "finishedAt", "isLocked"], db)
        let selection = """
            SELECT process, CASE WHEN :isLive AND finishedAt IS NULL THEN :now ELSE heartbeatAt END,
                CASE WHEN :isLive THEN finishedAt ELSE coalesce(finishedAt, heartbeatAt) END, 0, \(columns)
            FROM runs WHERE id = :id
            """
        let row = try Row.fetchOne(
            other.cachedStatement(sql: selection), arguments: ["isLive": isLive, "now": Instant.now, "id": id])
        guard let row else { return nil }
        let find = try db.cachedStatement(sql: "SELECT id FROM runs WHERE process = ?")
        if let known = try Int64.fetchOne(find, arguments: [row[0] as DatabaseValue]) { return known }
        try db.cachedStatement(
            sql: """
                INSERT INTO runs (process, heartbeatAt, finishedAt, isLocked, \(columns))
                VALUES (?, ?, ?, ?\(OwnedRows.places(columns)))
                """
        ).execute(arguments: StatementArguments(Array(row.databaseValues)))
        return db.lastInsertedRowID
    }
}
