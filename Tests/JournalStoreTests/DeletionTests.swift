import Foundation
import Nouns
import Testing

@testable import JournalStore

@Suite struct DeletionTests {
    let folder = try! TemporaryFolder()
    let journal: Journal

    init() throws { journal = try Journal(writing: folder.file()) }

    private func versions() throws -> [String] { try journal.experiments().map(\.reference) }

    @Test func aVersionGoesAndTheOthersStay() throws {
        try recordSample(in: journal)
        try recordSample(in: journal, .sample(hash: "def456"))
        try journal.addNote("of both", to: journal.experiment(named: "l2l-mnist@abc123"))
        let digest = try journal.resultDigest(of: journal.experiment(named: "l2l-mnist@def456").id)
        let deletion = try journal.deletion(of: "l2l-mnist@abc")
        #expect(deletion.name == "l2l-mnist@abc123" && deletion.trials == 3 && deletion.begunTrials == 3)
        #expect(deletion.notes == 0)
        try journal.delete(deletion)
        #expect(try versions() == ["l2l-mnist@def456"])
        #expect(try journal.resultDigest(of: journal.experiment(named: "l2l-mnist").id) == digest)
        #expect(try journal.notes().map(\.text) == ["of both"])
        for table in ["curves", "results"] {
            let orphans = "SELECT count(*) FROM \(table) WHERE trial NOT IN (SELECT id FROM trials)"
            #expect(try journal.sql(orphans).rows == [[.int(0)]])
        }
    }

    @Test func withTheLastVersionGoesTheExperiment() throws {
        try recordSample(in: journal)
        try recordSample(in: journal, .sample(name: "other", hash: "1"))
        for name in ["l2l-mnist", "other"] {
            try journal.addNote("a note", to: journal.experiment(named: name))
            try journal.tag(name, adding: [ExperimentTag("t")])
            try journal.archive(name)
        }
        let deletion = try journal.deletion(of: "l2l-mnist@abc123")
        #expect(deletion.name == "l2l-mnist" && deletion.notes == 1)
        try journal.delete(deletion)
        #expect(try versions() == ["other@1"])
        #expect(try journal.notes().map(\.experiment) == ["other"])
        #expect(try journal.tags() == ["other": ["t"]])
        #expect(try Array(journal.archivedExperiments().keys) == ["other"])
    }

    @Test func theSpaceIsGivenBack() throws {
        let registered = try journal.register(.sample(trials: 40))
        let writer = try JournalWriter(journal)
        for trial in registered.trials {
            _ = try writer.begin(trial, .sample)
            writer.points(trial, "loss", firstStep: 0, (0..<5000).map { Double($0).squareRoot() })
            writer.complete(trial, .sample)
        }
        try writer.finish()
        try recordSample(in: journal, .sample(name: "other", hash: "1"))
        let digest = try journal.resultDigest(of: journal.experiment(named: "other").id)
        try journal.close()
        func size() throws -> Int { try Data(contentsOf: URL(fileURLWithPath: folder.file())).count }
        let before = try size()
        let again = try Journal(writing: folder.file())
        try again.delete(again.deletion(of: "l2l-mnist"))
        try again.shrink()
        let after = try again.byteCount()
        #expect(try again.resultDigest(of: again.experiment(named: "other").id) == digest)
        try again.close()
        #expect(before - after > 1 << 20)
        #expect(try size() == after)
    }

    @Test func aTrialGoesAndIsRunAgain() throws {
        let registered = try recordSample(in: journal)
        try journal.addNote(
            "odd", to: journal.experiment(named: "l2l-mnist"), trial: journal.trial(registered.trials[1]))
        try journal.delete(journal.deletion(ofTrial: registered.trials[1]))
        #expect(try journal.trials(of: registered.id).map(\.identity) == ["trial-0", "trial-2"])
        #expect(try journal.notes().map(\.text) == ["odd"])
        #expect(try journal.register(.sample()).trials.count == 3)
        #expect(try journal.trials(of: registered.id).map(\.status) == [.completed, .queued, .completed])
        #expect(try journal.trialsWithNotes().count == 1)
    }

    @Test func whatARunIsAtWorkOnStays() throws {
        let registered = try journal.register(.sample())
        try recordSample(in: journal, .sample(name: "other", hash: "1"))
        let writer = try JournalWriter(journal)
        _ = try writer.begin(registered.trials[0], .sample)
        writer.complete(registered.trials[0], .sample)
        try writer.flush()
        for deletion in try [journal.deletion(of: "l2l-mnist"), journal.deletion(ofTrial: registered.trials[2])] {
            let error = journalError { try journal.delete(deletion) }
            #expect(error?.message.contains("is being run by process \(Liveness.pid)") == true)
        }
        try journal.delete(journal.deletion(of: "other"))
        #expect(try versions() == ["l2l-mnist@abc123"])
        try writer.finish()
        try journal.delete(journal.deletion(of: "l2l-mnist"))
        #expect(try versions().isEmpty)
    }

    @Test func whatIsNoLongerAsItWasShownStays() throws {
        try recordSample(in: journal)
        let shown = try journal.deletion(of: "l2l-mnist")
        try journal.addNote("wait", to: journal.experiment(named: "l2l-mnist"))
        #expect(journalError { try journal.delete(shown) }?.message.contains("has changed") == true)
        #expect(try journal.notes().count == 1)
        let again = try journal.deletion(of: "l2l-mnist")
        try recordSample(in: journal, .sample(hash: "def456"))
        #expect(journalError { try journal.delete(again) }?.message.contains("has changed") == true)
        let trial = try journal.deletion(ofTrial: 1)
        try journal.delete(trial)
        #expect(journalError { try journal.delete(trial) }?.message.contains("has changed") == true)
        #expect(try versions().count == 2)
    }

    @Test func aTrialThatDivergedGoesToo() throws {
        let registered = try journal.register(.sample(trials: 1))
        let writer = try JournalWriter(journal)
        _ = try writer.begin(registered.trials[0], .sample)
        writer.complete(registered.trials[0], TrialResults(steps: 1, seconds: 1, values: [.finalLoss: .nan]))
        try writer.finish()
        try journal.delete(journal.deletion(ofTrial: registered.trials[0]))
        #expect(try journal.trials(of: registered.id).isEmpty)
    }

    @Test func resultsThatWereTakenOverStay() throws {
        func experiment(_ hash: String) -> ExperimentRegistration {
            var experiment = ExperimentRegistration.sample(hash: hash, trials: 2)
            for index in experiment.trials.indices {
                experiment.trials[index].content = TrialContent(hash: "content-\(index)", optimizerSettings: "{}")
            }
            return experiment
        }
        let first = try journal.register(experiment("a1"))
        let writer = try JournalWriter(journal)
        for (index, trial) in first.trials.enumerated() {
            var start = TrialStart.sample
            start.content = "content-\(index)"
            _ = try writer.begin(trial, start)
            writer.complete(trial, .sample)
        }
        try writer.finish()
        let (second, third) = (try journal.register(experiment("b2")), try journal.register(experiment("c3")))
        #expect(try journal.trials(of: third.id).map(\.takenFrom) == first.trials)
        let digest = try journal.resultDigest(of: second.id)
        let deletion = try journal.deletion(of: "l2l-mnist@a1")
        #expect(deletion.takenBy.map(\.hash) == ["b2", "c3"] && deletion.takenBy.map(\.trials) == [2, 2])
        try journal.delete(deletion)
        #expect(try journal.resultDigest(of: second.id) == digest)
        let heirs = try journal.trials(of: second.id)
        #expect(heirs.map(\.takenFrom) == [nil, nil])
        #expect(heirs[0].note == "Its results were computed for l2l-mnist@a1, which was deleted.")
        #expect(try journal.trials(of: third.id).map(\.takenFrom) == second.trials)
        #expect(try journal.sources(of: third.id).map(\.hash) == ["b2"])
    }

    @Test func optimizersInUseElsewhereAreTold() throws {
        let learner = try journal.register(.sample(trials: 1))
        let writer = try JournalWriter(journal)
        _ = try writer.begin(learner.trials[0], .sample)
        writer.learnedOptimizer(
            learner.trials[0],
            LearnedOptimizerRecord(name: "l2l-mnist", kind: "lstm", configuration: "{}", evaluationLoss: 1, weights: [])
        )
        writer.complete(learner.trials[0], .sample)
        try writer.finish()
        var user = ExperimentRegistration.sample(name: "user", hash: "1", trials: 1)
        user.trials[0].optimizerSettings = #"{"experiment":"l2l-mnist@abc123","kind":"stored","name":"l2l-mnist"}"#
        try recordSample(in: journal, user)
        let deletion = try journal.deletion(of: "l2l-mnist")
        #expect(deletion.learnedOptimizers == 1)
        #expect(deletion.optimizerUsers.map(\.name) == ["user"])
        #expect(try journal.deletion(of: "user").optimizerUsers.isEmpty)
    }
}
