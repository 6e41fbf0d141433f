import Foundation
import JournalStore
import Nouns
import Testing

@testable import Analysis

/// What trials were computed with and from, as a journal has it.
struct ProvenanceTests {
    private struct Trial {
        var kind = TrialKindSummary.evaluation
        var optimizer = "sgd"
        var seed: Int
        var data: DatasetRecord?
        var kernelTable = "avx2"
        var version = "1.0"
    }

    private static let real = DatasetRecord(name: "mnist", origin: "the data folder", checksum: "00ff00ff00ff00ff")
    private static let drawn = DatasetRecord(name: "digits", origin: "generated", checksum: "1111222233334444")

    /// Compares trials that are recorded one after the other, each version of the program by a run of its own.
    private func compare(
        _ trials: [Trial], earlierVersion: Bool = false, by metric: Metric? = nil, against: [String] = []
    ) throws -> Comparison {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("journal.sqlite").path
        let registration = ExperimentRegistration(
            name: "d", hash: "0123456789abcdef", spec: "{}", canonicalSpec: "{}",
            trials: trials.enumerated().map { index, trial in
                TrialRegistration(
                    identity: "\(index)", kind: trial.kind.kind, problem: "p", problemSettings: "{}",
                    optimizer: trial.optimizer, optimizerSettings: "{}", seed: trial.seed, steps: 1)
            })
        for version in Set(trials.map(\.version)).sorted() {
            let journal = try Journal(writing: file, programVersion: version)
            if earlierVersion {
                var other = registration
                (other.hash, other.trials) = ("fedcba9876543210", [])
                _ = try journal.register(other)
            }
            let registered = try journal.register(registration)
            let writer = try JournalWriter(journal)
            for (id, trial) in zip(registered.trials, trials) where trial.version == version {
                _ = try writer.begin(id, TrialStart(kernelTable: trial.kernelTable, dataset: trial.data))
                let loss = Double(trial.seed) + Double(trial.optimizer.count)
                writer.points(id, Metric.loss, firstStep: 0, [9, loss])
                writer.complete(id, TrialResults(steps: 1, seconds: 1, values: [.finalLoss: loss, .bestLoss: loss]))
            }
            try writer.finish()
            try journal.close()
        }
        return try Comparison(
            "d@0123", in: Journal(reading: file, programVersion: "9"), kinds: TrialKindSummary.all, by: metric,
            against: against)
    }

    @Test func kernelTablesVersionsAndDataAreCounted() throws {
        let provenance = try compare([
            Trial(seed: 1, data: Self.real), Trial(seed: 2, data: Self.real, kernelTable: "baseline"),
            Trial(seed: 3, data: Self.real, version: "2.0"),
            Trial(optimizer: "adam", seed: 1, data: Self.real, version: "2.0"),
        ]).provenance
        #expect(provenance.kernelTables.map(\.name) == ["avx2", "baseline"])
        #expect(provenance.kernelTables.map(\.trials) == [3, 1])
        #expect(provenance.programVersions.map(\.name) == ["1.0", "2.0"])
        #expect(provenance.programVersions.map(\.trials) == [2, 2])
        #expect(provenance.datasets == [.init(dataset: Self.real, trials: 4)])
        #expect(provenance.otherData.isEmpty)
    }

    @Test func trialsOfOneSeedOnOtherDataAreRefused() throws {
        let trials = [
            Trial(seed: 1, data: Self.real), Trial(seed: 2, data: Self.real),
            Trial(optimizer: "adam", seed: 1, data: Self.drawn), Trial(optimizer: "adam", seed: 2, data: Self.drawn),
        ]
        let expected = JournalError(
            .badData,
            "d: on problem p, trials of the same seed saw different data, so they are no pairs: mnist, the data "
                + "folder, checksum 00ff00ff00ff (2 trials); digits, generated, checksum 111122223333 (2 trials). Run "
                + "the spec again with --fresh, which computes all trials on one of them, or compare another version: "
                + "d@fedcba987654")
        #expect(throws: expected) { try compare(trials, earlierVersion: true) }
    }

    /// In a list of datasets each seed draws one: seeds may differ, optimizers on one seed may not.
    @Test func seedsMayDrawDifferentData() throws {
        let comparison = try compare([
            Trial(seed: 1, data: Self.real), Trial(seed: 2, data: Self.drawn),
            Trial(optimizer: "adam", seed: 1, data: Self.real), Trial(optimizer: "adam", seed: 2, data: Self.drawn),
        ])
        #expect(comparison.provenance.datasets.map(\.trials) == [2, 2])
        #expect(comparison.problems[0].pairs[0].seeds == 2)
    }

    @Test func tuningOnOtherDataIsTold() throws {
        let tuned = Trial(kind: .tuning, seed: 500_000, data: Self.drawn)
        let listed = DatasetRecord(
            name: "mnist + digits", origin: "", checksum: "\(Self.real.checksum) + \(Self.drawn.checksum)")
        let trained = Trial(kind: .metaTraining, optimizer: "trained", seed: 900_000, data: listed)
        let provenance = try compare([tuned, trained, Trial(seed: 1, data: Self.real)]).provenance
        #expect(
            provenance.otherData
                == [.init(kind: .tuning, problem: "p", use: .init(dataset: Self.drawn, trials: 1))])
    }

    @Test func whatIsNotThereIsRefusedWithWhatIs() throws {
        let trials = [Trial(seed: 1), Trial(optimizer: "adam", seed: 1)]
        #expect(throws: JournalError(.missing, "d has no optimizer adm; its optimizers are sgd, adam")) {
            try compare(trials, against: ["adam", "adm"])
        }
        #expect(throws: JournalError(.usage, "no trial of d has accuracy; its trials have finalLoss, bestLoss")) {
            try compare(trials, by: .accuracy)
        }
    }
}
