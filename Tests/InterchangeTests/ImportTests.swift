import Foundation
import JournalStore
import Nouns
import Testing

@testable import Interchange

@Suite struct ImportTests {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
    let journal: Journal

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        journal = try Journal(writing: folder.appendingPathComponent("journal.sqlite").path, programVersion: "1.0")
    }

    private func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
    }

    private func trials(_ name: String) throws -> [TrialRecord] {
        try journal.trials(of: journal.experiment(named: name).id)
    }

    @Test func scalarsOfEventFilesBecomeCurves() throws {
        let runs = RunImport(try TensorBoardFolder(fixture("tensorboard")).experiment)
        #expect(runs.name == "tensorboard")
        #expect(try runs.record(in: journal) == .imported(trials: 2))
        let trials = try trials("tensorboard")
        #expect(trials.map(\.optimizer) == ["train", "validation"])
        #expect(trials.allSatisfy { $0.kind == RunImport.kind && $0.status == .completed })
        // A histogram is no curve.
        #expect(try journal.metrics(of: trials[0].id) == ["layer/norm", "loss"])
        let loss = try journal.points(trial: trials[0].id, metric: .loss)
        #expect(loss.steps == [0, 1, 2, 3, 4])
        #expect(loss.values == [1, 0.5, 0.333_333_34, 0.25, 0.2])
        #expect(try journal.points(trial: trials[0].id, metric: "layer/norm").values == [.infinity])
        let tensors = try journal.points(trial: trials[1].id, metric: "epoch_loss")
        #expect(tensors.steps == [0, 10, 20])
        #expect(tensors.values == [0.5, 10.5, 20.5])
        #expect(trials[0].results?.finalLoss == 0.2)
        #expect(trials[1].results?.values[.bestLoss] == 0.5)
        #expect(try runs.record(in: journal) == .wasThere)
    }

    @Test(arguments: ["mlruns", "mlflow.db"]) func runsOfMLflowBecomeTrials(store: String) throws {
        let experiments = try MLflowStore(fixture(store)).experiments
        #expect(experiments.map(\.name) == ["digits cnn"])
        let runs = RunImport(experiments[0])
        guard case .imported = try runs.record(in: journal) else {
            Issue.record("nothing was imported")
            return
        }
        let trials = try trials("digits-cnn")
        let trial = try #require(trials.first { $0.optimizer == "sgd" && $0.seed == 2 })
        #expect(
            trial.optimizerSettings == #"{"layer/width":20,"lr":0.1,"optimizer":"sgd","seed":2}"#)
        #expect(trial.note == #"tags: {"team":"a: b"}"#)
        let loss = try journal.points(trial: trial.id, metric: .loss)
        #expect(loss.steps == Array(0...20))
        #expect(loss.values[0] == 1.5 && loss.values[20].isNaN)
        #expect(trial.results?.isDiverged == true)
        #expect(trial.results?.values["val/accuracy"] == 1 - (2.0 / 21 + 0.5) / 10)
        let failed = try #require(trials.first { $0.optimizer == "going" })
        #expect(failed.status == .failed)
        #expect(try journal.points(trial: failed.id, metric: .loss).steps == [0])
        #expect(try runs.record(in: journal) == .wasThere)
    }

    @Test func runsThatHaveGoneOnAreAnotherVersion() throws {
        let file = folder.appendingPathComponent("runs/a/\(EventFile.name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let trial = try recordedTrial()
        func write(_ steps: Int) throws {
            var events = EventFile(trial)
            events.add(.loss, steps: Array(0..<steps), values: (0..<steps).map(Double.init))
            try Data(events.take()).write(to: file)
        }
        try write(3)
        let path = folder.appendingPathComponent("runs").path
        #expect(try RunImport(TensorBoardFolder(path).experiment).record(in: journal) == .imported(trials: 1))
        try write(4)
        #expect(try RunImport(TensorBoardFolder(path).experiment).record(in: journal) == .imported(trials: 1))
        #expect(try journal.experiments(named: "runs").count == 2)
        #expect(try journal.points(trial: trials("runs")[0].id, metric: .loss).steps == [0, 1, 2, 3])
        // A name that is taken by something else stays that.
        let other = RunImport(try TensorBoardFolder(path).experiment, name: "other")
        #expect { try other.record(in: journal) } throws: { ($0 as? JournalError)?.kind == .usage }
    }

    private func recordedTrial() throws -> TrialRecord {
        let registered = try journal.register(
            ExperimentRegistration(
                name: "other", hash: "1", spec: "{}", canonicalSpec: "{}",
                trials: [
                    TrialRegistration(
                        identity: "t", kind: "evaluation", problem: "p", problemSettings: "{}", optimizer: "adam",
                        optimizerSettings: "{}", seed: 1, steps: 10)
                ]))
        return try journal.trial(registered.trials[0])
    }

    @Test func anEventFileIsReadBackAsItWasWritten() throws {
        // The check value of CRC-32C.
        let checksum: UInt32 = 0xE306_9283
        #expect(MaskedChecksum.of("123456789".utf8) == (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8)
        var events = EventFile(try recordedTrial())
        let values = [0.1, .infinity, -.infinity, .nan, 1e-30]
        events.add("α/loss", steps: [0, 1, 2, 3, 1 << 40], values: values)
        let bytes = events.take()
        let file = folder.appendingPathComponent("tfevents").path
        func read(_ bytes: [UInt8]) throws -> [ScalarEvent] {
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            var found: [ScalarEvent] = []
            try RecordFile.forEachRecord(of: file) { found += try ScalarEvent.all(in: $0) }
            return found
        }
        let found = try read(bytes)
        #expect(found.map(\.step) == [0, 1, 2, 3, 1 << 40])
        #expect(found.map { "\($0.value)" } == values.map { "\($0)" })
        #expect(Set(found.map(\.tag)) == ["α/loss"])
        // A file that is still written to ends where it is cut; one that was changed is damaged.
        #expect(try read(Array(bytes.dropLast(3))).count == 4)
        var damaged = bytes
        damaged[bytes.count - 10] ^= 1
        #expect { try read(damaged) } throws: { ($0 as? JournalError)?.kind == .badData }
        #expect { try read(Array("no event file at all".utf8)) } throws: { ($0 as? JournalError)?.kind == .badData }
    }

    @Test func aCurveThatIsToldAgainIsTheLastOne() {
        var curve = ImportedCurve()
        for step in [0, 1, 2, 3, 2, 3, 4] { curve.add(step: step, Double(curve.steps.count)) }
        #expect(curve.steps == [0, 1, 2, 3, 4])
        #expect(curve.values == [0, 1, 4, 3, 4])
        // Without steps, points are counted; out of order, they are put in order.
        #expect(ImportedCurve([(0, 5), (0, 4), (0, 3)]).steps == [0, 1, 2])
        let sorted = ImportedCurve([(2, 5), (0, 4), (1, 3), (1, 2)])
        #expect(sorted.steps == [0, 1, 2] && sorted.values == [4, 2, 5])
    }

    @Test func ofAccuraciesTheHigherIsTheBetterOne() {
        for name in ["val/accuracy", "test_acc", "AUC"] as [Metric] {
            #expect(RunImport.summary(comparedBy: name).higherIsBetter.contains(name))
        }
        for name in ["loss", "accumulated"] as [Metric] {
            #expect(!RunImport.summary(comparedBy: name).higherIsBetter.contains(name))
        }
    }

    @Test func namesAreSafe() {
        #expect(safeName("digits cnn/α@1") == "digits-cnn-α-1")
        #expect(safeName("../..") == "unnamed")
        #expect(safeName("..a") == "a")
    }
}
