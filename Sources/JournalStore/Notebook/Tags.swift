import Foundation
import GRDB

/// A word by which experiments are found again.
public struct ExperimentTag: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let name: String

    /// - Throws: ``JournalError`` of kind `usage` where the name is no word of letters, digits and `-_.:/`, up to 64 of
    ///   them, with a letter or digit first.
    public init(_ name: String) throws {
        let isWord = name.allSatisfy { $0.isLetter || $0.isNumber || "-_.:/".contains($0) }
        guard isWord, let first = name.first, first.isLetter || first.isNumber, name.count <= 64 else {
            throw JournalError(
                .usage,
                "“\(name)” is no tag: a tag is a word of letters, digits and - _ . : /, a letter or digit first, up to 64"
            )
        }
        self.name = name
    }

    public var description: String { name }
    public static func < (a: ExperimentTag, b: ExperimentTag) -> Bool { a.name < b.name }
}

extension Journal {
    /// The tags of each experiment that has some, in alphabetical order, by its name.
    public func tags() throws -> [String: [String]] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT experiment, tag FROM tags ORDER BY tag").reduce(into: [:]) { tags, row in
                tags[try row.value("experiment", of: "tags"), default: []].append(try row.value("tag", of: "tags"))
            }
        }
    }

    /// Gives an experiment tags, and takes others from it; what it has already, and has not, stays so.
    ///
    /// - Returns: All that it has then.
    /// - Throws: ``JournalError`` naming what is there, when the journal has no such experiment or, of a tag to take
    ///   away, when the experiment doesn't have it; then nothing is changed.
    @discardableResult
    public func tag(_ experiment: String, adding new: [ExperimentTag], removing old: [ExperimentTag] = []) throws
        -> [String]
    {
        try write { db in
            let names = try Self.spellings(of: experiment, db)
            func present() throws -> [String] {
                try names.flatMap { name in
                    try String.fetchAll(db, sql: "SELECT tag FROM tags WHERE experiment = ?", arguments: [name])
                }.sorted()
            }
            let before = try present()
            if let unknown = old.first(where: { !before.contains($0.name) }) {
                throw JournalError(
                    .missing,
                    "\(experiment) has no tag \(unknown)"
                        + suggestion(for: unknown.name, among: before, called: "it has"))
            }
            for tag in new where !before.contains(tag.name) {
                try db.execute(
                    sql: "INSERT INTO tags (experiment, tag, createdAt) VALUES (?, ?, ?)",
                    arguments: [names[0], tag.name, Instant.now])
            }
            for tag in old {
                for name in names {
                    try db.execute(
                        sql: "DELETE FROM tags WHERE experiment = ? AND tag = ?", arguments: [name, tag.name])
                }
            }
            return try present()
        }
    }

    /// Puts an experiment aside: it stays as it is, and is left out where experiments are listed. One that is there
    /// already keeps its date.
    ///
    /// - Throws: ``JournalError`` naming what is there, when the journal has no such experiment.
    public func archive(_ experiment: String) throws {
        try write { db in
            let name = try Self.spellings(of: experiment, db)[0]
            try db.execute(
                sql: "INSERT OR IGNORE INTO archivedExperiments (experiment, archivedAt) VALUES (?, ?)",
                arguments: [name, Instant.now])
        }
    }

    /// Takes an experiment back from where ``archive(_:)`` has put it.
    ///
    /// - Throws: As ``archive(_:)``.
    public func unarchive(_ experiment: String) throws {
        try write { db in
            for name in try Self.spellings(of: experiment, db) {
                try db.execute(sql: "DELETE FROM archivedExperiments WHERE experiment = ?", arguments: [name])
            }
        }
    }

    /// The experiments that are put aside, and since when, by their names.
    public func archivedExperiments() throws -> [String: String] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT experiment, archivedAt FROM archivedExperiments").reduce(into: [:]) {
                $0[try $1.value("experiment", of: "archivedExperiments")] =
                    try $1.value("archivedAt", of: "archivedExperiments", as: String.self)
            }
        }
    }

    /// The spellings, in bytes, that an experiment's name has in the journal: that of its newest version first.
    ///
    /// - Throws: ``JournalError`` naming what is there, when there is none.
    static func spellings(of experiment: String, _ db: Database) throws -> [String] {
        let versions = try experiments(named: experiment, db)
        guard let newest = versions.last else { throw try unknownName(experiment, db) }
        let others = Set(versions.map { Array($0.name.utf8) }).subtracting([Array(newest.name.utf8)])
        return [newest.name] + others.map { String(decoding: $0, as: UTF8.self) }
    }
}
