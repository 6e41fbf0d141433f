import GRDB

extension Journal {
    /// Writes a journal of its own with all that this one has at this moment, also while a run writes to it.
    ///
    /// - Parameter file: where nothing is yet.
    /// - Throws: ``JournalError`` when the write fails.
    public func copy(to file: String) throws {
        try inWords(path: file) {
            let copy = try DatabaseQueue(path: JournalFile.name(of: file))
            try database.backup(to: copy)
            try Self.settle(copy)
        }
    }

    /// Writes a journal of its own with some experiment versions of this one.
    ///
    /// - Parameter file: where nothing is yet.
    /// - Throws: ``JournalError`` when the write fails.
    public func copy(_ versions: [ExperimentRecord], to file: String) throws {
        let copy = try Journal(writing: file, programVersion: programVersion)
        try inWords(path: file) {
            try database.read { source in
                try copy.database.write { db in
                    var merge = Merge(path, source, into: db, preferring: nil)
                    try merge.run(Set(versions.map(\.id)))
                }
            }
            try Self.settle(copy.database)
        }
    }

    /// No process runs the trials of a copy, and nothing is beside it.
    private static func settle(_ copy: DatabaseQueue) throws {
        try copy.write { db in
            try db.execute(sql: "UPDATE trialRecords SET status = 'interrupted' WHERE status = 'running'")
            try db.execute(sql: "UPDATE runs SET finishedAt = heartbeatAt WHERE finishedAt IS NULL")
        }
        try copy.writeWithoutTransaction { db in
            _ = try? db.checkpoint(.truncate)
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
        }
        try copy.close()
    }
}
