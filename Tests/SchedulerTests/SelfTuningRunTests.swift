import Analysis
import ExperimentSpec
import Foundation
import JournalStore
import Nouns
import Testing
import TrialKinds

@testable import Scheduler

/// Specs that ask for self-tuning networks, run to results.
@Suite struct SelfTuningRunTests {
    private let test = try! TestJournal()

    private static func spec(_ fields: String = "", range: String = #"{"kind": "bounded", "low": 0.01, "high": 10}"#)
        -> String
    {
        """
        {"name": "tuned", "precision": "double", "selfTuning": {
            "problem": {"kind": "square", "widths": [3, 3]}, "batchSize": 10, "rounds": 12, "repeats": 3,
            "hyperparameters": [{"name": "inputRange", "space": \(range), "initial": 0.5}],
            "target": {"below": 1e-9}, "snapshotEvery": 6\(fields)}}
        """
    }

    @Test func trialsHaveResultsCurvesAndSnapshots() throws {
        #expect(try test.run(Self.spec()).completed == 3)
        let trials = try test.journal.trials(of: test.experiment("tuned"), kind: "selfTuning")
        #expect(trials.map(\.steps) == [12, 12, 12])
        var distances: Set<Double> = []
        for trial in trials {
            let results = try #require(trial.results)
            #expect(
                Set(results.values.keys) == [
                    .distance, "bestDistance", "distanceBound", "trainingLoss", "validationLoss", "inputRange",
                ])
            distances.insert(try #require(results[.distance]))
            #expect(try test.journal.points(trial: trial.id, metric: "inputRange").values.count == 12)
            #expect(try test.journal.points(trial: trial.id, metric: "inputRange/scale").values.count == 12)
        }
        #expect(distances.count == 3)
        // The learned function, as it was recorded: a row a number.
        let shown = try test.journal.query(
            JournalQuery(.snapshots, experiment: "tuned", condition: "step = 6 AND tensor = 'function'"))
        #expect(shown.columns == ["trial", "step", "tensor", "element", "value"] && shown.rows.count == 30)
        let function = try #require(
            try test.journal.snapshot(of: trials[0].id, step: 6).first { $0.name == "function" })
        #expect(shown.rows.prefix(10).map { $0[4] } == function.doubles.map { .double($0) })
        #expect(try test.run(Self.spec()).completedBefore == 3)
    }

    /// By what ranks them, or another of their results, paired by seed.
    @Test func settingsAreCompared() throws {
        let text = Self.spec().replacing(
            #""precision""#, with: #""sweep": {"selfTuning.centred": [false, true]}, "precision""#)
        #expect(try test.run(text).completed == 6)
        func compare(by metric: Metric? = nil) throws -> ProblemComparison {
            try Comparison("tuned", in: test.journal, kinds: TrialKinds.standard.summaries, by: metric).problems[0]
        }
        let usual = try compare()
        #expect(usual.criteria.metric.name == "validationLoss")
        #expect(Set(usual.optimizers.map(\.name)) == ["self-tuned", "self-tuned (centred true)"])
        let other = try compare(by: "bestDistance")
        #expect(other.pairs.count == 1 && other.pairs[0].seeds == 3)
        #expect(other.optimizers[0].compared.mean < other.optimizers[1].compared.mean)
    }

    private static func student(
        _ fields: String, hyperparameter: String = #""space": {"kind": "bounded", "low": 0, "high": 0.9}"#
    )
        -> String
    {
        """
        {"name": "dropped", "selfTuning": {
            "problem": {"kind": "classification", "dataset": "synthetic-digits", "student": {"hidden": [6]}},
            "hyperparameters": [{"name": "dropout", "initial": 0.1, \(hyperparameter)}], "batchSize": 10,
            "examples": {"training": 80, "validation": 20}, "warmup": 2, "rounds": 4, "hyperparameterSteps": 1,
            "repeats": 2\(fields)}}
        """
    }

    /// On the same seeds, by names of their own.
    @Test func rivalsRunBesideIt() throws {
        let text = Self.student(
            #", "compareWith": {"grid": {"dropout": [0, 0.5]}, "random": {"budget": "equal"}, "centred": true}"#)
        #expect(try test.run(text).completed == 10)
        let trials = try test.journal.trials(of: test.experiment("dropped"), kind: "selfTuning")
        // 2 (3 · 2 + 4 · 1) / (3 · 2), rounded up.
        #expect(trials.map(\.steps) == [4, 4, 4, 4, 4, 4, 4, 4, 16, 16])
        let names = ["self-tuned", "centred", "fixed (dropout 0)", "fixed (dropout 0.5)", "random search"]
        #expect(trials.map(\.optimizer) == names.flatMap { [$0, $0] })
        for trial in trials {
            let results = try #require(trial.results)
            #expect(results[.testLoss] != nil && results[.accuracy] != nil && results["dropout"] != nil)
        }
        let comparison = try Comparison(
            "dropped", in: test.journal, kinds: TrialKinds.standard.summaries, by: .accuracy)
        #expect(comparison.problems[0].pairs.count == 10)
    }

    /// A learned optimizer of the journal trains the weights, and must be told no more than self-tuning knows.
    @Test func storedOptimizersTrainWeights() throws {
        func teacher(_ name: String, _ optimizer: String) -> String {
            """
            {"name": "\(name)", "problem": {"kind": "classification", "dataset": "synthetic-digits",
             "student": {"hidden": [3]}, "batchSize": 4},
             "metaTraining": {"optimizer": \(optimizer), "epochs": 1, "steps": 2, "unrollLength": 2,
                 "evaluation": {"every": 1, "epochs": 1}}}
            """
        }
        func tuned(_ name: String) -> String {
            Self.student("").replacing(
                #""batchSize": 10"#,
                with: #"""
                    "batchSize": 10, "optimizers": {
                        "weights": {"kind": "stored", "name": "\#(name)"},
                        "scales": {"kind": "stored", "name": "\#(name)"}}
                    """#)
        }
        try test.run(teacher("learned", #"{"kind": "lstm", "layers": [2]}"#))
        #expect(try test.run(tuned("learned")).completed == 2)
        let trial = try test.journal.trials(of: test.experiment("dropped"), kind: "selfTuning")[0]
        let recorded = try #require(JSONValue(parsing: trial.optimizerSettings))
        for part in ["weights", "scales"] {
            #expect(recorded[part]?["experiment"]?.string?.hasPrefix("learned@") == true, "\(trial.optimizerSettings)")
        }
        #expect(recorded["hyperparameters"]?["kind"] == "adam")
        #expect(try test.run(tuned("learned")).completedBefore == 2)
        try test.run(teacher("curious", #"{"kind": "teacher", "hidden": [2]}"#))
        for (name, message) in [
            ("curious", "self-tuning cannot tell: it knows of value, gradient and loss"), ("nobody", "nobody"),
        ] {
            let error = try #require(throws: JournalError.self) { try test.run(tuned(name)) }
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    /// More repeats, or others at the same settings, run again only what is new.
    @Test func moreRepeatsTakeOverTheOthers() throws {
        _ = try test.run(Self.spec())
        let report = try test.run(Self.spec().replacing(#""repeats": 3"#, with: #""repeats": 5"#))
        #expect(report.completedBefore == 3 && report.completed == 2)
    }

    /// Before any trial starts, with nothing recorded.
    @Test(arguments: [
        (
            #""name": "inputRange""#, #""kind": "dropout""#,
            #"hyperparameters[0]: found none of the problem's hyperparameters, which are "inputRange""#
        ),
        (
            #"{"kind": "square", "widths": [3, 3]}"#, #"{"kind": "quadratic"}"#,
            "this problem has no hyperparameters that can be tuned"
        ),
        (
            #""initial": 0.5}"#,
            #""initial": 0.5}, {"name": "again", "kind": "inputRange", "space": {"kind": "positive"}, "initial": 1}"#,
            #"hyperparameters[1]: found "inputRange" a second time"#
        ),
        (
            #""snapshotEvery": 6"#, #""optimizers": {"scales": {"kind": "hessianFree"}}"#,
            "optimizers.scales: the optimizer asks for more than values and gradients"
        ),
        (
            #""below": 1e-9"#, #""metric": "accuracy", "below": 1e-9"#,
            #"target.metric: found "accuracy"; allowed: "distance""#
        ),
    ])
    func whatDoesNotFitIsRefused(text: String, other: String, message: String) throws {
        try expectRefusal(of: Self.spec().replacing(text, with: other), message)
    }

    @Test(
        arguments: [
            ("", #""space": {"kind": "bounded", "low": 0, "high": 1}"#, "space: found one that reaches further"),
            (
                "", #""layer": 2, "space": {"kind": "bounded", "low": 0, "high": 0.9}"#,
                "layer: found 2; allowed: 0 to 1"
            ),
            (
                "",
                #""layer": 1, "space": {"kind": "bounded", "low": 0, "high": 0.9}}, {"name": "all", "kind": "dropout", "initial": 0.1, "space": {"kind": "bounded", "low": 0, "high": 0.5}"#,
                #"hyperparameters[1]: found "dropout" a second time"#
            ),
            (
                #", "compareWith": {"grid": {"dropout": [0.95]}}"#, nil,
                "compareWith.grid.dropout: found 0.95; allowed: values within its space"
            ),
            (
                #", "compareWith": {"grid": {"noise": [0.1]}}"#, nil,
                #"compareWith.grid.noise: found no hyperparameter of this name; allowed: "dropout""#
            ),
            (#", "target": {"metric": "accuracy", "below": 1}"#, nil, "allowed: no target"),
        ] as [(String, String?, String)])
    func whatDoesNotFitAStudentIsRefused(fields: String, hyperparameter: String?, message: String) throws {
        let spec =
            hyperparameter.map { Self.student(fields, hyperparameter: $0) } ?? Self.student(fields)
        try expectRefusal(of: spec, message)
        try expectRefusal(
            of: Self.student("").replacing(#""training": 80"#, with: #""training": 1000000"#),
            "examples: found more than there are")
    }

    private func expectRefusal(of spec: String, _ message: String) throws {
        let error = try #require(throws: JournalError.self) { try test.run(spec) }
        #expect(
            error.kind == .badData && error.message.contains("selfTuning") && error.message.contains(message),
            "\(error.message)")
        #expect(try test.journal.experiments().isEmpty)
    }

    @Test func whatIsWrongIsTold() throws {
        func fault(_ text: String) -> String? {
            do {
                _ = try ExperimentSpec(text, file: "spec.json", vocabulary: .standard)
                return nil
            } catch { return error.description }
        }
        #expect(fault(Self.spec()) == nil)
        let place = "spec.json: selfTuning.hyperparameters[0]"
        #expect(
            fault(Self.spec(range: #"{"kind": "bounded", "low": 1, "high": 10}"#))
                == "\(place).initial: found 0.5; allowed: a value within its space, its ends not among them")
        #expect(
            fault(Self.spec(range: #"{"kind": "bounded", "low": 10, "high": 1}"#))?.contains(
                #"\#(place).space: found a "low" of 10 and a "high" of 1; allowed: a "low" below "high""#) == true)
        #expect(
            fault(Self.spec(range: #"{"kind": "categorical"}"#))
                == #"\#(place).space.kind: found "categorical"; allowed: a space of numbers, since weights respond to a hyperparameter by derivatives, and a choice has none; a "sweep" tries each choice"#
        )
        #expect(
            fault(Self.student(#", "linearized": true"#))
                == #"spec.json: selfTuning.linearized: found true; allowed: false, or true beside "centred": true"#)
        #expect(
            fault(Self.student(#", "compareWith": {"random": {}}"#, hyperparameter: #""space": {"kind": "positive"}"#))?
                .contains(
                    #"allowed: a space with two ends, such as "logBounded", since "compareWith.random" draws from it"#)
                == true)
        #expect(
            fault(Self.spec().replacing(#""name": "inputRange""#, with: #""name": "distance""#))
                == #"\#(place).name: found "distance", which is another curve; allowed: a name of its own"#)
    }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        replacingOccurrences(of: text, with: other)
    }
}
