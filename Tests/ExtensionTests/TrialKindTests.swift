import Analysis
import Datasets
import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Scheduler
import Testing

/// A kind of trials is added from outside: a type and a place in the list.
@Suite final class TrialKindTests {
    private static let kinds = TrialKinds(TrialKinds.standard.all + [RateRange()])
    private static let spec = """
        {"name": "rates", "problem": {"kind": "quadratic", "batchSize": 1, "dimensions": 2}, "precision": "double",
         "rateRange": {"rates": [0.001, 0.01, 1000]},
         "evaluation": {"steps": 3, "repeats": 2, "optimizers": [{"kind": "sgd"}, {"kind": "adam"}]}}
        """
    private let folder: URL
    private let journal: Journal

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        journal = try Journal(writing: folder.appendingPathComponent("journal.sqlite").path, programVersion: "test")
    }

    deinit {
        try? journal.close()
        try? FileManager.default.removeItem(at: folder)
    }

    private func read(_ text: String) throws(SpecError) -> ExperimentSpec {
        try ExperimentSpec(text, file: "rates.json", vocabulary: Self.kinds.vocabulary(.standard))
    }

    private func run(_ text: String) throws -> RunReport {
        let request = RunRequest(try read(text), text: text, registry: .standard, kinds: Self.kinds)
        let pool = WorkerPool(workers: 2)
        defer { pool.stop() }
        var runner = ExperimentRunner(
            registry: .standard, library: DatasetLibrary([], folder: folder), pool: pool, stop: StopFlag(),
            observer: Silence())
        try runner.prepare([request], in: journal)
        let writer = try JournalWriter(journal)
        let report = try runner.run(request, writer)
        try writer.finish()
        return report
    }

    @Test func itsTrialsRunBesideOthersAndItsResultsAreFound() throws {
        #expect(try run(Self.spec).completed == 6)
        let experiment = try journal.experiment(named: "rates")
        let trials = try journal.trials(of: experiment.id, kind: "rateRange")
        #expect(trials.count == 2)
        for trial in trials {
            let results = try #require(trial.results)
            #expect(Set(results.values.keys) == ["largestRate", .bestLoss])
            #expect(results["largestRate"] == 0.01)
            #expect(results.steps == 30)
            let losses = try journal.points(trial: trial.id, metric: "lossOfRate").values
            #expect(losses.count == 3 && losses[1] < losses[0] && !(losses[2] < 1e6))
        }
        let found = try journal.query(JournalQuery(.results, condition: "kind = 'rateRange'", metric: "largestRate"))
        #expect(found.rows.map { $0.last } == [.double(0.01), .double(0.01)])
        let comparison = try Comparison("rates", in: journal, kinds: Self.kinds.summaries)
        #expect(comparison.problems[0].optimizers.map(\.name).sorted() == ["adam", "sgd"])
        #expect(try run(Self.spec).completedBefore == 6)
    }

    @Test func aNewVersionTakesOverItsTrials() throws {
        _ = try run(Self.spec)
        let again = try run(Self.spec.replacing(#""repeats": 2, "opt"#, with: #""repeats": 3, "opt"#))
        #expect(again.completedBefore == 6 && again.completed == 2)
        let other = try run(Self.spec.replacing("1000]", with: "100]"))
        #expect(other.completedBefore == 4 && other.completed == 2)
    }

    @Test func itsPartOfTheSpecIsCheckedAndDescribed() throws {
        func fault(_ text: String) -> String? {
            do {
                _ = try read(text)
                return nil
            } catch { return error.description }
        }
        #expect(
            fault(Self.spec.replacing("[0.001", with: "[-1"))
                == "rates.json: rateRange.rates[0]: found -1; allowed: a number greater than 0")
        #expect(
            fault(Self.spec.replacing("rateRange", with: "rateRang"))?.contains(#"did you mean "rateRange"?"#) == true)
        #expect(
            fault(#"{"name": "nothing", "problem": {"kind": "simple"}}"#)
                == #"rates.json: found none of "metaTraining", "evaluation" and "rateRange"; allowed: at least one of them"#
        )
        let vocabulary = Self.kinds.vocabulary(.standard)
        #expect(vocabulary.jsonSchema.contains("rateRange"))
        #expect(vocabulary.markdownReference.contains("How large a learning rate the problem bears."))
        let swept = Self.spec.replacing(#""precision""#, with: #""sweep": {"rateRange.steps": [2, 4]}, "precision""#)
        #expect(try read(swept).points.count == 2)
        let listing = try read(Self.spec).expanded(Self.kinds.all).listing
        #expect(listing.contains("6 trials (4 evaluation, 2 rateRange)"))
    }
}

/// Nobody waits.
private struct Silence: RunObserver {
    func begin(total: Double, done: Double) {}
    func update(done: Double, label: String) {}
    func message(_ text: String) {}
    func remark(_ text: String) {}
    func end() {}
}
