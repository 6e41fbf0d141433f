import Foundation
import GRDB
import Nouns
import Testing

@testable import JournalStore

@Suite struct QueryTests {
    let folder = try! TemporaryFolder()
    let journal: Journal

    init() throws {
        journal = try Journal(writing: folder.file())
        try recordSample(in: journal, .sample(hash: "0123456789abcdef"))
        try recordSample(in: journal, .sample(name: "other", hash: "ffff", trials: 2))
        _ = try journal.register(.sample(hash: "9999"))
    }

    @Test func trialsHaveTheColumnsOfTheSpec() throws {
        let result = try journal.query(JournalQuery(.trials, experiment: "l2l-mnist@0123"))
        for column in [
            "trial", "experiment", "kind", "problem", "optimizer", "seed", "status", "steps", "finalLoss", "bestLoss",
            "startedAt", "seconds",
        ] {
            #expect(result.columns.contains(column))
        }
        #expect(result.rows.count == 3)
        #expect(result.columns == JournalQuery.Subject.trials.columns)
        let row = Dictionary(uniqueKeysWithValues: zip(result.columns, result.rows[1]))
        #expect(row["trial"] == .int(2))
        #expect(row["seed"] == .int(1))
        #expect(row["status"] == .text("completed"))
        #expect(row["finalLoss"] == .double(0.25))
        #expect(row["version"] == .text("0123456789ab"))
        #expect(row["layers"] == .text("784-20-10"))
        #expect(row["depth"] == .int(1))
        #expect(row["weights"] == .int(15910))
    }

    @Test func whatIsNotOneNetworkHasNoLayers() throws {
        let registered = try journal.register(.sample(name: "ensemble", hash: "eeee", trials: 2))
        let writer = try JournalWriter(journal)
        let parts = #"[null,{"hidden":[],"layers":"784-10","parameters":7850}]"#
        _ = try writer.begin(registered.trials[0], TrialStart(kernelTable: "avx2", architecture: parts))
        try writer.finish()
        let query = JournalQuery(.trials, experiment: "ensemble", condition: "layers IS NULL AND depth IS NULL")
        #expect(try journal.query(query).rows.count == 2)
    }

    @Test func aBareNameMeansTheNewestVersion() throws {
        let begun = JournalQuery(.trials, experiment: "l2l-mnist", condition: "status <> 'queued'")
        #expect(try journal.query(begun).rows.isEmpty)
        #expect(try journal.query(JournalQuery(.trials, experiment: "l2l-mnist")).rows.count == 3)
        #expect(try journal.query(JournalQuery(.experiments, experiment: "l2l-mnist")).rows.count == 2)
        #expect(try journal.query(JournalQuery(.experiments, experiment: "l2l-mnist@9")).rows.count == 1)
        #expect(try journal.query(JournalQuery(.points, experiment: "other", metric: "loss")).rows.count == 200)
    }

    @Test func trialsStandInOrderOfTheirExperimentsAndThenTheirOwn() throws {
        func experiments() throws -> [QueryResult.Value] {
            try journal.query(JournalQuery(.trials)).rows.map { $0[1] }
        }
        let (first, second) = (QueryResult.Value.text("l2l-mnist"), QueryResult.Value.text("other"))
        #expect(try experiments() == [first, first, first, second, second, first, first, first])
        // Started over, the first experiment's trials have numbers after all others.
        let writer = try JournalWriter(journal)
        let fresh = try writer.register(.sample(hash: "0123456789abcdef"), fresh: true)
        try writer.replace(1, by: fresh.id)
        try writer.finish()
        #expect(try experiments() == [first, first, first, second, second, first, first, first])
        let numbers = try journal.query(JournalQuery(.trials)).rows.map { $0[0] }
        #expect(numbers == [9, 10, 11, 4, 5, 6, 7, 8].map(QueryResult.Value.int))
    }

    @Test(arguments: [nil, "l2l-mnist@0123", "other"])
    func noTrialWaitsForOthersToBeSorted(experiment: String?) throws {
        let steps = try journal.database.read { db in
            let selection = try Selection(JournalQuery(.trials, experiment: experiment), journal.liveness, db)
            return try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(selection.sql)", arguments: selection.arguments)
                .map { $0["detail"] as String }
        }
        #expect(steps.contains { $0.hasPrefix("SCAN") || $0.hasPrefix("SEARCH") }, "\(steps)")
        #expect(!steps.contains { $0.contains("TEMP B-TREE") }, "\(steps)")
    }

    @Test func experimentsAreCounted() throws {
        let result = try journal.query(JournalQuery(.experiments))
        #expect(result.columns == JournalQuery.Subject.experiments.columns)
        #expect(
            result.rows.map { Array($0.prefix(6)) } == [
                [.text("l2l-mnist"), .text("0123456789ab"), .int(3), .int(3), .int(0), .int(0)],
                [.text("other"), .text("ffff"), .int(2), .int(2), .int(0), .int(0)],
                [.text("l2l-mnist"), .text("9999"), .int(3), .int(0), .int(0), .int(3)],
            ])
    }

    @Test func conditionsSortKeysAndLimits() throws {
        let points = JournalQuery(
            .points, experiment: "other", condition: "value >= 5 -- from the middle on", metric: "loss",
            sort: "-value", limit: 2)
        #expect(try journal.query(points).rows.map { $0[3] } == [.double(10), .double(9.9)])
        let byLoss = try journal.query(JournalQuery(.trials, sort: "finalLoss")).rows.map { $0[9] }
        #expect(byLoss.first == .double(0.25))
        #expect(byLoss.last == .null)
        #expect(try journal.query(JournalQuery(.trials, condition: "seed = 1 OR seed = 0", limit: 0)).rows.isEmpty)
    }

    /// SQL leaves NULL out of means, conditions and the end of an order, so the rate that diverges would look best.
    @Test func whatIsNotANumberRanksAboveAllNumbers() throws {
        let registered = try journal.register(.sample(name: "hot", hash: "0a", trials: 4))
        let writer = try JournalWriter(journal)
        for (trial, loss) in zip(registered.trials, [2.0, .nan, .infinity, 0.5]) {
            _ = try writer.begin(trial, .sample)
            writer.points(trial, Metric.loss, firstStep: 0, [loss])
            writer.complete(
                trial,
                TrialResults(
                    steps: 1, seconds: 1, values: [.finalLoss: loss, .bestLoss: 0.5, .testLoss: loss, .accuracy: 0]))
        }
        try writer.finish()
        func losses(_ sort: String?, _ condition: String? = nil) throws -> [String] {
            try journal.query(JournalQuery(.trials, experiment: "hot", condition: condition, sort: sort)).rows
                .map { "\($0[9])" }
        }
        #expect(try losses("-finalLoss") == ["double(nan)", "double(inf)", "double(2.0)", "double(0.5)"])
        #expect(try losses("finalLoss") == ["double(0.5)", "double(2.0)", "double(inf)", "double(nan)"])
        #expect(try losses("-testLoss", "finalLoss > 1").count == 3)
        #expect(
            try journal.sql("SELECT avg(finalLoss), max(diverged) FROM trialSummary WHERE experiment = 'hot'").rows
                == [[.double(.infinity), .int(1)]])
        #expect(
            try journal.sql("SELECT max(value) FROM points WHERE trial = \(registered.trials[1])").rows
                == [[.double(.infinity)]])
        let points = try journal.query(JournalQuery(.points, experiment: "hot", condition: "value > 1", sort: "-value"))
        #expect(points.columns == ["trial", "metric", "step", "value"])
        #expect(points.rows.map { "\($0[3])" }.sorted() == ["double(2.0)", "double(inf)", "double(nan)"])
        let results = try journal.trials(of: registered.id).map { $0.results?.testLoss ?? -1 }
        #expect(results[1].isNaN && results[2] == .infinity)
    }

    @Test func resultsOfAnyNameAreRows() throws {
        let registered = try journal.register(.sample(name: "curved", hash: "cc", trials: 2))
        let writer = try JournalWriter(journal)
        for (trial, value) in zip(registered.trials, [1.5, .nan]) {
            _ = try writer.begin(trial, .sample)
            writer.complete(trial, TrialResults(steps: 1, seconds: 1, values: ["curvature": value, .accuracy: 0.5]))
        }
        try writer.finish()
        let query = JournalQuery(.results, experiment: "curved", metric: "curvature", sort: "-value")
        let found = try journal.query(query)
        #expect(found.columns == JournalQuery.Subject.results.columns)
        #expect(found.rows.map { "\($0[10])" } == ["double(nan)", "double(1.5)"])
        #expect(try journal.query(JournalQuery(.results, experiment: "curved")).rows.count == 4)
        let trials = try journal.trials(of: registered.id)
        #expect(trials[0].results?.values == ["curvature": 1.5, .accuracy: 0.5])
        #expect(trials[1].results?["curvature"]?.isNaN == true)
        #expect(
            try journal.sql("SELECT finalLoss, accuracy FROM trials WHERE id = \(trials[0].id)").rows
                == [[.null, .double(0.5)]])
        let slip = JournalQuery(.results, metric: "curvatur")
        #expect(journalError { _ = try journal.query(slip) }?.message.contains("did you mean curvature?") == true)
    }

    @Test func equalNamesInOtherBytesAreOne() throws {
        try recordSample(in: journal, .sample(name: "caf\u{E9}", hash: "ca"))
        #expect(try journal.experiment(named: "cafe\u{301}").hash == "ca")
        #expect(try journal.query(JournalQuery(.experiments, experiment: "cafe\u{301}")).rows.count == 1)
        #expect(try journal.register(.sample(name: "cafe\u{301}", hash: "ca")).isKnown)
    }

    @Test(arguments: ["finaLoss < 1", "seed =", "", "1; DELETE FROM trials", "nosuch(seed)"])
    func aBadConditionNamesTheColumns(condition: String) throws {
        let error = try #require(journalError { _ = try journal.query(JournalQuery(.trials, condition: condition)) })
        #expect(error.kind == .usage)
        #expect(error.message.contains("finalLoss"))
    }

    @Test func otherSlipsSayWhatIsAllowed() throws {
        let sort = try #require(journalError { _ = try journal.query(JournalQuery(.trials, sort: "-finalloss")) })
        #expect(sort.kind == .usage)
        #expect(sort.message.contains("did you mean finalLoss?"))
        let metric = try #require(journalError { _ = try journal.query(JournalQuery(.points, metric: "los")) })
        #expect(metric.message.contains("did you mean loss?"))
        #expect(journalError { _ = try journal.query(JournalQuery(.trials, metric: "loss")) }?.kind == .usage)
        #expect(journalError { _ = try journal.query(JournalQuery(.trials, limit: -1)) }?.kind == .usage)
        #expect(journalError { _ = try journal.query(JournalQuery(.trials, experiment: "none")) }?.kind == .missing)
    }

    @Test func sqlReads() throws {
        let result = try journal.sql("SELECT count(*) AS trials, x'00ff' AS bytes, NULL, 'a' FROM trials")
        #expect(result.columns == ["trials", "bytes", "NULL", "'a'"])
        #expect(result.rows == [[.int(8), .text("x'00ff'"), .null, .text("a")]])
    }

    @Test(arguments: [
        "DELETE FROM trials", "DROP TABLE curves", "PRAGMA user_version = 5", "ATTACH 'other.sqlite' AS other",
        "VACUUM INTO 'copy.sqlite'", "SELECT 1; DELETE FROM trials", "SELEKT 1", "", "BEGIN",
    ])
    func sqlDoesNotWrite(statement: String) throws {
        #expect(journalError { _ = try journal.sql(statement) }?.kind == .usage)
        #expect(journalError { _ = try Journal(reading: folder.file()).sql(statement) }?.kind == .usage)
        #expect(try journal.sql("SELECT count(*) FROM trials").rows == [[.int(8)]])
    }

    @Test func rowsAreStreamed() throws {
        struct Enough: Error {}
        var count = 0
        #expect(throws: Enough.self) {
            try journal.forEachRow(of: JournalQuery(.points), columns: { #expect($0.count == 4) }) { _ in
                count += 1
                if count == 10 { throw Enough() }
            }
        }
        #expect(count == 10)
    }
}
