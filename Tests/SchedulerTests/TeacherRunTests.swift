import ExperimentSpec
import Foundation
import JournalStore
import Testing

@testable import Scheduler

/// Teachers on students of any architecture, and what is told before anything runs where they do not fit.
@Suite struct TeacherRunTests {
    private let test = try! TestJournal()

    private static func school(
        _ name: String, student: String = #""hidden": [3]"#, optimizer: String = #""kind": "teacher", "hidden": [4]"#,
        _ training: String = ""
    ) -> String {
        """
        {"name": "\(name)", "problem": {"kind": "classification", "dataset": "synthetic-digits", "batchSize": 4,
             "student": {\(student), "initialization": "glorot"}},
         "metaTraining": {"optimizer": {\(optimizer)}, "epochs": 2, "steps": 4, "unrollLength": 2,
             "evaluation": {"every": 1, "epochs": 1}\(training)}}
        """
    }

    /// One teacher learns on two architectures, one after the other, and then trains a third: with an activation that it
    /// has not seen, other depth and other widths.
    @Test func aTeacherOfTwoArchitecturesTrainsAThird() throws {
        try test.run(Self.school("first"))
        try test.run(Self.school("second", student: #""hidden": [6, 5]"#, #", "initial": "first""#))
        let third = """
            {"name": "third", "problem": {"kind": "classification", "dataset": "synthetic-digits", "batchSize": 8,
                 "student": {"hidden": [2, 7, 4], "activation": "relu", "initialization": "glorot"}},
             "evaluation": {"steps": 5, "repeats": 2, "optimizers": [
                 {"kind": "stored", "name": "first"}, {"kind": "stored", "name": "second"}]}}
            """
        #expect(try test.run(third) == RunReport(completed: 4))
        let trials = try test.journal.trials(of: test.experiment("third"))
        #expect(trials.allSatisfy { $0.architecture?.contains(#""layers":"784-2-7-4-10""#) == true })
        let losses = trials.compactMap(\.results?.finalLoss)
        #expect(Set(losses).count == 4 && losses.allSatisfy { $0.isFinite })
    }

    /// Every way to train one, with every output and memory; the same bits on any number of threads.
    @Test(arguments: [
        (#""perSample": true"#, ""), (#""recurrentUnits": 3, "history": [0.5]"#, ""),
        (#""output": "relativeDelta", "perSample": true, "recurrentUnits": 2"#, #", "secondDerivatives": true"#),
        (
            #""output": "value", "outputScale": 1"#,
            #", "estimator": {"kind": "persistentEvolutionStrategies", "pairs": 2}"#
        ),
        (#""inputs": ["gradient"]"#, #", "estimator": {"kind": "imitation", "poolSize": 16, "pairsPerStep": 8}"#),
        ("", #", "randomScaling": {"low": -1, "high": 1}"#),
    ]) func theyAreTrained(settings: String, training: String) throws {
        let optimizer = #""kind": "teacher", "hidden": [4]"# + (settings.isEmpty ? "" : ", ") + settings
        let other = try TestJournal()
        let text = Self.school(
            "school", student: #""random": {"layers": [1, 2], "units": [2, 4]}"#, optimizer: optimizer, training)
        #expect(try test.run(text, workers: 1) == RunReport(completed: 1))
        #expect(try other.run(text, workers: 4) == RunReport(completed: 1))
        #expect(try test.digest("school") == other.digest("school"))
    }

    @Test func imitationIsRecorded() throws {
        let estimator = #", "estimator": {"kind": "imitation", "poolSize": 64, "pairsPerStep": 16}, "epochs": 20"#
        #expect(
            try test.run(
                Self.school("school", estimator).replacing(#""epochs": 2, "#, with: "")) == RunReport(completed: 1))
        func points(_ metric: String) throws -> [[QueryResult.Value]] {
            try test.journal.query(JournalQuery(.points, experiment: "school", metric: metric)).rows
        }
        for metric in ["determination", "medianError", "maximumError"] { #expect(try !points(metric).isEmpty) }
        #expect(try points("errorHistogram").count == 26)
        let error = #expect(throws: JournalError.self) { try points("determinations") }
        #expect(error?.message.contains("determination") == true)
    }

    private func expectRefusal(_ text: String, saying words: String...) throws {
        let before = try test.journal.experiments().count
        let error = #expect(throws: JournalError.self) { try test.run(text) }
        #expect(error?.kind == .badData)
        for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
        #expect(try test.journal.experiments().count == before)
    }

    @Test func whatCannotImitateIsRefusedBeforeAnythingRuns() throws {
        let imitation = #", "estimator": {"kind": "imitation"}"#
        try expectRefusal(
            Self.school("school", optimizer: #""kind": "lstm""#, imitation), saying: "metaTraining.estimator",
            #"is for one optimizer of the kind "teacher""#)
        try expectRefusal(
            Self.school("school", optimizer: #""kind": "teacher", "perSample": true"#, imitation),
            saying: "with perSample")
        try expectRefusal(
            Self.school("school", optimizer: #""kind": "teacher", "recurrentUnits": 4"#, imitation),
            saying: "with recurrentUnits")
    }

    @Test func teachersOfTeachersSeeWhatMetaTrainingCanTell() throws {
        try test.run(Self.school("school"))
        try expectRefusal(
            Self.school("next", #", "metaOptimizer": {"kind": "stored", "name": "school"}"#),
            saying: "metaTraining.metaOptimizer", "looks at the input of each parameter", "value, gradient and loss")
        try expectRefusal(
            Self.school(
                "next", optimizer: #""kind": "teacher", "inputs": ["target", "value"]"#, #", "generations": 2"#),
            saying: "metaTraining.generations", "looks at the target of each parameter")
        let general =
            #""kind": "teacher", "hidden": [3], "inputs": ["value", "gradient", "loss"], "outputScale": 0.001"#
        #expect(
            try test.run(Self.school("general", optimizer: general, #", "generations": 2"#)) == RunReport(completed: 2))
        #expect(
            try test.run(Self.school("next", #", "metaOptimizer": {"kind": "stored", "name": "general"}"#))
                == RunReport(completed: 1))
    }

    @Test func initialWeightsOfOtherShapesAreRefused() throws {
        try test.run(Self.school("school"))
        let wide = #""kind": "teacher", "hidden": [5]"#
        try expectRefusal(
            Self.school("next", optimizer: wide, #", "initial": "school""#), saying: "metaTraining.initial",
            "found school with the weights", "dense1/weight [26, 4]", "allowed", "dense1/weight [26, 5]")
    }

    /// An optimizer that another spec of the same call is to learn can be looked at only when it is there.
    @Test(arguments: [
        (#", "initial": "school""#, "metaTraining.initial"),
        (#", "metaOptimizer": {"kind": "stored", "name": "school"}"#, "metaTraining.metaOptimizer"),
    ]) func whatOnlyThenTurnsOutNotToFitIsRefusedThen(training: String, field: String) throws {
        let texts = [
            Self.school("school"), Self.school("next", optimizer: #""kind": "teacher", "hidden": [5]"#, training),
        ]
        let error = #expect(throws: JournalError.self) { try test.run(texts) }
        #expect(error?.kind == .badData)
        #expect(error?.message.contains(field) == true)
        #expect(try test.journal.experiments().map(\.name) == ["school"])
    }
}
