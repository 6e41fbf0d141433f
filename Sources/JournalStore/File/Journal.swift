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
    /// Which file was opened: what its path leads to may change.
    private let file: JournalFile.Identity?
    private let patience: LockPatience
    /// When the file was last changed before it was copied; nil where it is read itself.
    private let copied: [Date]?

    /// Whether this process alone may write to the file, without locks.
    let isExclusive: Bool

    var liveness: Liveness { Liveness(journal: path, isExclusive: isExclusive) }

    /// Opens an existing journal to read. Works on read-only files and folders, and beside a running writer. One of an
    /// older format is read from a copy in memory that is brought up to this program's: reading writes nothing.
    ///
    /// - Throws: ``JournalError`` when the file is missing, is not a journal, or needs a newer program.
    public convenience init(reading path: String, programVersion: String) throws {
        try JournalFile.requireReadable(path)
        try self.init(reading: path, programVersion: programVersion) { try JournalFile.openReadOnly(path) }
    }

    /// Opens a journal that nothing writes to any more, as those that tasks of a cluster leave behind: without locks, so
    /// on any file system.
    ///
    /// - Throws: As ``init(reading:programVersion:)``.
    public convenience init(atRest path: String, programVersion: String) throws {
        try JournalFile.requireReadable(path)
        try self.init(reading: path, programVersion: programVersion) { try JournalFile.openAsItStands(path) }
    }

    private init(reading path: String, programVersion: String, open: () throws -> DatabaseQueue) throws {
        self.path = path
        self.programVersion = programVersion
        patience = LockPatience()
        isExclusive = false
        file = JournalFile.Identity(path)
        let changes = JournalFile.changes(of: path)
        database = try inWords(path: path) {
            try JournalFile.opened(path, programVersion: programVersion, open())
        }
        copied = database.path == ":memory:" ? changes : nil
    }

    /// Opens a journal that this process alone writes to and nobody reads meanwhile, creating it where needed: with a
    /// rollback journal, and neither locks nor memory that is shared, so that it may lie on a file system of many machines.
    /// What a process that was killed left half done is taken back. Whoever calls this sees to it that no other process
    /// does.
    ///
    /// - Throws: As ``init(writing:programVersion:patience:)``.
    public init(exclusively path: String, programVersion: String) throws {
        try JournalFile.requireWritable(path)
        self.path = path
        self.programVersion = programVersion
        patience = LockPatience()
        isExclusive = true
        database = try inWords(path: path) {
            try JournalFile.openExclusively(path, programVersion: programVersion)
        }
        file = JournalFile.Identity(path)
        copied = nil
    }

    /// Opens a journal to record in, creating it or migrating it to this program's format where needed.
    ///
    /// - Parameter patience: what is done while another program holds the file.
    /// - Throws: ``JournalError`` when the folder is missing or read-only, or when what is there is not a
    ///   journal or comes from a newer program; such a file is left untouched.
    public init(writing path: String, programVersion: String, patience: LockPatience = LockPatience()) throws {
        try JournalFile.requireWritable(path)
        if try JournalFile.header(of: path) != nil {
            try Journal(refusingForeign: path, programVersion: programVersion).close()
        }
        self.path = path
        self.programVersion = programVersion
        self.patience = patience
        isExclusive = false
        database = try inWords(path: path) {
            try JournalFile.openToWrite(path, programVersion: programVersion, patience: patience)
        }
        file = JournalFile.Identity(path)
        copied = nil
    }

    /// Looks at a file before anything may write to it: opening in write-ahead mode already changes it.
    private init(refusingForeign path: String, programVersion: String) throws {
        self.path = path
        self.programVersion = programVersion
        patience = LockPatience()
        isExclusive = false
        file = nil
        copied = nil
        database = try inWords(path: path) {
            let database = try JournalFile.openReadOnly(path)
            try database.read {
                if try !JournalFile.isEmpty($0) {
                    try JournalFile.requireJournal($0, path: path, programVersion: programVersion)
                }
            }
            return database
        }
    }

    /// Whether what is read here is what the path leads to now: the file may be replaced, and one of an older format is
    /// read from a copy.
    public var isCurrent: Bool {
        JournalFile.Identity(path) == file && copied.map { $0 == JournalFile.changes(of: path) } ?? true
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

    /// What a reader should know of the file before it is opened: that part of it seems to be missing; nil if nothing.
    public static func warning(of path: String) -> String? {
        guard JournalFile.lacksItsLog(path) else { return nil }
        return """
            \(path) is a journal in use, or one whose run was killed, but its log \(path)-wal is not beside it. If it was \
            copied, the last results may be missing: copy all files whose names begin with the journal's, or one with \
            sqlite3 \(path) "VACUUM INTO 'copy.sqlite'".
            """
    }

    /// Writes what the log holds into the file itself, as far as readers let it, so that a copy of the file alone has
    /// it too.
    func checkpoint() {
        try? database.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    }

    /// Sees to it that the path still leads to the file that is written.
    ///
    /// - Throws: ``JournalError`` of kind `inputOutput` where the journal was removed, moved or replaced.
    func requireInPlace() throws {
        guard let file, JournalFile.Identity(path) != file else { return }
        throw JournalError(
            .inputOutput,
            "\(path) was removed, moved or replaced while it was written to. If it was moved, it has all that was "
                + "recorded so far where it is now: move it back, and the same command goes on from there")
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try inWords(path: path) { try database.read(body) }
    }

    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try inWords(path: path) {
            let result = try database.write(body)
            patience.goOn()
            return result
        }
    }
}
