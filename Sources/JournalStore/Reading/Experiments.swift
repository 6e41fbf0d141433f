import Foundation
import GRDB
import Nouns

/// An experiment version as it stands in the journal.
public struct ExperimentRecord: Sendable, Equatable, Identifiable {
    public let id: Int64
    public let name: String
    public let hash: String
    public let spec: String
    public let canonicalSpec: String
    public let question: String?
    public let programVersion: String
    public let createdAt: String

    init(_ row: Row) throws {
        func text(_ column: String) throws -> String { try row.value(column, of: "experiments") }
        id = try row.value("id", of: "experiments")
        name = try text("name")
        hash = try text("hash")
        spec = try text("spec")
        canonicalSpec = try text("canonicalSpec")
        question = try row.value("question", of: "experiments")
        programVersion = try text("programVersion")
        createdAt = try text("createdAt")
    }

    /// `NAME@HASH`, with as much of the hash as people read.
    public var reference: String { "\(name)@\(hash.prefix(12))" }

    /// What stands otherwise in this version's spec than in an older one's, with all defaults; empty where one of them
    /// is none, as of optimizers that were imported.
    public func differences(from older: ExperimentRecord) -> [JSONDifference] {
        guard let new = JSONValue(parsing: canonicalSpec), let old = JSONValue(parsing: older.canonicalSpec) else {
            return []
        }
        return new.differences(from: old)
    }
}

extension Journal {
    /// All experiment versions, oldest first; of one name, if given.
    public func experiments(named name: String? = nil) throws -> [ExperimentRecord] {
        try read { try Self.experiments(named: name, $0) }
    }

    static func experiments(named name: String?, _ db: Database) throws -> [ExperimentRecord] {
        // A version that is run afresh comes to be one only when it takes the old one's place.
        // Versions that came from another journal have later numbers than ones that are younger.
        let selection = "SELECT * FROM experiments WHERE replaces IS NULL ORDER BY createdAt, id"
        let versions = try Row.fetchAll(db, sql: selection).map(ExperimentRecord.init)
        // Equal names may be spelled in other bytes: é is one scalar or two.
        return versions.filter { version in name.map { $0 == version.name } ?? true }
    }

    /// The version with this hash; nil where the journal has none.
    ///
    /// - Parameter fresh: Whether to find what is being run afresh, where something is, in place of what it will replace.
    public func experiment(named name: String, hash: String, fresh: Bool = false) throws -> ExperimentRecord? {
        let hash = fresh ? hash + Self.freshMark : hash
        return try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM experiments WHERE hash = ?", arguments: [hash])
                .map(ExperimentRecord.init).first { $0.name == name }
        }
    }

    /// The version with this id.
    ///
    /// - Throws: ``JournalError`` when there is none.
    public func experiment(_ id: Int64) throws -> ExperimentRecord {
        try read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM experiments WHERE id = ?", arguments: [id]) else {
                throw JournalError(.missing, "there is no experiment version of the id \(id) in the journal")
            }
            return try ExperimentRecord(row)
        }
    }

    /// What follows the hash of a version that is being run afresh, until it takes the place of the old one.
    static let freshMark = "+fresh"

    /// The experiment called `NAME`, its newest version, or `NAME@HASH`, the one whose hash begins so.
    ///
    /// - Throws: ``JournalError`` naming what is there, when there is none or more than one such version.
    public func experiment(named reference: String) throws -> ExperimentRecord {
        try read { try Self.experiment(named: reference, $0) }
    }

    static func experiment(named reference: String, _ db: Database) throws -> ExperimentRecord {
        let (name, prefix) = split(reference)
        let versions = try experiments(named: name, db)
        guard let newest = versions.last else { throw try unknownName(name, db) }
        guard let prefix else { return newest }
        let matches = versions.filter { $0.hash.hasPrefix(prefix) }
        if matches.count == 1 { return matches[0] }
        let hashes = (matches.isEmpty ? versions : matches).map { "\(name)@\($0.hash.prefix(12))" }
        let problem = matches.isEmpty ? "\(name) has no version \(prefix)" : "\(reference) means more than one version"
        throw JournalError(.missing, "\(problem); the journal has \(hashes.joined(separator: ", "))")
    }

    /// Splits `NAME@HASH`; the hash is nil where there is none.
    static func split(_ reference: String) -> (name: String, hashPrefix: String?) {
        guard let at = reference.lastIndex(of: "@") else { return (reference, nil) }
        return (String(reference[..<at]), reference[reference.index(after: at)...].lowercased())
    }

    static func unknownName(_ name: String, _ db: Database) throws -> JournalError {
        let known = try String.fetchAll(db, sql: "SELECT DISTINCT name FROM experiments ORDER BY name")
        return JournalError(
            .missing, "the journal has no experiment \(name)" + suggestion(for: name, among: known, called: "it has"))
    }
}

/// The end of a message on an unknown name: the nearest known one if it looks like a slip, then all of them.
func suggestion(for name: String, among known: [String], called list: String) -> String {
    guard !known.isEmpty else { return "; \(list) none" }
    let shown = known.prefix(20).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
    let meant = nearestName(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
    return "\(meant); \(list) \(shown)"
}
