import Foundation
import JournalStore
import Nouns
import Testing

@testable import Analysis

/// Entries of experiments and trials, and the log of a journal.
@Suite struct EntryTests {
    static let kinds = [
        TrialKindSummary(
            kind: "evaluation", title: "Evaluation", isCompared: true, ranking: .finalLoss, curve: .loss),
        TrialKindSummary(
            kind: "selfTuning", title: "Self-tuning", isCompared: false, ranking: "distance", curve: "distance"),
    ]
    let folder: URL
    let journal: Journal

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("entries-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        journal = try Journal(writing: folder.appendingPathComponent("journal.sqlite").path, programVersion: "1")
    }

    /// Registers a version, and completes some of its trials in a run of their own.
    @discardableResult
    private func record(
        _ name: String = "l2l", hash: String, spec: String = "{}", kind: TrialKindName = "evaluation", trials: Int = 4,
        completed: Int = 4
    ) throws -> RegisteredExperiment {
        let registrations = (0..<trials).map { index in
            TrialRegistration(
                identity: "trial-\(index)", kind: kind, problem: "mnist", problemSettings: "{}",
                optimizer: index % 2 == 0 ? "adam" : "sgd", optimizerSettings: "{}", seed: index / 2, steps: 2)
        }
        let experiment = try journal.register(
            ExperimentRegistration(
                name: name, hash: hash, spec: spec, canonicalSpec: spec, question: "Does it?", trials: registrations))
        let writer = try JournalWriter(journal)
        for (index, trial) in experiment.trials.prefix(completed).enumerated() {
            guard case .started = try writer.begin(trial, TrialStart(kernelTable: "avx2")) else { continue }
            writer.points(trial, Metric.loss, firstStep: 0, [3.0, 2.0, Double(index % 2 + 1)])
            let values: [Metric: Double] =
                kind == "evaluation" ? [.finalLoss: Double(index % 2 + 1)] : ["distance": Double(index)]
            writer.complete(trial, TrialResults(steps: 2, seconds: 1, values: values))
        }
        try writer.finish()
        return experiment
    }

    private func entry(_ reference: String) throws -> ExperimentEntry {
        try ExperimentEntry(journal.experiment(named: reference), in: journal, kinds: Self.kinds)
    }

    @Test func anEntryHasItsVersionsAndWhatDiffers() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try record(hash: "a1", spec: #"{"steps": 100, "optimizers": [{"kind": "sgd"}]}"#)
        try record(
            hash: "b2", spec: #"{"steps": 200, "optimizers": [{"kind": "sgd"}, {"kind": "adam"}]}"#, completed: 3)
        let newest = try entry("l2l")
        #expect(newest.versions.map(\.record.hash) == ["a1", "b2"])
        #expect(newest.version.record.hash == "b2" && newest.before?.hash == "a1")
        #expect(newest.version.differences.map(\.path.description) == ["optimizers[1]", "steps"])
        #expect(newest.version.count(.completed) == 3 && newest.version.count(.queued) == 1)
        #expect(newest.version.programVersions == ["1"])
        let first = try entry("l2l@a1")
        #expect(first.before == nil && first.version.differences.isEmpty)
        guard case .comparison(let comparison) = first.results else {
            Issue.record("\(first.results)")
            return
        }
        #expect(comparison.problems[0].optimizers.map(\.name) == ["adam", "sgd"])
    }

    @Test func theLastConclusionStands() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try record(hash: "a1")
        let version = try journal.experiment(named: "l2l")
        let trial = try journal.trials(of: version.id)[2]
        try journal.addNote("no", to: version, kind: .conclusion)
        try journal.addNote("odd", to: version, trial: trial)
        try journal.addNote("yes", to: version, kind: .conclusion)
        try journal.tag("l2l", adding: [ExperimentTag("t")])
        let entry = try entry("l2l")
        #expect(entry.conclusion?.record.text == "yes")
        #expect(entry.notes.map(\.record.text) == ["no", "odd"])
        #expect(entry.notes.map(\.trial) == [nil, trial.id])
        #expect(entry.tags == ["t"] && entry.archivedAt == nil)
        let page = try TrialEntry(trial, of: version, in: journal, kinds: Self.kinds)
        #expect(page.notes.map(\.record.text) == ["odd"])
        #expect(page.curves.map(\.values) == [[3, 2, 1]])
        #expect(page.programVersion == "1")
    }

    @Test func resultsThatNothingIsComparedByAreTold() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try record(hash: "a1", kind: "selfTuning")
        guard case .named(let results) = try entry("l2l").results else {
            Issue.record("no results")
            return
        }
        #expect(results.map(\.optimizer) == ["adam", "sgd"])
        #expect(results.map(\.trials) == [2, 2])
        #expect(results.map { $0.values[0].summary.mean } == [1, 2])
        try record("queued", hash: "c3", completed: 0)
        guard case .none = try entry("queued").results else {
            Issue.record("results of nothing")
            return
        }
    }

    @Test func aNumberIsATrialUnlessAnExperimentIsCalledSo() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try record(hash: "a1")
        #expect(try EntryReference("2", in: journal).trial?.id == 2)
        try record("2", hash: "d4")
        #expect(try EntryReference("2", in: journal) == .experiment(journal.experiment(named: "2")))
        #expect(throws: JournalError.self) { try EntryReference("77", in: journal) }
        #expect(throws: JournalError.self) { try EntryReference("l3l", in: journal) }
    }

    @Test func theLogTellsRunsAndNotesInTheirOrder() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try record(hash: "a1", completed: 1)
        try record(hash: "a1")
        try record("half", hash: "b2", completed: 2)
        try journal.addNote("odd", to: journal.experiment(named: "l2l"))
        try journal.tag("half", adding: [ExperimentTag("t")])
        try journal.archive("half")
        let log = try JournalLog(of: journal)
        let events = log.entries.map(\.event)
        #expect(
            Array(events.prefix(3)) == [
                .begun(trials: 4), .resumed(completed: 1, trials: 4), .completed(trials: 4),
            ])
        #expect(Array(events[3..<5]) == [.begun(trials: 4), .stopped(completed: 2, failed: 0, trials: 4)])
        #expect(events.count == 6 && log.entries[5].experiment == "l2l")
        #expect(log.entries.map(\.isArchived) == [false, false, false, true, true, false])
        #expect(try JournalLog(of: journal, tag: "t").entries.map(\.experiment) == ["half", "half"])
        #expect(throws: JournalError.self) { try JournalLog(of: journal, tag: "u") }
    }
}
