import Foundation
import JournalStore
import Nouns
import Testing

@testable import Analysis

struct JournalComparisonTests {
    /// Two optimizers on two seeds of two problems, one trial left undone and one failed, and a tuning sweep.
    private func withJournal(_ body: (Journal) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("comparison-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let journal = try Journal(writing: folder.appendingPathComponent("journal.sqlite").path, programVersion: "1")
        try record(in: journal)
        try body(journal)
        try journal.close()
    }

    private func record(in journal: Journal) throws {
        var trials: [TrialRegistration] = []
        for problem in ["base", "relu"] {
            for optimizer in ["trained", "adam"] {
                for seed in 1...3 {
                    trials.append(
                        TrialRegistration(
                            identity: "\(problem) \(optimizer) \(seed)", kind: "evaluation", problem: problem,
                            problemSettings: "{}", optimizer: optimizer, optimizerSettings: "{}", seed: seed, steps: 2))
                }
            }
        }
        let experiment = try journal.register(
            ExperimentRegistration(
                name: "l2l", hash: "0123456789abcdef", spec: "{}", canonicalSpec: "{}", question: "Does it?",
                trials: trials))
        let writer = try JournalWriter(journal)
        let data = DatasetRecord(name: "mnist", origin: "the data folder", checksum: "00ff", note: "not official")
        for (position, trial) in experiment.trials.enumerated().dropLast() {
            let student = #"{"hidden":[2],"layers":"4-2-3","parameters":19}"#
            _ = try writer.begin(trial, TrialStart(kernelTable: "avx2", dataset: data, architecture: student))
            let seed = Double(position % 3 + 1)
            let loss = position == 2 ? Double.nan : seed * (position / 3 % 2 == 0 ? 1 : 2)
            if position == 10 {
                writer.fail(trial, "no memory")
                continue
            }
            writer.points(trial, Metric.loss, firstStep: 0, [8.0, 4.0, loss])
            writer.complete(
                trial,
                TrialResults(
                    steps: 2, seconds: 1, values: [.finalLoss: loss, .bestLoss: 1, .testLoss: loss + 1, .accuracy: 0.5])
            )
        }
        writer.tuningChoices(
            experiment: experiment.id,
            [(0.1, false), (0.03, true), (0.01, false)].map { rate, chosen in
                TuningChoice(
                    problem: "base", optimizer: "adam", candidate: #"{"kind":"adam","learningRate":\#(rate)}"#,
                    meanFinalLoss: 1, trials: 1, chosen: chosen)
            })
        try writer.finish()
    }

    @Test func readsTheCompletedEvaluationTrials() throws {
        try withJournal { journal in
            let comparison = try Comparison("l2l", in: journal, kinds: TrialKindSummary.all)
            #expect(comparison.experiment == "l2l")
            #expect(comparison.version == "0123456789ab")
            #expect(comparison.question == "Does it?")
            #expect(comparison.provenance.datasets.map(\.dataset.inWords) == ["mnist, the data folder (not official)"])
            #expect(comparison.unfinishedTrials == 1)
            #expect(comparison.failedTrials == 1)
            #expect(comparison.problems.map(\.name) == ["base", "relu"])
            let base = comparison.problems[0]
            #expect(base.optimizers.map(\.name) == ["adam", "trained"])
            #expect(base.optimizers[0].meanCurve == [8, 4, 4])
            #expect(base.optimizers[0].summary(of: .testLoss)?.mean == 5)
            let rates = TunedSetting(name: "learningRate", value: "0.03", candidates: ["0.1", "0.03", "0.01"])
            #expect(base.optimizers[0].tuning?.settings == [rates])
            #expect(base.optimizers[1].diverged == 1)
            #expect(base.optimizers[1].summary(of: .testLoss)?.diverged == 1)
            #expect(base.optimizers[1].tuning == nil)
            #expect(base.students == Array(repeating: StudentArchitecture(layers: "4-2-3", weights: 19), count: 3))
            let pair = try #require(base.pairs.first)
            #expect((pair.a, pair.wins, pair.losses) == ("adam", 1, 2))
            #expect(comparison.problems[1].optimizers.map(\.trials) == [1, 3])
        }
    }

    @Test func oneProblem() throws {
        try withJournal { journal in
            try #expect(
                Comparison("l2l@0123", in: journal, kinds: TrialKindSummary.all, problem: "relu").problems.map(\.name)
                    == ["relu"])
            let expected = JournalError(.missing, "l2l has no problem reul; its problems are base, relu")
            #expect(throws: expected) {
                try Comparison("l2l", in: journal, kinds: TrialKindSummary.all, problem: "reul")
            }
            #expect(throws: JournalError.self) { try Comparison("other", in: journal, kinds: TrialKindSummary.all) }
        }
    }
}
