import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import TensorKernels
import Testing

@testable import Scheduler

/// Every committed experiment, shortened to a second or so, comes to the very bits that it came to before.
///
/// All draw generated digits, so that it takes no files. All of them take some minutes: without `ALL_EXPERIMENTS=1` in
/// the environment only the quick ones run; `ALL_EXPERIMENTS=l2l-mnist,l2l-mnist-lstm` runs these. Where a change is to
/// alter bits, the version and the changelog say so, and the fixture is written anew, of those that run:
/// `ALL_EXPERIMENTS=1 REGENERATE_BITS=1 swift test --filter CommittedExperimentTests`.
@Suite(.enabled(if: Float.kernels.name != "baseline", "tables without fused multiply-add have bits of their own"))
struct CommittedExperimentTests {
    private static let quick = ["simple", "simple-multi", "l2l-quadratic", "example", "self-tuning-square"]

    /// In an order in which those that take a learned optimizer from the journal come after those that learn it.
    private static let names = [
        "example", "simple", "simple-multi", "l2l-quadratic", "l2l-mnist", "l2l-mnist-unseen", "l2l-mnist-lstm",
        "l2l-mnist-original", "l2l-mnist-architectures",
        "l2l-mnist-200", "l2l-lambda", "l2l-zero-one", "l2l-cifar", "l2l-cifar-subsets", "random-students",
        "teacher-imitation", "teacher-meta-gradient", "teacher-zero-one", "teacher-generations", "teacher-depth",
        "teacher-transfer", "self-tuning-square", "self-tuning-square-improved",
        "self-tuning-dropout", "self-tuning-cifar", "mlhf-mlp", "mlhf-convnet",
    ]

    @Test func theBitsAreWhatTheyWere() throws {
        let environment = ProcessInfo.processInfo.environment
        let names =
            switch environment["ALL_EXPERIMENTS"] {
            case nil: Self.quick
            case "1": Self.names
            case let asked?: Self.names.filter(asked.split(separator: ",").map(String.init).contains)
            }
        let test = try TestJournal()
        var found: [String: String] = [:]
        for name in names {
            let spec = try Self.shortened(name)
            let report = try test.run(spec)
            #expect(report.isComplete, "\(name)")
            found[name] = try Self.digest(of: test.experiment(name), in: test.journal)
        }
        if environment["REGENERATE_BITS"] != nil {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            let written = try Self.recorded().merging(found) { $1 }
            try (encoder.encode(written) + Data("\n".utf8)).write(to: Self.fixture)
        }
        let expected = try Self.recorded()
        for name in names { #expect(found[name] == expected[name], "\(name)") }
        #expect(expected.count == Self.names.count)
    }

    private static func recorded() throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(contentsOf: fixture))
    }

    private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/committed-experiments.json")

    /// The spec with few and short trials.
    private static func shortened(_ name: String) throws -> String {
        let file = fixture.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Experiments/\(name).json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let root = try #require(JSONValue(parsing: text))
        var changes: [String] = []
        if root["metaTraining"] != nil {
            changes += ["metaTraining.epochs=2", "metaTraining.evaluation.every=1", "metaTraining.evaluation.epochs=1"]
            // A pool that is full after two students of so many steps.
            if root["metaTraining"]?["estimator"]?["kind"] == "imitation" {
                changes += ["metaTraining.estimator.poolSize=400", "metaTraining.steps=20"]
            }
            if root["metaTraining"]?["rollback"] != nil {
                changes += ["metaTraining.steps=6", "metaTraining.rollback=3", #"sweep={"seed": [1]}"#]
            }
            if (root["metaTraining"]?["unrollLength"]?.integer ?? 0) > 20 {
                changes += ["metaTraining.unrollLength=20", "metaTraining.steps=40"]
            }
        }
        if root["selfTuning"] != nil {
            let isOfStudents = root["selfTuning"]?["problem"]?["kind"] == "classification"
            changes +=
                isOfStudents
                ? [
                    "selfTuning.rounds=3", "selfTuning.warmup=2", "selfTuning.repeats=1", "selfTuning.batchSize=8",
                    #"selfTuning.problem.dataset="synthetic-digits""#,
                    #"selfTuning.examples={"training": 100, "validation": 50}"#,
                ]
                : ["selfTuning.rounds=120", "selfTuning.repeats=2", "selfTuning.snapshotEvery=50"]
        } else {
            changes += [
                "evaluation.steps=5", "evaluation.repeats=2", "evaluation.tuning.repeats=1",
                "evaluation.tuning.growth=0",
            ]
        }
        switch root["problem"]?["kind"]?.string {
        case "cifar": changes += [#"problem.fallback="synthetic-digits""#, "problem.batchSize=4"]
        case "classification": changes += [#"problem.dataset="synthetic-digits""#, "problem.batchSize=16"]
        default: break
        }
        let overrides = try changes.map { try SpecOverride(parsing: $0) }
        return try ExperimentSpec(text, file: name, vocabulary: .standard, overrides: overrides).indentedText
    }

    /// A SHA-256 of all numbers that an experiment came to, whatever its trials are called and in which order they stand.
    private static func digest(of experiment: Int64, in journal: Journal) throws -> String {
        let trials = try journal.trials(of: experiment).map { trial in
            var lines = ["\(trial.kind) \(trial.seed) \(trial.precision)"]
            let results = try #require(trial.results)
            lines.append("\(results.finalLoss) \(results.bestLoss) \(results.testLoss ?? -1) \(results.accuracy ?? -1)")
            for metric in try journal.metrics(of: trial.id) where !metric.isTiming {
                let curve = try journal.points(trial: trial.id, metric: metric)
                lines.append("\(metric) \(curve.steps) \(curve.values)")
            }
            for step in try journal.snapshotSteps(of: trial.id) {
                lines += try journal.snapshot(of: trial.id, step: step).map {
                    "\(step) \($0.shape) \(sha256($0.bytes))"
                }
            }
            lines +=
                try journal.learnedOptimizer(trainedBy: trial.id)?.weights.map { "\($0.shape) \(sha256($0.bytes))" }
                ?? []
            return sha256(Data(lines.joined(separator: "\n").utf8))
        }
        return sha256(Data(trials.sorted().joined(separator: "\n").utf8))
    }

    private static func sha256(_ bytes: Data) -> String {
        let checksum = SHA256()
        checksum.add(Array(bytes))
        return checksum.finish()
    }
}
