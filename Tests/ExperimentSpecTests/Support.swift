import Formats
import Nouns
import Problems
import Registry

@testable import ExperimentSpec
@testable import TrialKinds

/// The example of the page that fixes the format.
let example = """
    {
      "$schema": "../Schemas/experiment.schema.json",
      "name": "l2l-mnist",
      "question": "Does it beat them?",
      "seed": 1,
      "problem": {
        "kind": "classification",
        "dataset": {"name": "mnist", "fallback": "synthetic-digits"},
        "student": {"hidden": [20], "activation": "sigmoid"},
        "batchSize": 128
      },
      "metaTraining": {
        "optimizer": {"kind": "lstm", "layers": [20, 20], "inputs": {"kind": "logAndSign", "k": 10}, "outputScale": 0.1},
        "epochs": 200, "steps": 100, "unrollLength": 20, "learningRate": 0.003, "secondDerivatives": false,
        "evaluation": {"every": 20, "epochs": 5}
      },
      "evaluation": {
        "steps": 100, "repeats": 20,
        "optimizers": [
          {"kind": "trained"},
          {"kind": "adam", "learningRate": {"tune": [0.3, 0.1, 0.03, 0.01, 0.003]}},
          {"kind": "sgd", "learningRate": {"tune": [3, 1, 0.3, 0.1]}}
        ],
        "problems": [
          {},
          {"name": "two-layers", "student": {"hidden": [20, 20]}},
          {"name": "relu", "student": {"hidden": [20], "activation": "relu"}}
        ]
      },
      "sweep": {"metaTraining.unrollLength": [5, 20]}
    }
    """

/// A small spec that compares one optimizer; tests change it by overrides.
let small = """
    {"name": "small", "problem": {"kind": "quadratic"}, "evaluation": {"optimizers": [{"kind": "sgd"}], "repeats": 2}}
    """

func spec(_ text: String, _ overrides: String...) throws -> ExperimentSpec {
    try ExperimentSpec(
        text, file: "spec.json", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) })
}

extension ExperimentSpec {
    /// The settings that its first optimizer is first tried with.
    var candidates: [[String: JSONValue]] {
        let settings = points[0].settings
        let evaluation = settings.evaluation!
        let optimizer = evaluation.optimizers[0]
        return TuningGrid(optimizer, evaluation, seed: settings.seed) { number, setting in
            Vocabulary.standard.fitted(number, to: setting, of: optimizer.kind, in: settings.precision)
        }.candidates.map(\.values)
    }
}

extension ProblemSpec {
    /// What a student of it is like, as the spec has it.
    var student: Settings { settings.settings("student") }

    /// The data that it needs.
    var datasets: [DatasetSpec] { Registry.standard.datasets(of: self) }
}

/// All kinds of problems and optimizers, and all datasets, as messages list them.
let optimizerKinds = (["trained", "stored"] + Vocabulary.standard.updateRules.names).wordingOfChoice
let learnedKinds = Vocabulary.standard.learnedOptimizers.names.wordingOfChoice
let problemKinds = Vocabulary.standard.problems.names.wordingOfChoice
let datasetNames = Registry.standard.datasets.map(\.name).wordingOfChoice

/// The spec's faults as they are shown; empty for a spec that is right.
func faults(_ text: String, _ overrides: String...) -> [String] {
    do {
        _ = try ExperimentSpec(
            text, file: "spec.json", vocabulary: .standard, overrides: overrides.map { try SpecOverride(parsing: $0) })
        return []
    } catch let error as SpecError {
        return error.faults.map(\.description)
    } catch {
        return ["\(error)"]
    }
}

/// The faults of the spec whose fields, beside its name, are `fields`.
func faults(fields: String) -> [String] { faults(#"{"name": "test", \#(fields)}"#) }

/// The faults of a spec with this evaluation of a quadratic problem.
func faults(evaluation: String) -> [String] {
    faults(fields: #""problem": {"kind": "quadratic"}, "evaluation": {\#(evaluation)}"#)
}

/// The faults of a spec with this problem.
func faults(problem: String) -> [String] {
    faults(fields: #""problem": {\#(problem)}, "evaluation": {"optimizers": [{"kind": "sgd"}]}"#)
}

extension ExperimentSpec {
    /// The trials of the program's own kinds.
    func expanded(
        knowing knowledge: PlanKnowledge = .nothing, isSeedless: (ProblemSpec) -> Bool = { _ in false }
    ) -> ExperimentPlan {
        expanded(with: .standard, knowing: knowledge, isSeedless: isSeedless)
    }
}
