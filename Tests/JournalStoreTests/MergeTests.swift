import Foundation
import GRDB
import Nouns
import Testing

@testable import JournalStore

@Suite struct MergeTests {
    let folder = try! TemporaryFolder()

    /// A journal in which the trials of an experiment with these numbers are completed, of three.
    private func journal(
        _ name: String, completing numbers: Set<Int> = [0, 1, 2], change: (JournalWriter, Int64) -> Void = { _, _ in }
    ) throws -> Journal {
        let journal = try Journal(writing: folder.file(name))
        let trials = try journal.register(.sample()).trials
        let writer = try JournalWriter(journal)
        for (number, trial) in trials.enumerated() where numbers.contains(number) {
            _ = try writer.begin(trial, .sample)
            writer.points(trial, .loss, firstStep: 0, (0..<1500).map { Float($0 + number) / 10 })
            writer.point(trial, .metaStepSeconds, step: 0, Double.random(in: 0..<1))
            writer.snapshot(trial, step: 3, [NamedTensor(name: "w", shape: [2], values: [Float(1), Float(number)])])
            writer.learnedOptimizer(
                trial,
                LearnedOptimizerRecord(
                    name: "l2l-mnist", kind: "lstm", configuration: "{}", evaluationLoss: 0.5,
                    weights: [NamedTensor(name: "v", shape: [1], values: [Float(number)])]))
            change(writer, trial)
            var results = TrialResults.sample
            results.values["curvature"] = Double(number)
            results.values[.testLoss] = .nan
            writer.complete(trial, results)
        }
        writer.tuningChoices(
            experiment: 1,
            [
                TuningChoice(
                    problem: "mnist", optimizer: "adam", candidate: "{}", meanFinalLoss: 0.5, trials: 2, chosen: true)
            ])
        try writer.finish()
        return journal
    }

    private func digest(_ journal: Journal) throws -> String {
        try journal.resultDigest(of: journal.experiment(named: "l2l-mnist").id)
    }

    @Test func allOfAJournalComesOnce() throws {
        let other = try journal("other.sqlite")
        try other.close()
        let here = try Journal(writing: folder.file())
        let outcome = try here.merge([other.path])
        #expect((outcome.experiments, outcome.trials, outcome.tunings) == (1, 3, 1))
        let theirs = try Journal(reading: other.path)
        #expect(try digest(here) == digest(theirs))
        // What is no result comes too.
        for sql in [
            "SELECT host, pid, process, programVersion, startedAt, heartbeatAt, finishedAt FROM runs",
            "SELECT name, hash, spec, canonicalSpec, question, programVersion, createdAt FROM experiments",
            "SELECT * FROM trialRecords ORDER BY id", "SELECT * FROM curves", "SELECT * FROM learnedOptimizerWeights",
        ] {
            #expect(try here.sql(sql) == theirs.sql(sql), "\(sql)")
        }
        let changes = try here.sql("SELECT total_changes() AS n")
        let again = try here.merge([other.path])
        #expect(again == MergeOutcome())
        #expect(try here.sql("SELECT total_changes() AS n") == changes)
    }

    @Test func journalsWithPartsOfAnExperimentMakeTheWhole() throws {
        let whole = try journal("whole.sqlite")
        let parts = try (0..<3).map { try journal("\($0).sqlite", completing: [$0]) }
        let here = parts[0]
        let outcome = try here.merge([parts[1].path, parts[2].path])
        #expect((outcome.experiments, outcome.trials, outcome.conflicts) == (0, 2, []))
        #expect(try digest(here) == digest(whole))
        // Nor does what is complete here go back to what is not.
        #expect(try here.merge([parts[1].path]).isNothing)
    }

    @Test func whatDiffersIsSaidAndLeft() throws {
        let here = try journal("here.sqlite", completing: [0])
        let before = try digest(here)
        let cases: [(words: String, change: (JournalWriter, Int64) -> Void)] = [
            ("loss has 1500 points here, 1501 there", { $0.point($1, .loss, step: 1500, Float(1)) }),
            ("the curve gradient is only there", { $0.point($1, "gradient", step: 0, Float(1)) }),
            (
                "the snapshot at step 3 differs, in w",
                { $0.snapshot($1, step: 3, [NamedTensor(name: "w", shape: [2], values: [Float(1), 9])]) }
            ),
        ]
        for (number, (words, change)) in cases.enumerated() {
            let other = try journal("other-\(number).sqlite", completing: [0], change: change)
            let outcome = try here.merge([other.path])
            #expect(outcome.conflicts.map(\.difference) == [words])
            #expect(outcome.conflicts.map(\.subject) == ["evaluation of adam on mnist, seed 0"])
            #expect(outcome.conflicts.map(\.path) == [other.path])
            #expect(outcome.isNothing)
            #expect(try digest(here) == before)
        }
    }

    @Test func aValueThatDiffersIsNamedWithItsStep() throws {
        let here = try journal("here.sqlite", completing: [0])
        let other = try journal("other.sqlite", completing: [0])
        try other.write {
            try $0.execute(sql: "UPDATE curves SET pointValues = replace(pointValues, '[0.0,0.1,', '[0.0,7.5,')")
        }
        #expect(try here.merge([other.path]).conflicts.map(\.difference) == ["loss at step 1 is 0.1 here, 7.5 there"])
        try other.write { try $0.execute(sql: "UPDATE results SET value = 3 WHERE name IN ('bestLoss', 'curvature')") }
        #expect(try here.merge([other.path]).conflicts.map(\.difference) == ["bestLoss is 0.125 here, 3.0 there"])
        try other.write { try $0.execute(sql: "UPDATE results SET value = 0.125 WHERE name = 'bestLoss'") }
        #expect(try here.merge([other.path]).conflicts.map(\.difference) == ["curvature is 0.0 here, 3.0 there"])
        try other.write { try $0.execute(sql: "UPDATE tuningChoices SET meanFinalLoss = 2") }
        let conflicts = try here.merge([other.path]).conflicts
        #expect(conflicts.map(\.subject).first == "what was chosen for adam on mnist")
        #expect(conflicts.map(\.difference).first == "meanFinalLoss of {} is 0.5 here, 2.0 there")
    }

    @Test func equalPointsInOtherChunksAreEqual() throws {
        let here = try journal("here.sqlite", completing: [0])
        let other = try journal("other.sqlite", completing: [0])
        // The second chunk's first point goes to the end of the first one.
        try other.write { db in
            try db.execute(
                sql: """
                    UPDATE curves SET pointCount = 1001,
                        pointValues = substr(pointValues, 1, length(pointValues) - 1) || ',100.0]'
                    WHERE metric = 'loss' AND chunk = 0;
                    UPDATE curves SET firstStep = 1001, pointCount = 499,
                        pointValues = replace(pointValues, '[100.0,', '[') WHERE metric = 'loss' AND chunk = 1;
                    """)
        }
        #expect(try here.merge([other.path]) == MergeOutcome())
    }

    @Test func aPersonMaySayWhoseResultsAreRight() throws {
        let other = try journal("other.sqlite", change: { $0.point($1, "gradient", step: 0, Float(1)) })
        let here = try journal("here.sqlite")
        let before = try digest(here)
        #expect(try here.merge([other.path], preferring: .ours).conflicts.count == 3)
        #expect(try digest(here) == before)
        let outcome = try here.merge([other.path], preferring: .theirs)
        #expect((outcome.conflicts.count, outcome.trials) == (3, 3))
        #expect(try digest(here) == digest(other))
        #expect(try here.merge([other.path]) == MergeOutcome())
    }

    @Test func otherDataIsNotMixedIn() throws {
        let here = try journal("here.sqlite", completing: [0])
        let other = try journal("other.sqlite", completing: [1])
        try here.write { try $0.execute(sql: "UPDATE trialRecords SET dataset = 'mnist', datasetChecksum = 'aa'") }
        let conflicts = try here.merge([other.path]).conflicts
        #expect(conflicts.map(\.difference) == ["mnist has the checksum aa here, 00ff there"])
        // Where nothing has begun, the data of the first results are the data.
        let empty = try Journal(writing: folder.file("empty.sqlite"))
        _ = try empty.register(.sample())
        try empty.write { try $0.execute(sql: "UPDATE trialRecords SET dataset = 'mnist', datasetChecksum = 'aa'") }
        #expect(try empty.merge([other.path]).trials == 1)
    }

    @Test func aCheckpointThatIsFurtherComes() throws {
        func interrupted(_ name: String, at step: Int) throws -> Journal {
            let journal = try Journal(writing: folder.file(name))
            let trial = try journal.register(.sample(trials: 1)).trials[0]
            let writer = try JournalWriter(journal)
            _ = try writer.begin(trial, .sample)
            writer.points(trial, .loss, firstStep: 0, (0..<step).map { Float($0) })
            writer.checkpoint(trial, Checkpoint(step: step, data: Data([UInt8(step)])))
            try writer.flush()
            return journal
        }
        // The one there is still under way.
        let (near, far) = (try interrupted("near.sqlite", at: 10), try interrupted("far.sqlite", at: 20))
        try near.write { try $0.execute(sql: "UPDATE trialRecords SET status = 'interrupted'") }
        #expect(try near.merge([far.path]).trials == 1)
        #expect(try near.merge([far.path]).isNothing)
        #expect(try near.trials(of: 1)[0].status == .interrupted)
        let claim = try JournalWriter(near).begin(1, .sample)
        #expect(claim == .resumed(Checkpoint(step: 20, data: Data([20]))))
        #expect(try far.merge([near.path]).isNothing)
    }

    @Test func whatIsBeingRunHereIsLeftAlone() throws {
        let here = try Journal(writing: folder.file())
        let trials = try here.register(.sample()).trials
        let writer = try JournalWriter(here)
        _ = try writer.begin(trials[0], .sample)
        let other = try journal("other.sqlite")
        let outcome = try here.merge([other.path])
        #expect((outcome.trials, outcome.busy) == (2, 1))
        // It goes on undisturbed.
        writer.point(trials[0], .loss, step: 0, Float(1))
        writer.complete(trials[0], .sample)
        try writer.finish()
        #expect(try here.trials(of: 1).allSatisfy { $0.status == .completed })
    }

    @Test func trialsThatWereTakenOverStillSayFromWhere() throws {
        let other = try Journal(writing: folder.file("other.sqlite"))
        let content = TrialContent(hash: "c", optimizerSettings: "{}")
        var one = ExperimentRegistration.sample(name: "one", hash: "1", trials: 1)
        one.trials[0].content = content
        let trial = try other.register(one).trials[0]
        let writer = try JournalWriter(other)
        _ = try writer.begin(trial, TrialStart(kernelTable: "avx2", content: "c"))
        writer.complete(trial, .sample)
        try writer.finish()
        var two = ExperimentRegistration.sample(name: "two", hash: "2", trials: 1)
        two.trials[0].content = content
        #expect(try other.register(two).takenOver.count == 1)

        let here = try Journal(writing: folder.file())
        try recordSample(in: here)
        _ = try here.merge([other.path])
        let ids = try here.sql("SELECT id FROM trials WHERE takenFrom IS NULL AND experiment = 2").rows
        #expect(try here.sql("SELECT takenFrom FROM trials WHERE experiment = 3").rows == ids)
        // Alone, it was still taken over; and comes to know from where when that comes.
        let part = folder.file("part.sqlite")
        try other.copy([other.experiment(named: "two")], to: part)
        let alone = try Journal(writing: part)
        #expect(try alone.trials(of: 1)[0].takenFrom == 0)
        _ = try alone.merge([other.path])
        #expect(try alone.trials(of: 1)[0].takenFrom == 2)
    }

    @Test func ofNotesAndTagsBothJournalsComeTogether() throws {
        let (here, other) = (try journal("here.sqlite"), try journal("other.sqlite"))
        for (journal, text) in [(here, "ours"), (other, "theirs")] {
            let version = try journal.experiment(named: "l2l-mnist")
            try journal.addNote(text, to: version, kind: .conclusion)
            try journal.addNote("on a trial", to: version, trial: journal.trials(of: version.id)[0])
        }
        for (table, journal) in [("shared", here), ("shared", other), ("there", other)] {
            try journal.write { db in
                try db.execute(
                    sql: "INSERT INTO tags VALUES ('l2l-mnist', ?, ?)", arguments: [table, Instant.now])
            }
        }
        #expect(try here.merge([other.path]).writings == 3)
        #expect(try here.notes(of: "l2l-mnist").map(\.text).sorted() == ["on a trial", "on a trial", "ours", "theirs"])
        #expect(try here.sql("SELECT tag FROM tags ORDER BY tag").rows == [[.text("shared")], [.text("there")]])
        #expect(try here.merge([other.path]) == MergeOutcome())
        // They go with an experiment that is copied.
        let part = folder.file("part.sqlite")
        try here.copy([here.experiment(named: "l2l-mnist")], to: part)
        #expect(try Journal(reading: part).notes().count == 4)
    }

    @Test func versionsAreAsOldAsTheyWereWhereTheyCameFrom() throws {
        let other = try Journal(writing: folder.file("other.sqlite"))
        try recordSample(in: other, .sample(hash: "old"))
        usleep(5_000)
        let here = try Journal(writing: folder.file())
        try recordSample(in: here, .sample(hash: "new"))
        _ = try here.merge([other.path])
        #expect(try here.experiment(named: "l2l-mnist").hash == "new")
    }

    @Test func whatIsNoJournalIsSaidAndTheRestMerged() throws {
        let other = try journal("other.sqlite")
        let foreign = folder.file("foreign.sqlite")
        try DatabaseQueue(path: foreign).write { try $0.execute(sql: "CREATE TABLE t (x)") }
        let newer = folder.file("newer.sqlite")
        try journal("newer.sqlite").write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('from-the-future')")
            try db.execute(sql: "INSERT INTO formatHistory VALUES ('from-the-future', '99.0', '')")
        }
        let here = try Journal(writing: folder.file())
        let outcome = try here.merge([foreign, newer, other.path])
        #expect(outcome.trials == 3)
        #expect(outcome.faults.map(\.path) == [foreign, newer])
        #expect(outcome.faults.last?.error.message.contains("was written by journal 99.0") ?? false)
        #expect(journalError { _ = try here.merge([folder.file("none.sqlite")]) }?.kind == .missing)
        #expect(journalError { _ = try here.merge([here.path]) }?.kind == .usage)
    }

    @Test func anOlderFormatIsRead() throws {
        let old = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Journals/third-format.sqlite").path
        let here = try Journal(writing: folder.file())
        #expect(try here.merge([old]).trials > 0)
        let source = try Journal(reading: old)
        let digests = try [source, here].map { journal in
            try journal.experiments().map { try journal.resultDigest(of: $0.id) }
        }
        #expect(digests[0] == digests[1])
        #expect(try here.merge([old]).isNothing)
    }

    @Test func aCopyIsWholeAndAtRest() throws {
        let source = try journal("source.sqlite", completing: [0])
        let writer = try JournalWriter(source)
        _ = try writer.begin(2, .sample)
        writer.point(2, .loss, step: 0, Float(1))
        try writer.flush()
        let file = folder.file("copy.sqlite")
        try Journal(reading: source.path).copy(to: file)
        let copy = try Journal(writing: file)
        #expect(try copy.trials(of: 1).map(\.status) == [.completed, .interrupted, .queued])
        #expect(try copy.points(trial: 2, metric: .loss).values == [1])
        #expect(try source.trials(of: 1)[1].status == .running)
        #expect(!FileManager.default.fileExists(atPath: file + "-run"))
        try copy.close()

        let part = folder.file("part.sqlite")
        try source.copy([source.experiment(named: "l2l-mnist")], to: part)
        #expect(!FileManager.default.fileExists(atPath: part + "-wal"))
        #expect(try Journal(reading: part).trials(of: 1).map(\.status) == [.completed, .interrupted, .queued])
    }
}
