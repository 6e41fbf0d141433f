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
