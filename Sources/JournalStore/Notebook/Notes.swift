import Foundation
import GRDB
import Nouns

/// What a note is to its experiment.
public enum NoteKind: String, Sendable, CaseIterable {
    case note
    /// What the experiment came to, in a person's words. Of several, the last stands; the others stay to be read.
    case conclusion
}

/// What a person wrote on an experiment, or on one of its trials, as it stands in the journal.
public struct NoteRecord: Sendable, Equatable, Identifiable {
    public let id: Int64
    /// The experiment's name: a note is on all versions.
    public let experiment: String
    /// The hash of the version that it was written on.
    public let version: String
    /// The identity, within that version, of the trial that it is on; nil where it is on the experiment as a whole.
    public let trialIdentity: String?
    public let kind: NoteKind
    /// Markdown.
    public let text: String
    public let createdAt: String

    init(_ row: Row) throws {
        func text(_ column: String) throws -> String { try row.value(column, of: "notes") }
        id = try row.value("id", of: "notes")
        experiment = try text("experiment")
        version = try text("version")
        trialIdentity = try row.value("trialIdentity", of: "notes")
        guard let kind = NoteKind(rawValue: try text("kind")) else {
            throw row.fault("kind", of: "notes", allowed: NoteKind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.kind = kind
        self.text = try text("text")
        createdAt = try text("createdAt")
    }
}

extension Journal {
    /// All notes, oldest first; those of one experiment, across its versions and with those on its trials, if given.
    ///
    /// Reads all notes of the journal, which people have written.
    public func notes(of experiment: String? = nil) throws -> [NoteRecord] {
        try read { try Self.notes(of: experiment, $0) }
    }

    static func notes(of experiment: String?, _ db: Database) throws -> [NoteRecord] {
        try Row.fetchAll(db, sql: "SELECT * FROM notes ORDER BY createdAt, id").map(NoteRecord.init)
            // Equal names may be spelled in other bytes.
            .filter { note in experiment.map { $0 == note.experiment } ?? true }
    }

    /// Adds a note, beside those that are there; a run that goes on meanwhile is not disturbed.
    ///
    /// - Parameters:
    ///   - text: Markdown; space at its ends is left out.
    ///   - version: The version that it is written on.
    ///   - trial: The trial of that version that it is on; nil for the experiment as a whole.
    /// - Throws: ``JournalError`` of kind `usage` for a text without a word, of kind `missing` when the version or trial
    ///   is no longer there, and when the write fails; then nothing is added.
    @discardableResult
    public func addNote(
        _ text: String, to version: ExperimentRecord, trial: TrialRecord? = nil, kind: NoteKind = .note
    ) throws -> NoteRecord {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw JournalError(.usage, "a note without a word is none") }
        guard !text.contains("\0") else {
            throw JournalError(.usage, "a note is text, and this has a character NUL in it")
        }
        return try write { db in
            let isThere = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM experiments WHERE id = :version AND hash = :hash)
                        AND (:trial IS NULL OR EXISTS (SELECT 1 FROM trialRecords
                            WHERE id = :trial AND experiment = :version AND identity = :identity))
                    """,
                arguments: [
                    "version": version.id, "hash": version.hash, "trial": trial?.id, "identity": trial?.identity,
                ])
            guard isThere == true else {
                throw JournalError(
                    .missing, "\(trial.map { "trial \($0.id) of " } ?? "")\(version.reference) is no longer there")
            }
            try db.execute(
                sql: """
                    INSERT INTO notes (experiment, version, trialIdentity, kind, text, createdAt)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [version.name, version.hash, trial?.identity, kind.rawValue, text, Instant.now])
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM notes WHERE id = ?", arguments: [db.lastInsertedRowID])
            else { throw JournalError(.inputOutput, "\(path): the note was not kept") }
            return try NoteRecord(row)
        }
    }
}

extension Journal {
    /// The numbers that the trials have now which notes are on, by the notes' ids; those of trials that are gone left
    /// out.
    public func trialsWithNotes() throws -> [Int64: Int64] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT notes.id AS id, trialRecords.id AS trial FROM notes
                    JOIN experiments ON experiments.name = notes.experiment AND experiments.hash = notes.version
                    JOIN trialRecords ON trialRecords.experiment = experiments.id AND identity = trialIdentity
                    """
            ).reduce(into: [:]) {
                $0[try $1.value("id", of: "notes")] = try $1.value("trial", of: "notes", as: Int64.self)
            }
        }
    }
}
