import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Testing

@testable import Scheduler

/// Runs whose tuning tries further values where the best lies at an edge.
@Suite struct GrowthRunTests {
    /// Rates far too small: the larger the better, so that the list grows as often as it may.
    private static let growing = Specs.quadratic(growth: 3).replacing("[0.1, 0.01]", with: "[0.001, 0.0001]")

    private func rates(_ test: TestJournal) throws -> [Double] {
        try test.journal.tuningChoices(of: test.experiment("quadratic")).compactMap {
            JSONValue(parsing: $0.candidate)?["learningRate"]?.double
        }
    }

    @Test func theListGrowsToWhereItsBestIsInside() throws {
        let test = try TestJournal()
        #expect(try test.run(Self.growing) == RunReport(completed: 1 + 5 * 5 + 6))
        #expect(try rates(test) == [0.001, 0.0001, 0.01, 0.1, 1])
        let choices = try test.journal.tuningChoices(of: test.experiment("quadratic"))
        let chosen = try #require(choices.first { $0.chosen })
        #expect(choices.allSatisfy { !($0.meanFinalLoss < chosen.meanFinalLoss) && $0.trials == 5 })
        let trials = try test.journal.trials(of: test.experiment("quadratic"))
        #expect(
            trials.map(\.kind.rawValue) == ["metaTraining"] + Array(repeating: "tuning", count: 25)
                + Array(repeating: "evaluation", count: 6))
        #expect(
            trials.filter { $0.optimizer == "sgd" && $0.kind == .evaluation }.allSatisfy {
                $0.optimizerSettings == chosen.candidate
            })
        #expect(try test.run(Self.growing) == RunReport(completedBefore: 32))
    }

    @Test func anyNumberOfWorkersGivesTheSameBits() throws {
        let (one, eight) = (try TestJournal(), try TestJournal())
        try one.run(Self.growing, workers: 1)
        try eight.run(Self.growing, workers: 8)
        #expect(try one.digest("quadratic") == eight.digest("quadratic"))
        // Not the results alone: the order of the trials too.
        func identities(_ test: TestJournal) throws -> [String] {
            try test.journal.trials(of: test.experiment("quadratic")).map(\.identity)
        }
        #expect(try identities(one) == identities(eight))
    }

    /// Within the training, the first candidates, each round of growth, and the evaluations.
    @Test(arguments: [30.0, 250, 400, 480, 560, 680, 760])
    func anInterruptedRunGoesOnToTheSameBits(work: Double) throws {
        let (whole, parts) = (try TestJournal(), try TestJournal())
        try whole.run(Self.growing)
        let stop = StopFlag()
        let first = try parts.run(Self.growing, stop: stop, observer: Listener(stopping: stop, after: work))
        #expect(first.wasStopped)
        let second = try parts.run(Self.growing)
        #expect(second.completedBefore == first.completed && second.isComplete)
        #expect(try whole.digest("quadratic") == parts.digest("quadratic"))
    }

    @Test func theSmallerListsTrialsAreTakenOver() throws {
        let test = try TestJournal()
        try test.run(Self.growing.replacing(#""growth": 3"#, with: #""growth": 0"#))
        #expect(try rates(test) == [0.001, 0.0001])
        let listener = Listener()
        let report = try test.run(Self.growing, observer: listener)
        #expect(report == RunReport(completedBefore: 1 + 10 + 3, completed: 15 + 3))
        #expect(listener.messages.filter { $0.contains("taken over") }.count == 1)
        // And all that has grown, by another name.
        let renamed = Self.growing.replacing(#""name": "quadratic""#, with: #""name": "renamed""#)
        let again = Listener()
        #expect(try test.run(renamed, observer: again) == RunReport(completedBefore: 32))
        #expect(again.messages.filter { $0.contains("taken over") }.count == 2)
        #expect(try test.journal.tuningChoices(of: test.experiment("renamed")).count == 5)
    }

    @Test func startingOverGrowsAgain() throws {
        let test = try TestJournal()
        try test.run(Self.growing)
        let digest = try test.digest("quadratic")
        #expect(try test.run(Self.growing, startsOver: true) == RunReport(completed: 32))
        #expect(try test.digest("quadratic") == digest)
        #expect(try test.journal.experiments().count == 1)
        // Where nothing was begun there is nothing to replace, and still nothing is taken over.
        let renamed = Self.growing.replacing(#""name": "quadratic""#, with: #""name": "renamed""#)
        #expect(try test.run(renamed, startsOver: true) == RunReport(completed: 32))
    }

    /// What failed is told once, and is not tried again in every round.
    @Test func whatFailsFailsOnce() throws {
        let test = try TestJournal()
        let listener = Listener()
        let report = try test.run(
            Specs.quadratic(outputScale: 1e30, growth: 3).replacing("[0.1, 0.01]", with: "[0.001, 0.0001]"),
            observer: listener)
        #expect(report == RunReport(completed: 28, failed: 1, blocked: 3))
        #expect(listener.messages.filter { $0.contains("failed") }.count == 1)
    }
}
