import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Problems
import TensorEngine
import Testing

@testable import Scheduler

/// Trials that draw their dataset, from the spec to the journal: our own digits, and a small file of CIFAR-10.
@Suite struct DatasetListRunTests {
    private func text(
        _ name: String, dataset: String = #"["synthetic-digits", "cifar-10"]"#, student: String = #""hidden": [3]"#,
        _ rest: String
    ) -> String {
        """
        {"name": "\(name)", "problem": {"kind": "classification", "dataset": \(dataset), "batchSize": 4,
            "student": {\(student)}}, \(rest)}
        """
    }

    private let training = """
        "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 12, "steps": 4, "unrollLength": 2,
            "evaluation": {"every": 6, "epochs": 2}}
        """
    private let evaluation = """
        "evaluation": {"steps": 2, "repeats": 12, "optimizers": [
            {"kind": "trained"}, {"kind": "sgd", "learningRate": {"tune": [0.1, 0.01]}}]}
        """

    private func fields(_ trial: TrialRecord) throws -> JSONValue {
        try #require(trial.architecture.flatMap(JSONValue.init(parsing:)))
    }

    @Test func eachTrialRecordsWhatItDrew() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        try test.run(text("both", "\(training), \(evaluation)"))
        let trials = try test.journal.trials(of: test.experiment("both"))
        let names = ["synthetic-digits", "cifar-10"]
        var drawn: Set<String> = []
        for trial in trials where trial.kind != .metaTraining {
            // As every draw of a trial, it follows from the seed alone.
            var stream = RandomStream(RandomKey(seed: UInt64(trial.seed)).derived("dataset"))
            let name = names[stream.index(below: 2)]
            #expect(trial.dataset?.name == name)
            #expect(try fields(trial)["dataset"]?.string == name)
            #expect(try fields(trial)["layers"]?.string == (name == "cifar-10" ? "3072-3-10" : "784-3-10"))
            #expect(trial.results?.finalLoss.isFinite == true)
            drawn.insert("\(trial.kind) \(trial.optimizer) \(name)")
        }
        #expect(drawn.isSuperset(of: names.flatMap { ["evaluation trained \($0)", "evaluation sgd \($0)"] }))
        let learning = try #require(trials.first { $0.kind == .metaTraining })
        #expect(learning.dataset?.name == "synthetic-digits + cifar-10")
        #expect(learning.architecture == nil)
    }

    @Test(arguments: [#""hidden": [3]"#, #""random": {"layers": [1, 2], "units": [2, 4]}"#])
    func workersAndInterruptionsMakeNoDifference(student: String) throws {
        let spec = text("both", student: student, "\(training), \(evaluation)")
        let (one, four, parts) = (try TestJournal(), try TestJournal(), try TestJournal())
        for test in [one, four, parts] { try test.writeCIFAR() }
        try one.run(spec, workers: 1)
        try four.run(spec, workers: 4)
        #expect(try one.digest("both") == four.digest("both"))
        let stop = StopFlag()
        let first = try parts.run(spec, workers: 1, stop: stop, observer: Listener(stopping: stop, after: 26))
        #expect(first.interrupted == 1)
        try parts.run(spec)
        #expect(try one.digest("both") == parts.digest("both"))
    }

    @Test func aStoredOptimizerGoesOnToOtherLists() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        try test.run(text("school", dataset: #""cifar-10""#, training))
        let later = #""evaluation": {"steps": 2, "repeats": 6, "optimizers": [{"kind": "stored", "name": "school"}]}"#
        let convolutions = #""convolutions": [{"kernel": 3, "channels": 2, "pooling": 2, "stride": 4}]"#
        #expect(try test.run(text("later", student: convolutions, later)) == RunReport(completed: 6))
        let layers = try test.journal.trials(of: test.experiment("later")).map { try fields($0)["layers"]?.string }
        #expect(Set(layers) == ["28x28x1-3x3x2-10", "32x32x3-3x3x2-10"])
    }

    @Test func groupsMatchTheParametersOfEveryDataset() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        func grouped(_ last: String) -> String {
            training.replacing(
                #""optimizer": {"kind": "lstm", "layers": [3]}"#,
                with: #"""
                    "parameterGroups": [{"match": "dense1/*", "optimizer": {"kind": "lstm", "layers": [2]}},
                        {"match": "\#(last)", "optimizer": {"kind": "sgd", "learningRate": 0.1}}]
                    """#)
        }
        #expect(try test.run(text("groups", grouped("dense2/*"))) == RunReport(completed: 1))
        let error = #expect(throws: JournalError.self) { try test.run(text("unfit", grouped("dense3/*"))) }
        #expect(error?.message.contains("matches the parameter dense2/weight") == true)
    }

    @Test func classesTellTwoPartsOfOneDatasetApart() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        func list(_ last: Int) -> String {
            #"[{"name": "cifar-10", "classes": [0, 1]}, {"name": "cifar-10", "classes": [2, 3, \#(last)]}]"#
        }
        let sgd = #""evaluation": {"steps": 2, "repeats": 8, "optimizers": [{"kind": "sgd"}]}"#
        try test.run(text("parts", dataset: list(4), sgd))
        let drawn = try test.journal.trials(of: test.experiment("parts")).map { trial in
            [try fields(trial)["dataset"]?.string, try fields(trial)["layers"]?.string]
        }
        #expect(
            Set(drawn) == [
                ["cifar-10 (classes 0, 1)", "3072-3-2"], ["cifar-10 (classes 2, 3, 4)", "3072-3-3"],
            ])
        let error = #expect(throws: (any Error).self) { try test.run(text("unfit", dataset: list(10), sgd)) }
        #expect("\(try #require(error))" == "cifar-10 has no class 10: its classes are 0 to 9.")
        #expect(try test.journal.experiments().map(\.name) == ["parts"])
    }

    @Test func studentsOfAnEnsembleDrawEachForThemselves() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        let student = #"""
            {"kind": "classification", "dataset": ["synthetic-digits", "cifar-10"], "batchSize": 2, "student": {"hidden": [2]}}
            """#
        try test.run(
            """
            {"name": "pair", "problem": {"kind": "ensemble", "problems": [\(student), \(student)]},
             "evaluation": {"steps": 1, "repeats": 16, "optimizers": [{"kind": "sgd"}]}}
            """)
        let draws = try test.journal.trials(of: test.experiment("pair")).map { trial in
            let drawn = try (fields(trial).array ?? []).compactMap { $0["dataset"]?.string }
            var once: [String] = []
            for name in drawn where !once.contains(name) { once.append(name) }
            #expect(trial.dataset?.name == once.joined(separator: " + "))
            return drawn
        }
        #expect(Set(draws).count == 4)
    }
}
