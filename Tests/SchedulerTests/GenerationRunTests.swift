import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import Testing

@testable import Scheduler

/// Learned optimizers that teach others, and that others begin with.
@Suite struct GenerationRunTests {
    private let test = try! TestJournal()

    private func spec(_ name: String, _ training: String, evaluation: String = "") -> String {
        """
        {"name": "\(name)", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 10, "unrollLength": 5,
             "evaluation": {"every": 1, "epochs": 1}\(training)}\(evaluation)}
        """
    }

    private func trainings(_ name: String) throws -> [TrialRecord] {
        try test.journal.trials(of: test.experiment(name), kind: .metaTraining)
    }

    private func learned(_ trial: TrialRecord) throws -> LearnedOptimizerRecord {
        try #require(try test.journal.learnedOptimizer(trainedBy: trial.id))
    }

    @Test func everyGenerationIsRecorded() throws {
        let evaluation = #"""
            , "evaluation": {"steps": 10, "repeats": 2, "optimizers": [
                {"kind": "trained", "generation": 1}, {"kind": "trained"}]}
            """#
        let report = try test.run(spec("school", #", "generations": 3"#, evaluation: evaluation))
        #expect(report == RunReport(completed: 3 + 4))
        let trials = try trainings("school")
        #expect(trials.map(\.status) == [.completed, .completed, .completed])
        let weights = try trials.map { try learned($0).weights }
        #expect(weights[0] != weights[1] && weights[1] != weights[2])
        let settings = try trials.map { try #require(JSONValue(parsing: $0.optimizerSettings)) }
        #expect(settings.map { $0["generation"]?.integer } == [nil, 2, 3])
        #expect(settings[0]["metaOptimizer"]?["kind"] == "adam")
        for (index, setting) in settings.enumerated().dropFirst() {
            #expect(setting["metaOptimizer"]?["kind"] == "trained")
            #expect(setting["metaOptimizer"]?["trial"]?.string == trials[index - 1].identity)
        }
        let evaluations = try test.journal.trials(of: test.experiment("school"), kind: .evaluation)
        #expect(Set(evaluations.map(\.optimizer)) == ["trained (generation 1)", "trained (generation 3)"])
        #expect(Set(evaluations.compactMap(\.results?.finalLoss)).count == 4)
    }

    /// A second generation is what comes of a stored first one that teaches another of the same seed.
    @Test func aGenerationIsTaughtByTheOneBefore() throws {
        try test.run(spec("both", #", "generations": 2"#))
        try test.run(spec("first", ""))
        #expect(
            try test.run(spec("second", #", "metaOptimizer": {"kind": "stored", "name": "first"}"#))
                == RunReport(completed: 1))
        let both = try trainings("both")
        #expect(try learned(both[0]).weights == learned(trainings("first")[0]).weights)
        #expect(try learned(both[1]).weights == learned(trainings("second")[0]).weights)
    }

    @Test func generationsAreTheSameForAnyNumberOfWorkers() throws {
        let other = try TestJournal()
        try test.run(spec("school", #", "generations": 3"#), workers: 1)
        try other.run(spec("school", #", "generations": 3"#), workers: 8)
        #expect(try test.digest("school") == other.digest("school"))
    }

    @Test func anInterruptedGenerationGoesOnToTheSameBits() throws {
        let parts = try TestJournal()
        let text = spec("school", #", "generations": 3"#)
        try test.run(text)
        let stop = StopFlag()
        #expect(
            try parts.run(text, workers: 1, stop: stop, observer: Listener(stopping: stop, after: 75)).interrupted > 0)
        try parts.run(text)
        #expect(try test.digest("school") == parts.digest("school"))
    }

    /// What a journal's optimizers teach or begin, it tells with their versions, of later generations too.
    @Test func whatComesFromTheJournalIsToldByItsVersion() throws {
        try test.run(spec("first", ""))
        let version = try OptimizerExport(named: "first", in: test.journal, registry: .standard).reference
        try test.run(
            spec(
                "later",
                #", "generations": 2, "initial": "first", "metaOptimizer": {"kind": "stored", "name": "first"}"#))
        let trials = try trainings("later")
        let settings = try trials.map { try #require(JSONValue(parsing: $0.optimizerSettings)) }
        #expect(settings.map { $0["initial"]?.string } == [version, version])
        #expect(settings[0]["metaOptimizer"]?["experiment"]?.string == version)
        #expect(settings[1]["generation"]?.integer == 2)
        #expect(settings[1]["metaOptimizer"]?["trial"]?.string == trials[0].identity)
    }

    /// A run goes on with the version that it began with, though the journal has a newer one.
    @Test func aRunGoesOnWithTheVersionThatItBeganWith() throws {
        let whole = try TestJournal()
        let later = spec(
            "later", #", "generations": 2, "metaOptimizer": {"kind": "stored", "name": "first"}, "initial": "first""#)
        for journal in [test, whole] { try journal.run(spec("first", "")) }
        try whole.run(later)
        for work in [15.0, 45] {
            let stop = StopFlag()
            #expect(
                try test.run(later, workers: 1, stop: stop, observer: Listener(stopping: stop, after: work)).wasStopped)
            try test.run(spec("first", #", "learningRate": \#(0.01 + work / 1000)"#))
        }
        try test.run(later)
        #expect(try test.digest("later") == whole.digest("later"))
    }

    /// With learning that changes nothing, what comes out is what it began with.
    @Test func initialWeightsAreThoseOfTheStoredOptimizer() throws {
        try test.run(spec("first", ""))
        let still = #", "initial": "first", "metaOptimizer": {"kind": "sgd"}, "learningRate": 1e-37"#
        let evaluation = #"""
            , "evaluation": {"steps": 10, "repeats": 2, "optimizers": [{"kind": "trained"}, {"kind": "stored", "name": "first"}]}
            """#
        #expect(try test.run(spec("again", still, evaluation: evaluation)) == RunReport(completed: 5))
        let (first, again) = (try learned(trainings("first")[0]), try learned(trainings("again")[0]))
        #expect(again.weights == first.weights)
        #expect(again.evaluationLoss == first.evaluationLoss)
        let trials = try test.journal.trials(of: test.experiment("again"), kind: .evaluation)
        func losses(_ optimizer: String) -> [Double?] {
            trials.filter { $0.optimizer == optimizer }.map(\.results?.finalLoss)
        }
        #expect(losses("trained") == losses("first"))
        // Left to learn, it does.
        try test.run(spec("more", #", "initial": "first""#))
        #expect(try learned(trainings("more")[0]).weights != first.weights)
    }

    /// A generation that diverges is recorded so, and what needs it is not run.
    @Test func aGenerationThatDivergesIsRecordedAsFailed() throws {
        let listener = Listener()
        let report = try test.run(Self.diverging, observer: listener)
        #expect(report == RunReport(completed: 1 + 2, failed: 1, blocked: 1 + 2))
        let trials = try trainings("diverging")
        #expect(trials.map(\.status) == [.completed, .failed, .queued])
        #expect(trials[1].error?.contains("the meta-loss was") == true)
        #expect(trials[1].error?.contains("meta-optimizer was itself learned") == true)
        #expect(listener.messages.contains { $0.contains("failed: training trained (generation 2)") })
    }

    /// A linear optimizer that is taught to move by some thousandths of a gradient is good for parameters of 3, and
    /// throws the two meta-parameters, whose gradients are in the thousands, out of all bounds.
    static let diverging = """
        {"name": "diverging", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
         "metaTraining": {
             "optimizer": {"kind": "lstm", "layers": [], "inputs": {"kind": "identity"}, "initial": "zeros", "outputScale": 1},
             "epochs": 4, "steps": 20, "unrollLength": 20, "learningRate": 0.01, "generations": 3,
             "evaluation": {"every": 4, "epochs": 1}},
         "evaluation": {"steps": 5, "repeats": 2, "optimizers": [
             {"kind": "trained", "generation": 1}, {"kind": "trained"}]}}
        """
}
