import Foundation
import GRDB

/// An open journal: one SQLite file of experiments, trials, curves and learned optimizers.
///
/// Safe to use from many threads. Recording goes through a ``JournalWriter``.
public final class Journal: Sendable {
    /// The path the journal was opened with, for messages.
    public let path: String
    /// The version of the program that opened it.
    public let programVersion: String
    let database: DatabaseQueue

    /// Opens an existing journal to read. Works on read-only files and folders, and beside a running writer.
    ///
    /// - Throws: ``JournalError`` when the file is missing, is not a journal, or needs a newer program.
    public init(reading path: String, programVersion: String) throws {
        try JournalFile.requireReadable(path)
        self.path = path
        self.programVersion = programVersion
        database = try inWords(path: path) {
            let database = try JournalFile.openReadOnly(path)
            try database.read { try JournalFile.requireJournal($0, path: path, programVersion: programVersion) }
            return database
        }
    }

    /// Opens a journal to record in, creating it or migrating it to this program's format where needed.
    ///
    /// - Throws: ``JournalError`` when the folder is missing or read-only, or when what is there is not a
    ///   journal or comes from a newer program; such a file is left untouched.
    public init(writing path: String, programVersion: String) throws {
        try JournalFile.requireWritable(path)
        if try JournalFile.header(of: path) != nil {
            try Journal(refusingForeign: path, programVersion: programVersion).close()
        }
        self.path = path
        self.programVersion = programVersion
        database = try inWords(path: path) {
            try JournalFile.openToWrite(path, programVersion: programVersion)
        }
    }

    /// Looks at a file before anything may write to it: opening in write-ahead mode already changes it.
    private init(refusingForeign path: String, programVersion: String) throws {
        self.path = path
        self.programVersion = programVersion
        database = try inWords(path: path) {
            let database = try JournalFile.openReadOnly(path)
            try database.read {
                if try !JournalFile.isEmpty($0) {
                    try JournalFile.requireJournal($0, path: path, programVersion: programVersion, orOlder: true)
                }
            }
            return database
        }
    }

    /// Closes the journal. The last to close a written one leaves a single file in rollback mode, which
    /// opens on read-only folders too; no call but this one may follow.
    public func close() throws {
        try inWords(path: path) {
            if !database.configuration.readonly {
                try database.writeWithoutTransaction { db in
                    // Another open connection refuses the change of mode at once; the last to close makes it.
                    try db.execute(sql: "PRAGMA busy_timeout = 0")
                    _ = try? db.checkpoint(.truncate)
                    try? db.execute(sql: "PRAGMA journal_mode = DELETE")
                }
            }
            try database.close()
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try inWords(path: path) { try database.read(body) }
    }

    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try inWords(path: path) { try database.write(body) }
    }
}
