import Foundation
import JournalStore
import Optimizers
import Problems
import Registry
import TensorEngine
import Testing

@testable import ExperimentSpec
@testable import Scheduler

/// Results that look like more, or like something else, than they are.
@Suite struct EvidenceTests {
    let test = try! TestJournal()

    private func problem(_ json: String) throws -> ProblemSpec {
        let text = #"{"name": "x", "problem": \#(json), "evaluation": {"optimizers": [{"kind": "sgd"}]}}"#
        return try ExperimentSpec(text, file: "x.json", vocabulary: .standard).points[0].settings.problem
    }

    @Test func problemsTellBySeedsWhetherTheyNeedThem() throws {
        for seedless in [
            #"{"kind": "simple"}"#, #"{"kind": "simple-multi"}"#,
            #"{"kind": "ensemble", "problems": [{"kind": "simple"}, {"kind": "simple-multi"}], "weights": [1, 2]}"#,
        ] {
            #expect(try SeedDependence.isSeedless(problem(seedless), .standard))
        }
        for other in [
            #"{"kind": "quadratic"}"#, #"{"kind": "lasso"}"#, #"{"kind": "rastrigin"}"#,
            #"{"kind": "quadratic", "batchSize": 1000000000}"#,
            #"{"kind": "classification", "dataset": "synthetic-digits"}"#,
            #"{"kind": "ensemble", "problems": [{"kind": "simple"}, {"kind": "quadratic"}]}"#,
        ] {
            #expect(try !SeedDependence.isSeedless(problem(other), .standard))
        }
    }

    @Test func copiesAreRunOnce() throws {
        let listener = Listener()
        let report = try test.run(
            """
            {"name": "det", "problem": {"kind": "simple"}, "evaluation": {"steps": 10, "repeats": 20, "optimizers": [
                {"kind": "sgd", "learningRate": 0.1}, {"kind": "sgd", "learningRate": 0.1000001}]}}
            """, observer: listener)
        #expect(report.total == 2)
        #expect(try test.journal.trials(of: test.experiment("det")).map(\.standsFor) == [20, 20])
        #expect(listener.messages.contains { $0.contains("on simple the seed changes nothing") })
    }

    /// The first evaluations are NaN, and no comparison with NaN is ever true.
    @Test func aBestThatBeganAsNaNIsReplaced() throws {
        let listener = Listener()
        try test.run(
            """
            {"name": "nan-one", "seed": 2, "problem": {"kind": "simple"},
             "metaTraining": {
                 "optimizer": {"kind": "lstm", "layers": [], "inputs": {"kind": "identity"}, "outputScale": 3},
                 "epochs": 200, "steps": 200, "unrollLength": 5, "curriculum": [{"until": 190, "steps": 5}],
                 "learningRate": 0.02, "gradientClip": 1, "evaluation": {"every": 5, "epochs": 1}}}
            """, observer: listener)
        let trial = try test.journal.trials(of: test.experiment("nan-one"))[0]
        let curve = try test.journal.points(trial: trial.id, metric: "evaluationLoss").values
        #expect(curve[0].isNaN)
        let best = try #require(curve.filter(\.isFinite).min())
        #expect(try test.journal.learnedOptimizer(trainedBy: trial.id)?.evaluationLoss == best)
        #expect(trial.note == nil && listener.messages.allSatisfy { !$0.contains("has not learned") })
    }

    @Test(arguments: [("0.1", 1e-30, "no lower than"), ("30", 1e-30, "diverged")])
    func aTrainingThatComesToNothingSaysSo(outputScale: String, learningRate: Double, note: String) throws {
        let listener = Listener()
        try test.run(
            """
            {"name": "nothing", "seed": 4, "problem": {"kind": "simple"},
             "metaTraining": {
                 "optimizer": {"kind": "lstm", "layers": [], "inputs": {"kind": "identity"}, "outputScale": \(outputScale)},
                 "epochs": 1, "steps": 400, "unrollLength": 1, "curriculum": [{"until": 1, "steps": 1}],
                 "learningRate": \(learningRate), "evaluation": {"every": 1, "epochs": 1}}}
            """, observer: listener)
        let trial = try test.journal.trials(of: test.experiment("nothing"))[0]
        #expect(trial.status == .completed)
        let said = listener.messages.filter { $0.contains("has not learned to optimize") }
        #expect(said.count == 1 && trial.note?.contains(note) == true, "\(trial.note ?? "nothing"), \(said)")
    }

    @Test func aTuningOfWhichAllDivergesSaysSo() throws {
        let listener = Listener()
        try test.run(
            """
            {"name": "wild", "problem": {"kind": "quadratic", "batchSize": 2, "dimensions": 2}, "evaluation": {
                "steps": 400, "repeats": 1, "optimizers": [{"kind": "sgd", "learningRate": {"tune": [10, 100]}}]}}
            """, observer: listener)
        #expect(listener.messages.filter { $0.contains("Every candidate of sgd on quadratic diverged") }.count == 1)
    }

    @Test(arguments: [
        ("avx2", "avx2", true), ("avx2", "avx512", true), ("avx2 + avx512", "avx2", true), ("baseline", "avx2", false),
        ("avx2 + baseline", "avx2", false), ("baseline", "baseline", true), ("made-up", "avx2", false),
    ])
    func checkpointsGoOnToTheSameBitsOnly(earlier: String, now: String, goesOn: Bool) {
        let origin = CheckpointOrigin(kernelTable: earlier, programVersion: "1.0")
        #expect(origin.computes(as: now, "1.0") == goesOn)
        #expect(!origin.computes(as: now, "1.1"))
    }

    @Test func aVersionRunForAMomentIsNotTakenWithoutAWord() throws {
        func learn(_ epochs: Int) -> String {
            """
            {"name": "learned", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 2},
             "metaTraining": {"optimizer": {"kind": "lstm", "layers": [2], "outputScale": 0.1}, "epochs": \(epochs),
                 "steps": 10, "unrollLength": 5, "learningRate": 0.03, "evaluation": {"every": 1, "epochs": 1}}}
            """
        }
        let user = """
            {"name": "user", "problem": {"kind": "quadratic", "batchSize": 4, "dimensions": 2}, "evaluation": {
                "steps": 3, "repeats": 1, "optimizers": [{"kind": "stored", "name": "learned"}]}}
            """
        try test.run(learn(20))
        #expect(try VersionNotice(optimizer: "learned", in: test.journal) == nil)
        let good = try test.journal.experiment(named: "learned").hash.prefix(12)
        try test.run(learn(1))
        let listener = Listener()
        try test.run(user, observer: listener)
        let notice = try #require(listener.messages.first { $0.contains("newest version") })
        for part in ["evaluation loss", "metaTraining.epochs 1 (20)", "learned@\(good) has a lower one"] {
            #expect(notice.contains(part), "\(notice)")
        }
        #expect(try VersionNotice(optimizer: "learned@\(good)", in: test.journal) == nil)
        #expect(try VersionNotice(experiment: "learned", in: test.journal)?.description.contains("2 versions") == true)
        #expect(try VersionNotice(experiment: "user", in: test.journal) == nil)
        // What the experiment was begun with is no news.
        let again = Listener()
        try test.run(user, observer: again)
        #expect(!again.messages.contains { $0.contains("newest version") })
    }
}
