import Testing

@testable import JournalStore

@Suite struct RegistrationTests {
    let folder = try! TemporaryFolder()

    @Test func theSameAgainFindsTheSameTrials() throws {
        let journal = try Journal(writing: folder.file())
        let first = try recordSample(in: journal)
        #expect(!first.isKnown)
        var reordered = ExperimentRegistration.sample()
        reordered.trials.reverse()
        let again = try journal.register(reordered)
        #expect(again.isKnown)
        #expect(again.id == first.id)
        #expect(again.trials == first.trials.reversed())
        #expect(Set(try journal.trials(of: first.id).map(\.status)) == [.completed])
    }

    /// Trials that are planned when others are done stand where the plan has them, and take over results.
    @Test func furtherTrialsComeToTheSameVersion() throws {
        let journal = try Journal(writing: folder.file())
        let first = try journal.register(.sample(trials: 2))
        var whole = ExperimentRegistration.sample(trials: 2)
        whole.trials.insert(.sample("between", seed: 7), at: 1)
        let extended = try journal.register(whole, extending: first, takesOver: true)
        #expect(extended.id == first.id && extended.replaces == nil)
        #expect([extended.trials[0], extended.trials[2]] == first.trials)
        #expect(try journal.trials(of: first.id).map(\.identity) == ["trial-0", "between", "trial-1"])
    }

    /// What is run afresh grows beside what it will replace, and goes on taking nothing over.
    @Test func furtherTrialsOfAFreshVersionStayBesideTheOldOne() throws {
        let journal = try Journal(writing: folder.file())
        let old = try recordSample(in: journal)
        let fresh = try journal.register(.sample(trials: 3), fresh: true)
        try #require(fresh.replaces == old.id)
        let extended = try journal.register(.sample(trials: 4), extending: fresh, takesOver: false)
        #expect(extended.id == fresh.id && extended.replaces == old.id)
        #expect(try journal.trials(of: fresh.id).map(\.status) == Array(repeating: .queued, count: 4))
        #expect(try journal.trials(of: old.id).count == 3)
    }

    @Test func aChangedSpecIsANewVersion() throws {
        let journal = try Journal(writing: folder.file())
        let old = try journal.register(.sample(hash: "abc111"))
        let new = try journal.register(.sample(hash: "abc222"))
        #expect(try journal.experiment(named: "l2l-mnist").id == new.id)
        #expect(try journal.experiment(named: "l2l-mnist@abc1").id == old.id)
        #expect(try journal.experiment(named: "l2l-mnist@ABC2").id == new.id)
        let ambiguous = try #require(journalError { _ = try journal.experiment(named: "l2l-mnist@abc") })
        #expect(ambiguous.message.contains("more than one") && ambiguous.message.contains("l2l-mnist@abc111"))
        let unknown = try #require(journalError { _ = try journal.experiment(named: "l2l-mnist@fff") })
        #expect(unknown.message.contains("no version fff"))
        let slip = try #require(journalError { _ = try journal.experiment(named: "l2l-minst") })
        #expect(slip.kind == .missing)
        #expect(slip.message.contains("did you mean l2l-mnist?"))
        #expect(try journal.experiments().map(\.hash) == ["abc111", "abc222"])
    }
}
