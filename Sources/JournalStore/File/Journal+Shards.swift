import GRDB

/// What is done with a journal that one task of a cluster has written, when the task is gone.
extension Journal {
    /// Ends the runs of tasks that are gone without having said so, with what is known of why. Their trials are
    /// interrupted.
    ///
    /// - Parameter ending: how they ended, in words.
    public func endRuns(saying ending: String) throws {
        try write { db in
            try db.execute(sql: "UPDATE runs SET ending = ? WHERE finishedAt IS NULL", arguments: [ending])
            try liveness.bury(db)
        }
    }

    /// Copies the file as it is at this moment, for others to look at while this process goes on writing. Costs writing it
    /// once.
    ///
    /// - Parameter file: where nothing is yet.
    public func copyAsItIs(to file: String) throws {
        try inWords(path: file) {
            let copy = try DatabaseQueue(path: JournalFile.address(of: file) + "?vfs=unix-none")
            try database.backup(to: copy)
            try copy.close()
        }
    }

    /// Notes that tasks of a cluster run at this moment, as the queue says.
    ///
    /// - Parameter jobs: their names in the queue.
    public func noteAlive(jobs: [String]) throws {
        try write { db in
            let update = try db.cachedStatement(
                sql: "UPDATE runs SET heartbeatAt = ? WHERE job = ? AND finishedAt IS NULL")
            for job in jobs { try update.execute(arguments: [Instant.now, job]) }
        }
    }

    /// Sees to it that the file is whole: one that was copied while it was written may not be. Costs reading it.
    ///
    /// - Throws: ``JournalError`` of kind `badData`.
    public func requireSound() throws {
        let verdict = try read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard verdict == "ok" else { throw JournalError(.badData, "\(path) is damaged: \(verdict ?? "it is empty")") }
    }
}
