import ExperimentSpec
import Foundation
import JournalStore
import Registry
import Testing

@testable import Scheduler

/// Every kind of problem, from its spec to the journal.
@Suite struct ProblemRunTests {
    private func spec(_ problem: String, metaTraining: String = "", optimizers: String = #"{"kind": "adam"}"#) -> String
    {
        """
        {"name": "test", "problem": {\(problem)}, \(metaTraining)
         "evaluation": {"steps": 3, "repeats": 1, "optimizers": [\(optimizers)]}}
        """
    }

    private func grouped(_ match: String) -> String {
        """
        "metaTraining": {"parameterGroups": [
            {"match": "\(match)", "optimizer": {"kind": "lstm", "layers": [3]}},
            {"match": "x_1", "optimizer": {"kind": "adam", "learningRate": 0.1}}],
            "epochs": 2, "steps": 4, "unrollLength": 2, "evaluation": {"every": 1, "epochs": 1}},
        """
    }

    @Test func groupsHaveOptimizersOfTheirOwn() throws {
        let test = try TestJournal()
        let text = spec(
            #""kind": "simple-multi""#, metaTraining: grouped("x_0"),
            optimizers: #"{"kind": "trained"}, {"kind": "adam", "learningRate": 0.1}"#)
        #expect(try test.run(text) == RunReport(completed: 3))
        let training = try #require(try test.journal.trials(of: test.experiment("test"), kind: .metaTraining).first)
        let learned = try #require(try test.journal.learnedOptimizer(trainedBy: training.id))
        #expect(learned.kind == "parameterGroups")
        #expect(
            learned.weights.map(\.name)
                == ["lstm1/weight", "lstm1/bias", "linear/weight", "linear/bias"].map { "1/" + $0 })
        // Stored, it is read back with its groups.
        let export = try OptimizerExport(named: "test", in: test.journal, registry: .standard)
        let read = try OptimizerImport(export.file.bytes, path: "groups.safetensors", registry: .standard)
        #expect(read.name == "groups")
    }

    @Test(arguments: [
        ("x_0", 3, "no group of metaTraining.parameterGroups matches the parameter x_2"),
        ("y", 1, "no group of metaTraining.parameterGroups matches the parameter x_0"),
        ("x_1", 2, nil),
    ]) func groupsThatDoNotFitAreToldBeforeAnythingRuns(match: String, dimensions: Int, message: String?) throws {
        let test = try TestJournal()
        let text = spec(
            #""kind": "simple-multi", "dimensions": \#(dimensions)"#, metaTraining: grouped(match),
            optimizers: #"{"kind": "trained"}"#)
        guard let message else {
            #expect(throws: SpecError.self) { try test.run(text) }
            return
        }
        let error = #expect(throws: JournalError.self) { try test.run(text) }
        #expect(error?.kind == .badData)
        #expect(error?.message.contains(message) == true)
        #expect(try test.journal.experiments().isEmpty)
    }

    /// Evaluated, tuned, beside a learned optimizer of other parameters, and as what changes meta-parameters.
    @Test func optimizersOfWholeTensorsAreRunLikeOthers() throws {
        let test = try TestJournal()
        let text = """
            {"name": "whole", "problem": {"kind": "quadratic", "batchSize": 1, "dimensions": 4},
             "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "metaOptimizer": {"kind": "muon"},
                "epochs": 2, "steps": 4, "unrollLength": 2, "evaluation": {"every": 1, "epochs": 1}},
             "evaluation": {"steps": 5, "repeats": 2, "optimizers": [
                {"kind": "trained"}, {"kind": "muon", "restRate": 0.1},
                {"kind": "hessianFree", "iterations": 4, "damping": 0, "start": "zero"},
                {"kind": "shampoo", "learningRate": {"tune": [0.3, 0.1]}},
                {"kind": "soap", "schedule": "linear"}, {"kind": "lbfgs", "history": 4, "halvings": 10}, {"kind": "sgd"}]}}
            """
        #expect(try test.run(text).failed == 0)
        let trials = try test.journal.trials(of: test.experiment("whole"), kind: .evaluation)
        let exact = trials.filter { $0.optimizer == "hessianFree" }.compactMap { $0.results?[.finalLoss] }
        // A quadratic of four dimensions takes four iterations.
        #expect(exact.count == 2 && exact.allSatisfy { $0 < 1e-6 })
        #expect(trials.count == 14)
        func losses(_ optimizer: String) -> [Double] {
            trials.filter { $0.optimizer == optimizer }.compactMap { $0.results?[.finalLoss] }
        }
        #expect(zip(losses("lbfgs"), losses("sgd")).allSatisfy { $0 < 0.1 * $1 })
        #expect(losses("soap").allSatisfy { $0.isFinite })
    }

    @Test func groupsMayHaveOptimizersOfWholeTensors() throws {
        let test = try TestJournal()
        let text = """
            {"name": "groups", "problem": {"kind": "ensemble", "problems": [
                {"kind": "quadratic", "batchSize": 1, "dimensions": 4}, {"kind": "lasso", "batchSize": 1}]},
             "metaTraining": {"parameterGroups": [
                {"match": "1/*", "optimizer": {"kind": "hessianFree"}},
                {"match": "*", "optimizer": {"kind": "lstm", "layers": [3]}}],
                "epochs": 2, "steps": 4, "unrollLength": 2, "evaluation": {"every": 1, "epochs": 1}},
             "evaluation": {"steps": 3, "repeats": 1, "optimizers": [{"kind": "trained"}]}}
            """
        #expect(try test.run(text) == RunReport(completed: 2))
    }

    @Test(arguments: [
        (#""metaOptimizer": {"kind": "hessianFree"}"#, "quadratic", "which meta-training cannot tell"),
        (#""metaOptimizer": {"kind": "adam"}"#, "rastrigin", "products with the Gauss-Newton matrix"),
    ]) func whatAsksForMoreThanThereIsIsRefusedBeforeAnythingRuns(
        metaOptimizer: String, problem: String, message: String
    ) throws {
        let test = try TestJournal()
        let text = """
            {"name": "refused", "problem": {"kind": "\(problem)", "batchSize": 1, "dimensions": 2},
             "metaTraining": {"optimizer": {"kind": "lstm", "layers": [2]}, \(metaOptimizer), "epochs": 1, "steps": 2,
                "unrollLength": 2, "evaluation": {"every": 1, "epochs": 1}},
             "evaluation": {"steps": 3, "repeats": 1, "optimizers": [{"kind": "trained"}, {"kind": "hessianFree"}]}}
            """
        let error = #expect(throws: JournalError.self) { try test.run(text) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(try test.journal.experiments().isEmpty)
    }

    /// Under 1e-5, as the convergence test of the code published with Andrychowicz et al. 2016 asks.
    @Test(arguments: ["simple", "simple-multi"]) func theSmallestProblemsAreSolved(name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Experiments/\(name).json")
        let test = try TestJournal()
        #expect(try test.run(String(contentsOf: file, encoding: .utf8)).failed == 0)
        let trained = try test.journal.trials(of: test.experiment(name), kind: .evaluation)
            .filter { $0.optimizer == "trained" }
        #expect(trained.count == 1)
        for trial in trained { #expect(try #require(trial.results).finalLoss < 1e-5) }
    }

    /// One teacher learns on students drawn at random and then trains others: its size does not depend on theirs.
    @Test func aTeacherTrainsAnyStudent() throws {
        func text(_ name: String, _ student: String, _ rest: String) -> String {
            """
            {"name": "\(name)", "problem": {"kind": "classification", "dataset": "synthetic-digits", "batchSize": 8,
                "student": {\(student), "initialization": "glorot"}}, \(rest)}
            """
        }
        let test = try TestJournal()
        let random = #""random": {"layers": [1, 2], "units": [1, 6]}"#
        let training = """
            "metaTraining": {"optimizer": {"kind": "teacher", "hidden": [4], "history": [0.9]}, "epochs": 2, "steps": 4,
                "unrollLength": 2, "evaluation": {"every": 1, "epochs": 1}}
            """
        #expect(try test.run(text("school", random, training)) == RunReport(completed: 1))
        let evaluation = """
            "evaluation": {"steps": 3, "repeats": 1, "optimizers": [{"kind": "stored", "name": "school"}],
                "problems": [{}, {"name": "deep", "student": {"hidden": [5, 4, 3]}}]}
            """
        #expect(try test.run(text("later", #""hidden": [7]"#, evaluation)) == RunReport(completed: 2))
        let unfit = """
            {"name": "unfit", "problem": {"kind": "quadratic"},
             "evaluation": {"steps": 3, "repeats": 1, "optimizers": [{"kind": "stored", "name": "school"}]}}
            """
        let error = #expect(throws: JournalError.self) { try test.run(unfit) }
        #expect(error?.message.contains("looks at the input of each parameter") == true)
    }

    private func evaluation(_ test: TestJournal) throws -> TrialRecord {
        try #require(try test.journal.trials(of: test.experiment("test"), kind: .evaluation).first)
    }

    @Test(arguments: [
        #""kind": "simple""#, #""kind": "simple-multi", "dimensions": 3"#, #""kind": "lasso", "batchSize": 4"#,
        #""kind": "rastrigin", "batchSize": 4"#,
        #""kind": "ensemble", "problems": [{"kind": "simple"}, {"kind": "lasso", "batchSize": 2}], "weights": [1, 2]"#,
    ])
    func functionsAreOptimizedAndLearnedOn(problem: String) throws {
        let test = try TestJournal()
        let report = try test.run(
            spec(
                problem,
                metaTraining: """
                    "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 4,
                        "unrollLength": 2, "evaluation": {"every": 1, "epochs": 1}},
                    """, optimizers: #"{"kind": "trained"}, {"kind": "adam"}"#))
        #expect(report == RunReport(completed: 3))
        let trial = try evaluation(test)
        #expect(trial.results?.finalLoss.isFinite == true)
        #expect(trial.results?.testLoss == nil)
        #expect(trial.dataset == nil)
        #expect(trial.architecture == nil)
    }

    @Test func cifar() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        #expect(try test.run(spec(#""kind": "cifar", "batchSize": 4"#)) == RunReport(completed: 1))
        let trial = try evaluation(test)
        #expect(trial.results?.accuracy != nil)
        #expect(trial.dataset?.name == "cifar-10")
        #expect(trial.dataset?.note == "not the official bytes: 10 images a file, not 10000")
        #expect(
            trial.architecture == #"{"hidden":[32],"layers":"32x32x3-5x5x16-5x5x16-5x5x16-32-10","parameters":22682}"#)
    }

    @Test func classesOfADataset() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        let student = #""student": {"hidden": [2]}, "batchSize": 2"#
        try test.run(
            spec(#""kind": "classification", "dataset": {"name": "cifar-10", "classes": [7, 2, 3]}, \#(student)"#))
        let trial = try evaluation(test)
        #expect(trial.architecture?.contains(#""layers":"3072-2-3""#) == true)
        #expect(trial.dataset?.note?.hasSuffix("classes 7, 2, 3 alone") == true)
        let error = #expect(throws: (any Error).self) {
            try test.run(spec(#""kind": "cifar", "classes": [7, 10]"#))
        }
        #expect("\(try #require(error))" == "cifar-10 has no class 10: its classes are 0 to 9.")
    }

    @Test func ensemblesOfStudents() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        let student = #"{"kind": "classification", "dataset": "cifar-10", "batchSize": 2, "student": {"hidden": [2]}}"#
        try test.run(
            spec(
                #""kind": "ensemble", "problems": [{"kind": "simple"}, \#(student), \#(student)], "weights": [1, 2, 3]"#
            ))
        let trial = try evaluation(test)
        #expect(trial.dataset?.name == "cifar-10")
        #expect(trial.architecture?.hasPrefix(#"[null,{"hidden":[2],"layers":"3072-2-10""#) == true)
        #expect(trial.results?.finalLoss.isFinite == true)
        #expect(trial.results?.accuracy == nil)
    }

    @Test func studentsWithoutDerivatives() throws {
        let test = try TestJournal()
        try test.writeCIFAR()
        let student = #""student": {"hidden": [3], "activation": "step"}, "loss": "zeroOne", "batchSize": 4"#
        try test.run(
            spec(#""kind": "classification", "dataset": "cifar-10", \#(student)"#, optimizers: #"{"kind": "sgd"}"#))
        let results = try #require(try evaluation(test).results)
        #expect(results.finalLoss >= 0 && results.finalLoss <= 1)
        let (testLoss, accuracy) = (try #require(results.testLoss), try #require(results.accuracy))
        #expect(abs(testLoss + accuracy - 1) < 1e-6)
    }

    @Test(arguments: ["evolutionStrategies", "persistentEvolutionStrategies"])
    func learningWithoutDerivatives(estimator: String) throws {
        let student = #""student": {"hidden": [3], "activation": "step"}, "loss": "zeroOne", "batchSize": 4"#
        let text = spec(
            #""kind": "classification", "dataset": "cifar-10", \#(student)"#,
            metaTraining: """
                "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 4, "unrollLength": 2,
                    "estimator": {"kind": "\(estimator)", "pairs": 3}, "evaluation": {"every": 1, "epochs": 1}},
                """, optimizers: #"{"kind": "trained"}"#)
        let losses = try [1, 8].map { workers in
            let test = try TestJournal()
            try test.writeCIFAR()
            #expect(try test.run(text, workers: workers) == RunReport(completed: 2))
            return try evaluation(test).results?.finalLoss
        }
        #expect(losses[0] == losses[1])
    }
}

extension TestJournal {
    /// Puts ten images a file, one of each class, into the data folder.
    func writeCIFAR() throws {
        var records: [UInt8] = []
        for label in 0..<10 {
            records.append(UInt8(label))
            for position in 0..<3072 { records.append(UInt8((position * (label + 3) + 7 * label) % 256)) }
        }
        let folder = folder.appendingPathComponent("cifar-10-batches-bin")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in (1...5).map({ "data_batch_\($0)" }) + ["test_batch"] {
            try Data(records).write(to: folder.appendingPathComponent("\(name).bin"))
        }
    }
}
