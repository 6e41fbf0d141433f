import Foundation
import GRDB

/// What a journal shows from outside: told in a moment, however large it is, with nothing written and nothing migrated.
public struct JournalGlance: Sendable, Equatable {
    /// The newest of the named formats that it has gone through.
    public let format: String
    /// Whether that is this program's; else the next run brings it up to that.
    public let isCurrent: Bool
    /// How many experiments it has, the versions of one counted once.
    public let experiments: Int
    /// The file and its log.
    public let bytes: Int
    /// Whether runs can record in it.
    public let isWritable: Bool

    /// - Throws: ``JournalError`` when the file is missing, is not a journal, or needs a newer program.
    public init(_ path: String, programVersion: String) throws {
        try JournalFile.requireReadable(path)
        let migrator = Schema.migrator(programVersion: programVersion)
        (format, isCurrent, experiments) = try inWords(path: path) {
            let database = try JournalFile.openReadOnly(path)
            defer { try? database.close() }
            return try database.read { db in
                try JournalFile.requireJournal(db, path: path, programVersion: programVersion)
                return (
                    try migrator.appliedMigrations(db).last ?? "none", try migrator.hasCompletedMigrations(db),
                    try Int.fetchOne(db, sql: "SELECT count(DISTINCT name) FROM experiments") ?? 0
                )
            }
        }
        bytes = ["", "-wal"].reduce(0) { sum, ending in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + ending)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
        isWritable = (try? JournalFile.requireWritable(path)) != nil
    }

    /// Why a journal could not be made at a path where there is none; nil where it could.
    public static func obstacle(toMaking path: String) -> JournalError? {
        do {
            try JournalFile.requireWritable(path)
            return nil
        } catch {
            return JournalError(error, path: path)
        }
    }

    /// The version of the SQLite library that this program runs with.
    public static var sqliteVersion: String? {
        try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
    }
}

/// Names that stand in a journal, for whoever is typing one: found in a moment, and none where anything is amiss.
public enum JournalNames: Sendable {
    case experiments, problems, optimizers, metrics

    /// The names, the newest first where that means something. In a large journal, those of the last thousands of trials.
    public func all(in path: String) -> [String] {
        guard (try? JournalFile.requireReadable(path)) != nil,
            let database = try? JournalFile.openReadOnly(path)
        else { return [] }
        defer { try? database.close() }
        return statements.flatMap { statement in
            (try? database.read { try String.fetchAll($0, sql: statement) }) ?? []
        }.reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }

    /// Formats of different ages have different tables: what one lacks, another statement finds.
    private var statements: [String] {
        let lastTrials = "SELECT * FROM trials ORDER BY id DESC LIMIT 2000"
        return switch self {
        case .experiments: ["SELECT name FROM experiments GROUP BY name ORDER BY max(id) DESC"]
        case .problems: ["SELECT DISTINCT problem FROM (\(lastTrials))"]
        case .optimizers: ["SELECT DISTINCT optimizer FROM (\(lastTrials))"]
        case .metrics:
            ["results", "curves"].map { table in
                let name = table == "results" ? "name" : "metric"
                return
                    "SELECT DISTINCT \(name) FROM \(table) WHERE trial IN (SELECT id FROM trials ORDER BY id DESC LIMIT 2000)"
            }
        }
    }
}
