import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Testing

@testable import Scheduler

/// Versions and experiments that have trials in common with earlier ones.
@Suite struct TakingOverTests {
    private let test = try! TestJournal()

    /// Runs a spec after others: what it does not take over it computes, and all is as if it had been run alone.
    @discardableResult
    private func expectTakenOver(_ count: Int, of text: String, called name: String = "quadratic") throws -> [String] {
        let (listener, alone) = (Listener(), try TestJournal())
        let report = try test.run(text, observer: listener)
        #expect(try alone.run(text) == RunReport(completed: report.total))
        #expect(report == RunReport(completedBefore: count, completed: report.total - count))
        #expect(try test.digest(name) == alone.digest(name))
        let trials = try test.journal.trials(of: test.experiment(name))
        #expect(trials.count { $0.takenFrom != nil } == count)
        #expect(try test.run(text) == RunReport(completedBefore: report.total))
        return listener.messages.filter { $0.contains("taken over") }
    }

    @Test func aRivalMoreRunsTheRivalAlone() throws {
        try test.run(Specs.quadratic())
        let version = try test.journal.experiment(named: "quadratic").hash.prefix(12)
        let messages = try expectTakenOver(17, of: Specs.quadratic(optimizers: #", {"kind": "adam"}"#))
        #expect(messages == ["17 of 20 trials taken over from quadratic@\(version)."])
    }

    @Test(arguments: [
        ("more repeats", #""repeats": 3"#, #""repeats": 5"#, 17),
        ("fewer repeats", #""repeats": 3"#, #""repeats": 2"#, 15),
        ("a candidate more", "[0.1, 0.01]", "[0.1, 0.01, 0.03]", 1 + 10 + 3),
        ("candidates in another order", "[0.1, 0.01]", "[0.01, 0.1]", 1 + 10 + 3),
        ("another problem too", #""repeats": 3"#, #""repeats": 3, "problems": [{}, {"kind": "simple"}]"#, 17),
        ("the steps of evaluations", #""steps": 20, "repeats""#, #""steps": 10, "repeats""#, 1),
        ("what is recorded of evaluations", #""snapshotEvery": 5"#, #""snapshotEvery": 10"#, 11),
        ("meta-training", #""epochs": 6"#, #""epochs": 4"#, 13),
        ("what is learned", #""outputScale": 0.1"#, #""outputScale": 0.2"#, 13),
        ("the problem", #""dimensions": 4"#, #""dimensions": 5"#, 0),
        ("the seed", #""seed": 3"#, #""seed": 4"#, 0),
        ("the precision", #""precision": "single""#, #""precision": "double""#, 0),
    ])
    func whatChangesIsRunAnewWithAllThatNeedsIt(what: String, old: String, new: String, shared: Int) throws {
        let text = Specs.quadratic()
        try #require(text.contains(old))
        try test.run(text)
        let messages = try expectTakenOver(shared, of: text.replacing(old, with: new))
        #expect(messages.count == (shared > 0 ? 1 : 0))
    }

    @Test func whatThingsAreCalledDecidesNothing() throws {
        try test.run(Specs.quadratic())
        let text = Specs.quadratic(name: "renamed")
            .replacing(#"{"kind": "trained"}"#, with: #"{"kind": "trained", "name": "ours"}"#)
            .replacing(#"{"kind": "sgd","#, with: #"{"kind": "sgd", "name": "theirs","#)
            .replacing(#""repeats": 3"#, with: #""repeats": 3, "problems": [{"name": "bowl"}]"#)
        try expectTakenOver(17, of: text, called: "renamed")
        let choices = try test.journal.tuningChoices(of: test.experiment("renamed"))
        #expect(choices.map(\.optimizer) == ["theirs", "theirs"] && choices.map(\.problem) == ["bowl", "bowl"])
        let old = try test.journal.trials(of: test.experiment("quadratic"))
        let new = try test.journal.trials(of: test.experiment("renamed"))
        #expect(old.count == 17 && new.count == 17)
        for (before, after) in zip(old, new) {
            #expect(after.takenFrom == before.id && after.content == before.content)
            #expect(after.startedAt == before.startedAt && after.finishedAt == before.finishedAt)
            #expect(after.results == before.results && after.kernelTable == before.kernelTable)
            let metrics = try test.journal.metrics(of: before.id)
            #expect(metrics.contains(before.kind == .metaTraining ? Metric.metaLoss : Metric.loss))
            #expect(try test.journal.metrics(of: after.id) == metrics)
            for metric in metrics {
                let (there, here) = (
                    try test.journal.points(trial: before.id, metric: metric),
                    try test.journal.points(trial: after.id, metric: metric)
                )
                #expect(there == here)
            }
        }
        // The learned optimizer is found under the new name too, and goes on when the old version is gone.
        let learned = try test.journal.learnedOptimizer(named: "renamed")
        #expect(try learned.weights == test.journal.learnedOptimizer(named: "quadratic").weights)
        #expect(learned.weights.map(\.name) == ["lstm1/weight", "lstm1/bias", "linear/weight", "linear/bias"])
        let digest = try test.digest("renamed")
        #expect(try test.run(Specs.quadratic(), startsOver: true) == RunReport(completed: 17))
        #expect(try test.digest("renamed") == digest)
        // Nor does starting over take anything: neither from other versions, nor for a version that was taken over.
        #expect(try test.run(text, startsOver: true) == RunReport(completed: 17))
        #expect(try test.digest("renamed") == digest)
        let alone = try test.journal.trials(of: test.experiment("renamed"))
        #expect(alone.map(\.takenFrom) == Array(repeating: nil, count: 17))
    }

    @Test(arguments: [0.0, 75, 130, 300]) func ofWhatWasInterruptedTheCompletedIsTaken(work: Double) throws {
        let stop = StopFlag()
        let first = try test.run(Specs.quadratic(), stop: stop, observer: Listener(stopping: stop, after: work))
        #expect(first.wasStopped)
        try expectTakenOver(first.completed, of: Specs.quadratic(name: "other"), called: "other")
        // And what was interrupted need not be computed to its end.
        #expect(try test.run(Specs.quadratic()) == RunReport(completedBefore: 17))
        #expect(try test.journal.checkpointSteps(of: test.experiment("quadratic")).isEmpty)
        let alone = try TestJournal()
        try alone.run(Specs.quadratic())
        #expect(try test.digest("quadratic") == alone.digest("quadratic"))
    }

    @Test func anotherProgramComputesAllAnew() throws {
        try test.run(Specs.quadratic(), programVersion: "older")
        let other = Specs.quadratic(name: "other")
        #expect(try test.run(other) == RunReport(completed: 17))
        // What a version was begun with by the older program stands, and what needs it is not what this one computes.
        let stop = StopFlag()
        let part = try test.run(
            Specs.quadratic(name: "mixed"), workers: 1, stop: stop, observer: Listener(stopping: stop, after: 260),
            programVersion: "oldest")
        #expect(try test.journal.trials(of: test.experiment("mixed"))[0].status == .completed)
        let mixed = try test.run(Specs.quadratic(name: "mixed"))
        #expect(mixed.isComplete && mixed.completedBefore > part.completed)
        let evaluations = try test.journal.trials(of: test.experiment("mixed"), kind: .evaluation)
        #expect(evaluations.filter { $0.optimizer == "trained" }.map(\.takenFrom) == [nil, nil, nil])
    }

    @Test func otherDataIsAnotherExperiment() throws {
        func spec(_ name: String, _ optimizers: String) -> String {
            """
            {"name": "\(name)", "problem": {
                 "kind": "classification", "dataset": {"name": "mnist", "fallback": "synthetic-digits"},
                 "student": {"hidden": [2]}, "batchSize": 4},
             "evaluation": {"steps": 2, "repeats": 2, "optimizers": [\(optimizers)]}}
            """
        }
        try TinyDigits.write(to: test.folder)
        try test.run(spec("digits", #"{"kind": "sgd"}"#))
        let both = #"{"kind": "sgd"}, {"kind": "adam"}"#
        #expect(try test.run(spec("digits", both)) == RunReport(completedBefore: 2, completed: 2))
        try TinyDigits.write(to: test.folder, shift: 1)
        #expect(try test.run(spec("others", both)) == RunReport(completed: 4))
        try FileManager.default.removeItem(at: test.folder.appendingPathComponent("mnist"))
        #expect(try test.run(spec("drawn", both)) == RunReport(completed: 4))
        try TinyDigits.write(to: test.folder)
        #expect(try test.run(spec("again", both)) == RunReport(completedBefore: 4))
    }

    @Test func aLearnedOptimizerIsItsWeights() throws {
        func user(_ name: String, _ learned: String) -> String {
            """
            {"name": "\(name)", "seed": 3, "problem": {"kind": "quadratic", "batchSize": 8, "dimensions": 4},
             "metaTraining": {
                 "optimizer": {"kind": "lstm", "layers": [4]}, "epochs": 2, "steps": 4, "unrollLength": 2,
                 "initial": "\(learned)", "evaluation": {"every": 1, "epochs": 1}},
             "evaluation": {"steps": 20, "repeats": 3, "optimizers": [
                 {"kind": "trained"}, {"kind": "stored", "name": "\(learned)"}]}}
            """
        }
        try test.run([Specs.quadratic(), Specs.quadratic(name: "copy"), user("first", "quadratic")])
        #expect(try test.run(user("second", "copy")) == RunReport(completedBefore: 7))
        let copy = try test.journal.experiment(named: "copy")
        let trials = try test.journal.trials(of: test.experiment("second")).filter {
            $0.kind == .metaTraining || $0.optimizer != "trained"
        }
        #expect(trials.count == 1 + 3)
        for trial in trials {
            #expect(trial.optimizerSettings.contains("copy@\(copy.hash)"))
            #expect(!trial.optimizerSettings.contains("quadratic"))
        }
        try test.run(Specs.quadratic(name: "copy", outputScale: 0.2))
        #expect(try test.run(user("third", "copy")) == RunReport(completed: 7))
    }

    @Test func generationsThatComeAfterChangeNothing() throws {
        func school(_ generations: Int) -> String {
            """
            {"name": "school", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 3},
             "metaTraining": {
                 "optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 10, "unrollLength": 5,
                 "evaluation": {"every": 1, "epochs": 1}, "generations": \(generations)},
             "evaluation": {"steps": 4, "repeats": 2, "optimizers": [
                 {"kind": "trained", "generation": 1}, {"kind": "trained", "generation": \(generations)}]}}
            """
        }
        try test.run(school(2))
        try expectTakenOver(2 + 2, of: school(3), called: "school")
    }

    @Test func oneTrialStandsForAsManyAsAreAskedFor() throws {
        func simple(_ repeats: Int) -> String {
            """
            {"name": "simple", "problem": {"kind": "simple"}, "evaluation": {
                "steps": 3, "repeats": \(repeats), "optimizers": [{"kind": "sgd"}, {"kind": "adam"}]}}
            """
        }
        try test.run(simple(2))
        #expect(try test.run(simple(5)) == RunReport(completedBefore: 2))
        #expect(try test.journal.trials(of: test.experiment("simple")).map(\.standsFor) == [5, 5])
    }
}
