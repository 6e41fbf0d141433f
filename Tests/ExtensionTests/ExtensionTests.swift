import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Registry
import Scheduler
import Testing
import TrialKinds

/// Optimizers, problems and datasets of one's own: what stands in this folder is in no list of the program's.
@Suite struct ExtensionTests {
    private static let registry: Registry = {
        var registry = Registry.standard
        registry.add(.signDescent)
        registry.add(.normalizedDescent)
        registry.add(.learnedMomentum)
        registry.add(.curvedValley)
        registry.add(.movingTarget)
        registry.add(Stripes())
        registry.add(.brightness)
        return registry
    }()

    private let laboratory = try! Laboratory(registry)

    /// The optimizers compared, tuned, learned, teaching, and side by side on an ensemble.
    private static let functions = """
        {
          "name": "valley",
          "problem": {"kind": "curvedValley", "steepness": 10},
          "metaTraining": {
            "optimizer": {"kind": "learnedMomentum"}, "metaOptimizer": {"kind": "signDescent", "decay": 0},
            "learningRate": 0.1, "epochs": 20, "steps": 20, "evaluation": {"every": 10, "epochs": 1}
          },
          "evaluation": {
            "steps": 50, "repeats": 2,
            "optimizers": [
              {"kind": "trained"},
              {"kind": "signDescent", "learningRate": {"tune": [0.05, 0.01]}, "decay": 0.9},
              {"kind": "normalizedDescent"}, {"kind": "adam", "learningRate": 0.05}
            ],
            "problems": [
              {}, {"kind": "ensemble", "problems": [{"kind": "curvedValley"}, {"kind": "quadratic", "dimensions": 2}]}
            ]
          }
        }
        """

    @Test func areRunAsTheProgramsOwn() throws {
        #expect(try laboratory.run(Self.functions).isComplete)
        let trials = try laboratory.trials("valley")
        let evaluations = trials.filter { $0.kind == .evaluation && $0.problem == "curvedValley" }
        #expect(
            Set(evaluations.map(\.optimizer)) == ["trained", "signDescent", "normalizedDescent", "adam"])
        for trial in evaluations {
            let results = try #require(trial.results)
            #expect(results.finalLoss < 6, "\(trial.optimizer) began at about 6.8 and ended at \(results.finalLoss)")
            // Nothing is drawn from the seed, which shows.
            #expect(trial.standsFor == 2)
        }
        #expect(Set(trials.filter { $0.kind == .tuning }.map(\.optimizer)) == ["signDescent"])
        let training = try #require(trials.first { $0.kind == .metaTraining })
        let learned = try #require(try laboratory.journal.learnedOptimizer(trainedBy: training.id))
        #expect(learned.weights.map(\.name) == ["rate", "momentum"])
        #expect(learned.weights.allSatisfy { $0.doubles != [0] })
    }

    /// A rule, an optimizer of whole tensors, an objective that carries state, and a kind of trials, in one spec.
    @Test func standTogetherInOneSpec() throws {
        let laboratory = try Laboratory(Self.registry, kinds: TrialKinds(TrialKinds.standard.all + [RateRange()]))
        let report = try laboratory.run(
            """
            {
              "name": "all", "problem": {"kind": "movingTarget", "dimensions": 4}, "rateRange": {"rates": [0.1, 0.2]},
              "metaTraining": {
                "optimizer": {"kind": "learnedMomentum"}, "metaOptimizer": {"kind": "normalizedDescent"},
                "epochs": 4, "steps": 20, "evaluation": {"every": 2, "epochs": 1}
              },
              "evaluation": {"steps": 60, "repeats": 2, "optimizers": [
                {"kind": "trained"}, {"kind": "signDescent", "learningRate": 0.05, "decay": 0},
                {"kind": "normalizedDescent"}, {"kind": "sgd", "learningRate": 0.2},
                {"kind": "hessianFree", "damping": 0}]}
            }
            """)
        #expect(report.isComplete)
        let trials = try laboratory.trials("all")
        #expect(trials.count == 1 + 2 + 2 * 5)
        let losses = Dictionary(grouping: trials.filter { $0.kind == .evaluation }, by: \.optimizer).mapValues {
            $0.compactMap { $0.results?.finalLoss }
        }
        // The averages of a trial are those of its own steps: whoever finds the target finds it there, not where the
        // average began. That of 60 steps is 1 less 0.9 to the 60th, 0.998.
        for optimizer in ["signDescent", "sgd", "hessianFree"] {
            let found = try #require(losses[optimizer])
            #expect(found.count == 2 && found.allSatisfy { $0 < 0.05 }, "\(optimizer): \(found)")
        }
        #expect(
            try laboratory.trials("all", kind: "rateRange").compactMap { $0.results?["largestRate"] } == [0.2, 0.2])
    }

    @Test func mayLearnByImitationAndFromDataOfOnesOwn() throws {
        let report = try laboratory.run(
            """
            {
              "name": "stripes",
              "problem": {"kind": "classification", "dataset": "stripes", "student": {"hidden": [3]}, "batchSize": 4},
              "metaTraining": {
                "optimizer": {"kind": "teacher", "hidden": [4]}, "epochs": 4, "steps": 20,
                "estimator": {"kind": "imitation", "guide": {"kind": "signDescent", "learningRate": 0.1}},
                "evaluation": {"every": 2, "epochs": 1}
              },
              "evaluation": {"repeats": 1, "optimizers": [
                {"kind": "trained"}, {"kind": "signDescent", "learningRate": 0.1}]}
            }
            """)
        #expect(report.isComplete)
        let trials = try laboratory.trials("stripes")
        #expect(trials.map(\.dataset?.name) == ["stripes", "stripes", "stripes"])
        let rule = try #require(trials.last { $0.optimizer == "signDescent" }?.results)
        #expect(rule.accuracy == 1)
    }

    /// A learned optimizer leaves and enters a journal as a file, whoever brought it.
    /// A form of data of one's own, in a file beside the spec.
    @Test func aFormOfDataIsReadBySettings() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("bright")
        try Data([200]).write(to: file)
        try laboratory.run(
            """
            {
              "name": "bright",
              "problem": {
                "kind": "classification", "student": {"hidden": [3]}, "batchSize": 4,
                "dataset": {"kind": "brightness", "path": "\(file.path)", "share": 0.5}
              },
              "evaluation": {"steps": 2, "repeats": 1, "optimizers": [{"kind": "sgd"}]}
            }
            """)
        let dataset = try #require(try laboratory.trials("bright").first?.dataset)
        #expect(dataset.name == file.path)
        #expect(dataset.checksum == Stripes(brightness: 100).checksum)
    }

    @Test func leaveAndEnterAJournal() throws {
        try laboratory.run(Self.functions)
        let file = try OptimizerExport(named: "valley", in: laboratory.journal, registry: Self.registry).file
        let outcome = try OptimizerImport(file.bytes, path: "copy.safetensors", registry: Self.registry)
            .record(in: laboratory.journal)
        #expect(outcome == .imported)
        #expect(throws: JournalError.self) {
            try OptimizerImport(file.bytes, path: "unknown.safetensors", registry: .standard)
        }
    }

    @Test func areInChecksAndMessages() throws {
        func faults(_ optimizer: String, _ vocabulary: Vocabulary, metaTraining: String = "null") -> [String] {
            let training = metaTraining == "null" ? "" : #""metaTraining": \#(metaTraining),"#
            do {
                _ = try ExperimentSpec(
                    """
                    {"name": "x", "problem": {"kind": "simple"}, \(training)
                     "evaluation": {"optimizers": [\(optimizer)]}}
                    """, file: "x.json", vocabulary: vocabulary)
                return []
            } catch {
                return error.faults.map(\.description)
            }
        }
        let own = laboratory.vocabulary
        #expect(
            faults(#"{"kind": "signDescend"}"#, own).first?.hasSuffix(#"(did you mean "signDescent"?)"#) == true)
        #expect(
            faults(#"{"kind": "signDescent", "decay": 1}"#, own) == [
                #"x.json: evaluation.optimizers[0].decay: found 1; allowed: a number from 0 up to, not including, 1, or {"tune": [...]} with a list of such or {"tune": {"low": ..., "high": ...}} with a range"#
            ])
        #expect(faults(#"{"kind": "signDescent"}"#, .standard).count == 1)
        // Only what is coordinatewise can be imitated.
        let imitation = #"{"estimator": {"kind": "imitation", "guide": {"kind": "normalizedDescent"}}}"#
        let guide = faults(#"{"kind": "normalizedDescent"}"#, own, metaTraining: imitation)
        #expect(guide.count == 1 && guide[0].contains("guide.kind") && guide[0].contains("\"signDescent\""))
        #expect(own.jsonSchema.contains("\"curvedValley\"") && own.jsonSchema.contains("\"stripes\""))
    }
}
