import Foundation
import GRDB
import Nouns

extension Journal {
    /// The learned optimizer a trial kept; under `name`, if given, else the last it told.
    public func learnedOptimizer(trainedBy trial: Int64, name: String? = nil) throws -> LearnedOptimizerRecord? {
        try read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM learnedOptimizers WHERE trial = :trial AND (:name IS NULL OR name = :name)
                    ORDER BY id DESC LIMIT 1
                    """, arguments: ["trial": trial, "name": name]
            ).map { try Self.learnedOptimizer($0, db) }
        }
    }

    /// The newest learned optimizer of that name, whichever experiment trained it.
    ///
    /// - Throws: ``JournalError`` naming what is there, when there is none.
    public func learnedOptimizer(named name: String) throws -> LearnedOptimizerRecord {
        try read { db in
            let newest = "SELECT * FROM learnedOptimizers WHERE name = ? ORDER BY createdAt DESC, id DESC LIMIT 1"
            guard let row = try Row.fetchOne(db, sql: newest, arguments: [name]) else {
                let known = try String.fetchAll(db, sql: "SELECT DISTINCT name FROM learnedOptimizers ORDER BY name")
                throw JournalError(
                    .missing,
                    "the journal has no learned optimizer \(name)"
                        + suggestion(for: name, among: known, called: "it has"))
            }
            return try Self.learnedOptimizer(row, db)
        }
    }

    static func learnedOptimizer(_ row: Row, _ db: Database) throws -> LearnedOptimizerRecord {
        let weights = try Row.fetchAll(
            db,
            sql: """
                SELECT name, shape, elementType, bytes FROM learnedOptimizerWeights
                WHERE learnedOptimizer = ? ORDER BY position
                """, arguments: [try row.value("id", of: "learnedOptimizers", as: Int64.self)]
        ).map { try NamedTensor($0, of: "learnedOptimizerWeights") }
        func text(_ column: String) throws -> String { try row.value(column, of: "learnedOptimizers") }
        return LearnedOptimizerRecord(
            name: try text("name"), kind: try text("kind"), configuration: try text("configuration"),
            evaluationLoss: try row.value("evaluationLoss", of: "learnedOptimizers"), weights: weights)
    }
}

extension NamedTensor {
    /// Reads a row of name, shape, elementType and bytes.
    init(_ row: Row, of table: String) throws {
        func text(_ column: String) throws -> String { try row.value(column, of: table) }
        let stored = NamedTensor(
            name: try text("name"), shapeText: try text("shape"), elementTypeText: try text("elementType"),
            bytes: try row.value("bytes", of: table))
        guard let stored else {
            throw JournalError(.badData, "table \(table): the tensor \(try text("name")) does not fit its shape")
        }
        self = stored
    }
}
