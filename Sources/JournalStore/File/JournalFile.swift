import Foundation
import GRDB
import Nouns
import Wording

/// What is checked of a file before and while it is opened as a journal.
enum JournalFile {
    static func requireReadable(_ path: String) throws {
        switch kind(of: path) {
        case .missing: throw JournalError(.missing, "there is no journal at \(path)")
        case .folder: throw JournalError(.missing, "\(path) is a folder, not a journal")
        case .file: break
        }
        guard ForeignBytes.withPath(path, { access($0, R_OK) }) == 0 else {
            throw JournalError(.inputOutput, "\(path) cannot be read: \(reason(systemError: errno))")
        }
        guard let header = try header(of: path) else {
            throw JournalError(.badData, "\(path) is not a journal: it is empty")
        }
        try requireDatabase(header, path: path)
    }

    static func requireWritable(_ path: String) throws {
        let folder = folder(of: path)
        switch kind(of: path) {
        case .folder:
            throw JournalError(.missing, "\(path) is a folder, not a journal")
        case .file:
            guard ForeignBytes.withPath(path, { access($0, R_OK | W_OK) }) == 0 else {
                throw JournalError(.inputOutput, "\(path) cannot be written: \(reason(systemError: errno))")
            }
            if let header = try header(of: path) {
                try requireDatabase(header, path: path)
            }
        case .missing:
            guard kind(of: folder) == .folder else {
                throw JournalError(.missing, "there is no folder \(folder) to keep the journal in")
            }
        }
        guard ForeignBytes.withPath(folder, { access($0, W_OK) }) == 0 else {
            throw JournalError(
                .inputOutput, "the folder \(folder) cannot be written: \(reason(systemError: errno))")
        }
    }

    /// A journal of any format that this program knows, in this program's: itself, or a copy in memory.
    static func opened(_ path: String, programVersion: String, _ database: DatabaseQueue) throws -> DatabaseQueue {
        let isOlder = try database.read { db in
            try requireJournal(db, path: path, programVersion: programVersion)
            return try !Schema.migrator(programVersion: programVersion).hasCompletedMigrations(db)
        }
        guard isOlder else { return database }
        let bytes = try database.read { db in
            try Int.fetchOne(db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? 0
        }
        guard bytes <= mostCopied else {
            throw JournalError(
                .badData, "\(path) has an older format; journal run brings it up to this program's, \(programVersion)")
        }
        let copy = try DatabaseQueue()
        try database.backup(to: copy)
        try database.close()
        try Schema.migrator(programVersion: programVersion).migrate(copy)
        return copy
    }

    /// Bytes of an older journal that are copied into memory to be read.
    private static let mostCopied = 1 << 30

    /// Opens read-only. Where a write-ahead log cannot be set up beside the file and none is there to
    /// read, the file is read as it stands.
    static func openReadOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        configuration.label = "journal.reader"
        do {
            return try DatabaseQueue(path: name(of: path), configuration: configuration)
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
        {
            guard kind(of: path + "-wal") == .missing else { throw error }
            guard let database = try? openAsItStands(path) else { throw error }
            return database
        }
    }

    /// Opens a file that nothing writes to, wherever it lies.
    static func openAsItStands(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "journal.reader"
        return try DatabaseQueue(
            path: address(of: path) + "?immutable=1", configuration: configuration)
    }

    /// Of many short trials, what is changed again soon is still in memory then.
    private static let cachedKibibytes = 32 << 10

    /// How many pages of 4 KiB the log has before they go into the file, which makes who writes wait for the disk.
    private static let loggedPages = 1 << 14

    /// Opens in write-ahead mode, creating and migrating as needed. Processes that do so at the same
    /// instant get in each other's way (one creates the tables, the other finds them there), so a loser
    /// looks again.
    static func openToWrite(
        _ path: String, programVersion: String, patience: LockPatience
    ) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .callback { patience.waits(for: path, tries: $0) }
        configuration.journalMode = .wal
        configuration.label = "journal"
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -\(cachedKibibytes)")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(loggedPages)")
        }
        let deadline = Date.now + 1
        while true {
            do {
                let database = try DatabaseQueue(path: name(of: path), configuration: configuration)
                try database.write { db in
                    if try isEmpty(db) {
                        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                    }
                }
                try Schema.migrator(programVersion: programVersion).migrate(database)
                // A copy of the file alone is a journal from the start.
                try? database.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
                return database
            } catch let error as DatabaseError
                where Date.now < deadline && [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_ERROR].contains(error.resultCode)
            {
                usleep(20_000)
            }
        }
    }

    /// Opens with a rollback journal and no locks, creating and migrating as needed, for the only process that may.
    static func openExclusively(_ path: String, programVersion: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            // To empty the rollback journal costs a network's file system less than to remove and make it each time.
            try db.execute(sql: "PRAGMA journal_mode = TRUNCATE")
        }
        let database = try DatabaseQueue(path: address(of: path) + "?vfs=unix-none", configuration: configuration)
        try database.write { db in
            if try isEmpty(db) {
                try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
            } else {
                try requireJournal(db, path: path, programVersion: programVersion)
            }
        }
        try Schema.migrator(programVersion: programVersion).migrate(database)
        return database
    }

    /// Which file a path leads to.
    struct Identity: Equatable {
        private let device: dev_t
        private let number: ino_t

        /// Nil where there is no file.
        init?(_ path: String) {
            var status = stat()
            guard ForeignBytes.withPath(path, { stat($0, &status) }) == 0 else { return nil }
            device = status.st_dev
            number = status.st_ino
        }
    }

    /// When a journal was last written to, by its file and its log.
    static func changes(of path: String) -> [Date] {
        [path, path + "-wal"].compactMap { path in
            var status = stat()
            guard ForeignBytes.withPath(path, { stat($0, &status) }) == 0 else { return nil }
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            return Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
        }
    }

    /// Whether the file is in write-ahead mode, so was not closed, and the log that it then has is not there.
    ///
    /// The mode stands in byte 18 of the header: 2 for write-ahead (SQLite file format, section 1.3).
    static func lacksItsLog(_ path: String) -> Bool {
        guard let header = try? header(of: path, count: 20), header.count == 20, header.prefix(magic.count) == magic,
            kind(of: path + "-wal") == .missing
        else { return false }
        return header[header.startIndex + 18] == 2
    }

    static func isEmpty(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    /// Refuses what is not a journal of this program's format, or of an older one.
    static func requireJournal(_ db: Database, path: String, programVersion: String) throws {
        guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
            if try isEmpty(db), lacksItsLog(path) {
                throw JournalError(
                    .badData,
                    "\(path) is empty, and the log \(path)-wal that should hold its contents is not beside it: "
                        + "copy all files whose names begin with the journal's")
            }
            throw JournalError(.badData, "\(path) is not a journal: it is the SQLite database of another application")
        }
        let migrator = Schema.migrator(programVersion: programVersion)
        if try migrator.hasBeenSuperseded(db) {
            let known = migrator.migrations
            let unknown = try Row.fetchAll(
                db, sql: "SELECT migration, programVersion FROM formatHistory ORDER BY rowid"
            ).last { !known.contains($0["migration"]) }
            let newer = unknown.map { "journal \($0["programVersion"] as String)" } ?? "a newer journal"
            let format = unknown.map { " (format \($0["migration"] as String))" } ?? ""
            throw JournalError(
                .badData,
                "\(path) was written by \(newer)\(format); this is journal \(programVersion), which knows "
                    + "formats up to \(known.last ?? "none"). Use the newer program")
        }
    }

    private enum Kind { case missing, folder, file }

    private static func kind(of path: String) -> Kind {
        var status = stat()
        guard ForeignBytes.withPath(path, { stat($0, &status) }) == 0 else { return .missing }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return FileManager.default.currentDirectoryPath }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What SQLite calls a file: its whole path, since a relative one such as `file:x.sqlite` or `:memory:` has a meaning
    /// of its own there; or its address where the path is not UTF-8.
    static func name(of path: String) -> String { ForeignBytes.isIn(path) ? address(of: path) : whole(path) }

    private static func whole(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    static func address(of path: String) -> String {
        let full = whole(path)
        let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-".utf8)
        return "file://"
            + ForeignBytes.bytes(of: full).map { byte in
                safe.contains(byte) ? String(Unicode.Scalar(byte)) : "%" + hexadecimal([byte])
            }.joined()
    }

    /// The first bytes of a file; nil where it is empty or not there.
    static func header(of path: String, count: Int = magic.count) throws -> Data? {
        let descriptor = ForeignBytes.withPath(path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        return try inWords(path: path) { try file.read(upToCount: count) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let magic = Data("SQLite format 3\0".utf8)

    /// SQLite itself takes a file of a few bytes for an empty database, and would overwrite it.
    private static func requireDatabase(_ header: Data, path: String) throws {
        guard header == magic else {
            throw JournalError(.badData, "\(path) is not a journal: it is not an SQLite database")
        }
    }
}
