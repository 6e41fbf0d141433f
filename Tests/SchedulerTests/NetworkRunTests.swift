import Foundation
import JournalStore
import Nouns
import Testing

@testable import Scheduler

/// Networks and prepared pictures, from their spec to the journal.
@Suite struct NetworkRunTests {
    private func spec(
        _ problem: String, dataset: String = "cifar-10",
        optimizers: String = #"{"kind": "adam", "learningRate": 0.01}"#,
        metaTraining: String = "", steps: Int = 3
    ) -> String {
        """
        {"name": "test", "problem": {
            "kind": "classification", "dataset": "\(dataset)", "batchSize": 8, \(problem)}, \(metaTraining)
         "evaluation": {"steps": \(steps), "repeats": 1, "optimizers": [\(optimizers)]}}
        """
    }

    private func results(_ text: String, workers: Int = 2) throws -> (trial: TrialRecord, digest: String) {
        let test = try TestJournal()
        try test.writeCIFAR()
        #expect(try test.run(text, workers: workers).failed == 0)
        let trial = try #require(try test.journal.trials(of: test.experiment("test"), kind: .evaluation).first)
        return (trial, try test.digest("test"))
    }

    private let residual =
        #""student": {"residual": {"layers": 8}}, "augmentation": "cifar", "standardize": "image""#

    @Test func residualStudents() throws {
        let text = spec(residual)
        let (trial, digest) = try results(text)
        #expect(
            trial.architecture
                == #"{"depth":7,"hidden":[],"layers":"32x32x3-resnet8-10","parameters":78106}"#)
        let results = try #require(trial.results)
        #expect(results.finalLoss.isFinite && results.testLoss?.isFinite == true && results.accuracy != nil)
        #expect(try self.results(text, workers: 1).digest == digest)
    }

    /// Rules of one coordinate, of whole tensors, and of curvature, through normalization and shortcuts.
    @Test(arguments: [
        #"{"kind": "muon"}"#, #"{"kind": "shampoo"}"#, #"{"kind": "kfac", "klClip": 0.001, "momentum": 0.9}"#,
        #"{"kind": "hessianFree", "iterations": 2, "damping": 1}"#, #"{"kind": "soap", "longestSide": 32}"#,
        #"{"kind": "lbfgs", "learningRate": 0.1, "history": 2, "halvings": 1}"#,
    ])
    func optimizersOfWholeTensorsTrainResidualStudents(optimizer: String) throws {
        let results = try #require(try results(spec(residual, optimizers: optimizer, steps: 2)).trial.results)
        #expect(results.finalLoss.isFinite && results.testLoss?.isFinite == true)
    }

    /// Other pictures than those that it is published for.
    @Test func ofTinyDigits() throws {
        let test = try TestJournal()
        try TinyDigits.write(to: test.folder)
        let text = spec(#""student": {"residual": {"layers": 8}}"#, dataset: "mnist")
        #expect(try test.run(text) == RunReport(completed: 1))
        let trial = try #require(try test.journal.trials(of: test.experiment("test")).first)
        #expect(trial.architecture?.contains(#""layers":"2x2x1-resnet8-10""#) == true)
        let shown = try test.journal.query(JournalQuery(.trials, experiment: "test", condition: "depth = 7"))
        #expect(shown.rows.count == 1)
    }

    @Test func aLearnedOptimizerTrainsResidualStudents() throws {
        let learned = spec(
            residual, optimizers: #"{"kind": "trained"}"#,
            metaTraining: """
                "metaTraining": {"optimizer": {"kind": "lstm", "layers": [2]}, "epochs": 2, "steps": 2,
                    "unrollLength": 2, "evaluation": {"every": 1, "epochs": 1}},
                """, steps: 2)
        #expect(try results(learned).trial.results?.finalLoss.isFinite == true)
    }

    /// Tuned, with factors that are averaged and those that are not, to the same bits on any number of workers.
    @Test func kroneckerFactoredCurvatureIsTuned() throws {
        let text = spec(
            #""student": {"hidden": [4]}"#,
            optimizers: #"{"kind": "kfac", "learningRate": {"tune": [0.3, 0.1]}}, {"kind": "kfac", "longestSide": 2}"#)
        let (trial, digest) = try results(text)
        #expect(trial.results?.finalLoss.isFinite == true)
        #expect(try results(text, workers: 1).digest == digest)
    }

    @Test(arguments: [
        #"{"kind": "classification", "dataset": "cifar-10", "student": {"hidden": [3]}, "loss": "zeroOne"}"#,
        #"{"kind": "quadratic"}"#,
    ])
    func kroneckerFactoredCurvatureIsRefusedWhereNothingIsTold(problem: String) throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        let text = """
            {"name": "test", "problem": \(problem),
             "evaluation": {"steps": 2, "repeats": 1, "optimizers": [{"kind": "kfac"}]}}
            """
        let error = #expect(throws: JournalError.self) { try test.run(text) }
        #expect(error?.message.contains("what each layer sees") == true, "\(error?.message ?? "")")
        #expect(try test.journal.experiments().isEmpty)
    }

    @Test(arguments: [
        #""student": {"hidden": []}, "loss": "squaredError""#,
        #""student": {"hidden": [3]}, "loss": "squaredError", "standardize": "image""#,
        #""student": {"random": {"layers": [0, 0], "units": [2, 3]}}, "augmentation": "cifar""#,
        #""student": {"hidden": [3], "initialization": {"deviations": [0.1, 0.2], "biases": [0.1, 0]}}"#,
    ])
    func otherStudents(problem: String) throws {
        let optimizers = #"{"kind": "hessianFree", "iterations": 2}"#
        let results = try #require(try results(spec(problem, optimizers: optimizers)).trial.results)
        #expect(results.finalLoss.isFinite && results.accuracy != nil)
    }

    /// Augmentation and standardization make another problem of it.
    @Test func preparationsMatter() throws {
        let fields = ["", #", "augmentation": "cifar""#, #", "standardize": "image""#]
        let digests = try fields.map { try results(spec(#""student": {"hidden": [3]}\#($0)"#)).digest }
        #expect(Set(digests).count == 3)
    }

    @Test(arguments: [
        (
            #""student": {"residual": {"layers": 18, "pictures": "imagenet"}}"#, "mnist",
            "problem.dataset: found mnist with pictures of 2 × 2; allowed: at least 32 × 32 for this residual student"
        )
    ])
    func dataThatDoNotFitAreToldBeforeAnythingRuns(problem: String, dataset: String, message: String) throws {
        let test = try TestJournal()
        try TinyDigits.write(to: test.folder)
        let error = #expect(throws: JournalError.self) { try test.run(spec(problem, dataset: dataset)) }
        #expect(error?.kind == .badData && error?.message.hasSuffix(message) == true)
        #expect(try test.journal.experiments().isEmpty)
    }

    @Test(arguments: [residualTuned, #""student": {"hidden": [2]}, "standardize": "image""#])
    func tuningIsRefusedInWords(problem: String) throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        let text = """
            {"name": "tuned", "selfTuning": {
                "problem": {"kind": "classification", "dataset": "cifar-10", \(problem)}, "rounds": 2,
                "hyperparameters": [
                    {"name": "labelSmoothing", "initial": 0.1, "space": {"kind": "bounded", "low": 0, "high": 0.5}}]}}
            """
        let error = #expect(throws: JournalError.self) { try test.run(text) }
        #expect(error?.message.contains("without residual students") == true)
    }

    private static let residualTuned = #""student": {"residual": {"layers": 8}}"#

    @Test func noHiddenLayersAreNotDroppedOut() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        let text = """
            {"name": "tuned", "selfTuning": {
                "problem": {"kind": "classification", "dataset": "cifar-10", "student": {"hidden": []}}, "rounds": 2,
                "hyperparameters": [
                    {"name": "dropout", "initial": 0.1, "space": {"kind": "bounded", "low": 0, "high": 0.5}}]}}
            """
        let error = #expect(throws: JournalError.self) { try test.run(text) }
        #expect(error?.message.contains("layer: found nothing, which is all hidden layers") == true)
    }
}
