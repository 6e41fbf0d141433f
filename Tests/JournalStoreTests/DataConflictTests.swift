import Testing

@testable import JournalStore

@Suite struct DataConflictTests {
    let folder = try! TemporaryFolder()

    private func registration(_ checksum: String, trials: Int = 3) -> ExperimentRegistration {
        var experiment = ExperimentRegistration.sample(trials: trials)
        for index in experiment.trials.indices {
            experiment.trials[index].dataset = DatasetRecord(name: "mnist", origin: "files", checksum: checksum)
        }
        return experiment
    }

    private func start(_ checksum: String) -> TrialStart {
        TrialStart(kernelTable: "avx2", dataset: DatasetRecord(name: "mnist", origin: "files", checksum: checksum))
    }

    @Test func trialsThatWereBegunAreNotGoneOnWithOnOtherData() throws {
        let journal = try Journal(writing: folder.file())
        let writer = try JournalWriter(journal)
        let registered = try writer.register(registration("aaaa"))
        _ = try writer.begin(registered.trials[0], start("aaaa"))
        writer.complete(registered.trials[0], .sample)
        try writer.finish()
        try journal.requireSameData(registration("aaaa"))
        for refused in [
            journalError { try journal.requireSameData(registration("bbbb")) },
            journalError { _ = try journal.register(registration("bbbb")) },
        ] {
            let error = try #require(refused)
            #expect(error.kind == .badData)
            for part in ["1 trial is recorded", "aaaa", "bbbb", "--data-dir", "--fresh"] {
                #expect(error.message.contains(part), "\(error.message)")
            }
        }
        // To start over is one of the ways on; what was begun so on yet other data counts for nothing.
        for checksum in ["bbbb", "cccc"] {
            let next = try JournalWriter(journal)
            let fresh = try next.register(registration(checksum), fresh: true)
            #expect(try next.begin(fresh.trials[0], start(checksum)) == .started)
            next.complete(fresh.trials[0], .sample)
            try next.finish()
            #expect(try journal.trials(of: registered.id)[0].dataset?.checksum == "aaaa")
        }
    }

    @Test func dataMayChangeBeforeAnythingBegins() throws {
        let journal = try Journal(writing: folder.file())
        let registered = try journal.register(registration("aaaa"))
        _ = try journal.register(registration("bbbb"))
        #expect(Set(try journal.trials(of: registered.id).map(\.dataset?.checksum)) == ["bbbb"])
    }

    @Test func twoProcessesAtOnceHaveTheSameData() throws {
        let (first, second) = (try Journal(writing: folder.file()), try Journal(writing: folder.file()))
        let (one, two) = (try JournalWriter(first), try JournalWriter(second))
        _ = try one.register(registration("aaaa"))
        #expect(journalError { _ = try two.register(registration("bbbb")) }?.kind == .badData)
        try one.finish()
    }
}
