import Foundation
import GRDB
import Nouns

extension Journal {
    /// The version of the program that computed each trial of an experiment version, by trial, as far as it is known.
    public func programVersions(of experiment: Int64) throws -> [Int64: String] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT trials.id AS id, runs.programVersion AS programVersion FROM trials JOIN runs ON runs.id = run WHERE experiment = ?
                    """, arguments: [experiment])
            var versions: [Int64: String] = [:]
            while let row = try rows.next() {
                versions[try row.value("id", of: "runs")] = try row.value("programVersion", of: "runs", as: String.self)
            }
            return versions
        }
    }
}
