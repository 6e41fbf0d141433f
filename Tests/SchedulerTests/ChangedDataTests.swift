import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Testing

@testable import Scheduler

/// Data that is not the same in two halves of one experiment.
@Suite struct ChangedDataTests {
    let test = try! TestJournal()

    private func spec(_ name: String, optimizers: String, metaTraining: String = "") -> String {
        """
        {"name": "\(name)", "problem": {
             "kind": "classification", "dataset": {"name": "mnist", "fallback": "synthetic-digits"},
             "student": {"hidden": [2]}, "batchSize": 4}\(metaTraining),
         "evaluation": {"steps": 4, "repeats": 3, "optimizers": [\(optimizers)]}}
        """
    }

    private let training = """
        , "metaTraining": {"optimizer": {"kind": "lstm", "layers": [2]}, "epochs": 6, "steps": 4, "unrollLength": 2,
            "evaluation": {"every": 2, "epochs": 1}}
        """

    private func refusal(_ text: String) throws -> JournalError {
        try #require(throws: JournalError.self) { try test.run(text) }
    }

    private func runPart(_ text: String, work: Double) throws {
        let stop = StopFlag()
        let report = try test.run(text, workers: 1, stop: stop, observer: Listener(stopping: stop, after: work))
        #expect(report.wasStopped)
    }

    @Test(arguments: [
        (#"{"kind": "sgd"}, {"kind": "adam"}"#, ""), (#"{"kind": "sgd", "learningRate": {"tune": [1, 0.1]}}"#, ""),
        (#"{"kind": "trained"}, {"kind": "sgd"}"#, "training"),
    ])
    func anExperimentGoesOnOnItsOwnDataAlone(optimizers: String, metaTraining: String) throws {
        let text = spec("mixed", optimizers: optimizers, metaTraining: metaTraining.isEmpty ? "" : training)
        try runPart(text, work: 12)
        let before = try test.digest("mixed")
        try TinyDigits.write(to: test.folder)
        let error = try refusal(text)
        #expect(error.kind == .badData)
        for part in ["synthetic-digits", "mnist", "checksum", "--data-dir", "--fresh"] {
            #expect(error.message.contains(part), "\(error.message)")
        }
        #expect(try test.digest("mixed") == before)

        // The old data, and it goes on; or all of it again, and all of it is on the new.
        try FileManager.default.removeItem(at: test.folder.appendingPathComponent("mnist"))
        #expect(try test.run(text).isComplete)
        try TinyDigits.write(to: test.folder)
        #expect(try test.run(text).isComplete, "nothing is left to do, so nothing is mixed")
        #expect(try test.run(text, startsOver: true).isComplete)
        let trials = try test.journal.trials(of: test.experiment("mixed"))
        #expect(Set(trials.map(\.dataset?.name)) == ["mnist"])
    }

    @Test func otherBytesUnderTheSamePathAreOtherData() throws {
        let text = spec("bytes", optimizers: #"{"kind": "sgd"}, {"kind": "adam"}"#)
        try TinyDigits.write(to: test.folder)
        try runPart(text, work: 8)
        try TinyDigits.write(to: test.folder, shift: 1)
        #expect(try refusal(text).kind == .badData)
    }

    @Test func aLearnedOptimizerIsNotTakenAcrossChangedData() throws {
        try test.run(spec("learned", optimizers: #"{"kind": "sgd"}"#, metaTraining: training))
        let other = spec("other", optimizers: #"{"kind": "stored", "name": "learned"}"#)
        #expect(try test.run(other).isComplete)
        try TinyDigits.write(to: test.folder)
        let error = try refusal(spec("third", optimizers: #"{"kind": "stored", "name": "learned"}"#))
        #expect(error.kind == .badData && error.message.contains("was learned on other data"))
        // What a spec asks for is no change of data.
        let elsewhere = """
            {"name": "transfer", "problem": {"kind": "classification", "dataset": "synthetic-digits",
             "student": {"hidden": [2]}, "batchSize": 4},
             "evaluation": {"steps": 4, "repeats": 1, "optimizers": [{"kind": "stored", "name": "learned"}]}}
            """
        #expect(try test.run(elsewhere).isComplete)
    }
}
