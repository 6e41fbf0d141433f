import Foundation
import Nouns
import Testing

@testable import JournalStore

/// A journal is a file that anyone can write to.
@Suite struct BadValueTests {
    let folder = try! TemporaryFolder()

    @Test(arguments: [
        (
            "UPDATE results SET value = 'abc' WHERE trial = 2 AND name = 'finalLoss'",
            "table results, row 2, column value holds the text “abc”"
        ),
        ("UPDATE trialRecords SET seed = 1e300 WHERE id = 1", "table trialRecords, row 1, column seed holds 1e+300"),
        (
            "UPDATE trialRecords SET problem = x'ff80' WHERE id = 3",
            "table trialRecords, row 3, column problem holds 2 raw bytes"
        ),
        ("UPDATE trialRecords SET kind = x'ff'", "column kind holds 1 raw bytes"),
        ("UPDATE trialRecords SET steps = NULL", "column steps holds nothing; allowed: a whole number"),
        ("UPDATE experiments SET question = x'ff'", "table experiments, row 1, column question"),
        ("UPDATE curves SET pointValues = '[1,oops]'", "table curves, row 1, column pointValues"),
        ("UPDATE curves SET pointValues = '[1,2'", "table curves"),
        ("UPDATE curves SET stride = 9223372036854775807", "column stride"),
        ("UPDATE tuningChoices SET meanFinalLoss = 'low'", "table tuningChoices"),
        ("UPDATE snapshots SET shape = '[-3,-1]'", "table snapshots"),
        ("UPDATE learnedOptimizerWeights SET bytes = x'00'", "table learnedOptimizerWeights"),
    ])
    func whatShouldNotBeThereIsNamed(change: String, place: String) throws {
        let journal = try Journal(writing: folder.file())
        let registered = try recordSample(in: journal)
        let writer = try JournalWriter(journal)
        let tensors = [NamedTensor(name: "weight", shape: [3], values: [1, 2, 3] as [Float])]
        let another = try journal.register(.sample(hash: "fff", trials: 1)).trials[0]
        _ = try writer.begin(another, .sample)
        writer.snapshot(another, step: 0, tensors)
        writer.learnedOptimizer(
            another,
            LearnedOptimizerRecord(name: "x", kind: "lstm", configuration: "{}", evaluationLoss: 1, weights: tensors))
        writer.tuningChoices(
            experiment: registered.id,
            [TuningChoice(problem: "p", optimizer: "o", candidate: "{}", meanFinalLoss: 1, trials: 1, chosen: true)])
        try writer.finish()
        try journal.write { try $0.execute(sql: change) }
        let error = try #require(
            journalError {
                _ = try journal.experiments()
                _ = try journal.trials(of: registered.id)
                _ = try journal.points(trial: 1, metric: Metric.loss)
                _ = try journal.tuningChoices(of: registered.id)
                _ = try journal.snapshot(of: another, step: 0)
                _ = try journal.learnedOptimizer(trainedBy: another)
            })
        #expect(error.kind == .badData)
        #expect(error.message.contains(place), "\(error.message)")
    }

    /// A query shows what is there, whatever it is.
    @Test func queriesGoOn() throws {
        let journal = try Journal(writing: folder.file())
        try recordSample(in: journal)
        try journal.write {
            try $0.execute(
                sql: """
                    UPDATE results SET value = 'abc' WHERE trial = 2 AND name = 'finalLoss';
                    UPDATE trialRecords SET problem = CAST(x'ff41' AS TEXT) WHERE id = 2;
                    """)
        }
        let rows = try journal.query(JournalQuery(.trials)).rows
        #expect(rows.count == 3 && rows[1][9] == .text("abc"))
    }
}
