import Foundation
import GRDB
import Testing

@testable import JournalStore

@Suite struct MigrationTests {
    let folder = try! TemporaryFolder()

    /// A journal of the first format: NaN is NULL there.
    private func firstFormat() throws {
        let database = try DatabaseQueue(path: folder.file())
        try database.write { try $0.execute(sql: "PRAGMA application_id = \(Schema.applicationID)") }
        try Schema.migrator(programVersion: "0.3.0").migrate(database, upTo: "experiments-trials-curves")
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO experiments (name, hash, spec, canonicalSpec, programVersion, createdAt)
                    VALUES ('old', 'abc', '{}', '{}', '0.3.0', '2026-01-01T00:00:00.000Z');
                    INSERT INTO runs (host, pid, process, programVersion, startedAt, heartbeatAt) VALUES
                    ('h', 1, 'p', '0.3.0', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
                    INSERT INTO tuningChoices VALUES (1, 'p', 'o', 'c', NULL, 5, 0);
                    """)
            let trials = [
                ("completed", "NULL", "1.5", "NULL", "0.1", 1), ("completed", "9e999", "2", "0.5", "0.1", 1),
                ("completed", "0.5", "0.25", "NULL", "NULL", 0), ("queued", "NULL", "NULL", "NULL", "NULL", 0),
            ]
            for (index, trial) in trials.enumerated() {
                try db.execute(
                    sql: """
                        INSERT INTO trials (experiment, identity, position, kind, problem, problemSettings, optimizer,
                            optimizerSettings, seed, precision, run, status, steps, finalLoss, bestLoss, testLoss, accuracy,
                            diverged)
                        VALUES (1, '\(index)', \(index), 'evaluation', 'p', '{}', 'o', '{}', \(index), 'single', 1,
                            '\(trial.0)', 9, \(trial.1), \(trial.2), \(trial.3), \(trial.4), \(trial.5))
                        """)
            }
        }
        try database.close()
    }

    @Test func whatWasNotANumberStillIsNone() throws {
        try firstFormat()
        try requireResults(try Journal(writing: folder.file()))
        #expect(try Journal(reading: folder.file()).experiments().count == 1)
    }

    @Test func anOlderJournalIsReadAsItLies() throws {
        try firstFormat()
        let before = FileManager.default.contents(atPath: folder.file())
        try requireResults(try Journal(reading: folder.file()))
        #expect(FileManager.default.contents(atPath: folder.file()) == before)
    }

    private func requireResults(_ journal: Journal) throws {
        let results = try journal.trials(of: 1).map(\.results)
        #expect(results[0]?.finalLoss.isNaN == true && results[0]?.testLoss?.isNaN == true)
        #expect(results[0]?.bestLoss == 1.5)
        #expect(results[1]?.finalLoss == .infinity && results[1]?.testLoss == 0.5)
        #expect(results[2]?.finalLoss == 0.5 && results[2]?.testLoss == nil)
        #expect(results[3] == nil)
        #expect(try journal.tuningChoices(of: 1)[0].meanFinalLoss == .infinity)
        let sorted = try journal.query(JournalQuery(.trials, sort: "-finalLoss")).rows.map { "\($0[9])" }
        #expect(sorted == ["double(nan)", "double(inf)", "double(0.5)", "null"])
        try journal.close()
    }
}
