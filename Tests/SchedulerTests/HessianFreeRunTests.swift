import ExperimentSpec
import Foundation
import JournalStore
import Testing

@testable import Scheduler

/// MLHF as specs ask for it: learned, tuned, resumed, and refused where it does not fit.
@Suite struct HessianFreeRunTests {
    private let test = try! TestJournal()

    private static func learning(
        _ name: String, optimizer: String = #""kind": "mlhf", "iterations": 2, "units": [2]"#,
        problem: String = "", training: String = #", "replay": {"size": 3, "keepProbability": 0.2}"#,
        evaluated: String = #"{"kind": "trained"}"#
    ) -> String {
        """
        {"name": "\(name)", "problem": {"kind": "classification", "dataset": "synthetic-digits", "batchSize": 8,
             "student": {"hidden": [3], "initialization": "glorot"}\(problem)},
         "metaTraining": {"optimizer": {\(optimizer)}, "epochs": 6, "steps": 6, "rollback": 3,
             "learningRateDecay": "step", "evaluation": {"every": 2, "epochs": 1}\(training)},
         "evaluation": {"steps": 4, "repeats": 2, "tuning": {"repeats": 1, "growth": 0}, "optimizers": [\(evaluated)]}}
        """
    }

    @Test(arguments: [
        (#""kind": "mlhf", "iterations": 2, "units": [2]"#, #", "replay": {"size": 3, "keepProbability": 0.2}"#),
        (#""kind": "mlhf", "preconditioner": "none", "start": "learned""#, ""),
        (#""kind": "mlhf", "start": "gradient""#, #", "estimator": {"kind": "truncatedBackpropagation"}"#),
        (#""kind": "mlhf""#, #", "estimator": {"kind": "persistentEvolutionStrategies", "pairs": 2}"#),
        (#""kind": "mlhf""#, #", "estimator": {"kind": "solutions", "noise": 0, "penalty": 0}"#),
    ]) func itIsLearned(optimizer: String, training: String) throws {
        let text = Self.learning("learned", optimizer: optimizer, training: training)
        let other = try TestJournal()
        #expect(try test.run(text, workers: 1) == RunReport(completed: 3))
        #expect(try other.run(text, workers: 4) == RunReport(completed: 3))
        #expect(try test.digest("learned") == other.digest("learned"))
    }

    /// Squared error and residual students, whose statistics are part of the states that are replayed.
    @Test(arguments: [
        #", "loss": "squaredError""#,
        #", "student": {"residual": {"layers": 8}}, "batchSize": 2, "dataset": {"name": "synthetic-digits"}"#,
    ]) func itIsLearnedOnOthers(problem: String) throws {
        var text = Self.learning("others", problem: problem)
        if problem.contains("residual") {
            text = text.replacing(#""dataset": "synthetic-digits", "batchSize": 8,"#, with: "")
                .replacing(#""student": {"hidden": [3], "initialization": "glorot"}, "#, with: "")
                .replacing(#""epochs": 6, "steps": 6"#, with: #""epochs": 1, "steps": 3"#)
        }
        #expect(try test.run(text) == RunReport(completed: 3))
    }

    /// The memory of states is part of a checkpoint.
    @Test func itGoesOnToTheSameBits() throws {
        let text = Self.learning("resumed")
        let parts = try TestJournal()
        try test.run(text)
        let stop = StopFlag()
        let first = try parts.run(text, workers: 1, stop: stop, observer: Listener(stopping: stop, after: 20))
        #expect(first.interrupted == 1)
        #expect(try parts.run(text, workers: 1).completed == 3)
        #expect(try parts.digest("resumed") == test.digest("resumed"))
    }

    /// A rate that it was not learned with, tuned like a rule's; of a stored one as well.
    @Test func itsRateMayBeTuned() throws {
        let tuned = #""learningRate": {"tune": [0.5, 0.25]}"#
        let text = Self.learning(
            "tuned",
            evaluated:
                #"{"kind": "trained", "name": "a", \#(tuned)}, {"kind": "trained", "name": "b", "learningRate": 0.25}"#)
        #expect(try test.run(text).completed == 7)
        let trials = try test.journal.trials(of: test.experiment("tuned")).filter { $0.kind == "evaluation" }
        let losses = Dictionary(grouping: trials) { $0.optimizer.prefix(1) }.mapValues {
            $0.compactMap(\.results?.finalLoss)
        }
        #expect(Set(losses.keys) == ["a", "b"])
        let stored = """
            {"name": "stored", "problem": {"kind": "classification", "dataset": "synthetic-digits", "batchSize": 8,
                 "student": {"hidden": [3], "initialization": "glorot"}},
             "evaluation": {"steps": 4, "repeats": 2, "tuning": {"repeats": 1, "growth": 0}, "optimizers": [
                 {"kind": "stored", "name": "tuned", \(tuned)}]}}
            """
        #expect(try test.run(stored).completed == 4)
        let again = try test.run(stored)
        #expect(again.completed == 0 && again.isComplete)
    }

    private func expectRefusal(_ text: String, saying word: String) {
        let error = #expect(throws: JournalError.self) { try test.run(text) }
        #expect(error?.kind == .badData && error?.message.contains(word) == true, "\(error?.message ?? "")")
    }

    @Test func itIsRefusedWhereItDoesNotFit() {
        let lstm = #""kind": "lstm", "layers": [2]"#
        expectRefusal(Self.learning("a", optimizer: lstm), saying: "metaTraining.replay")
        expectRefusal(
            Self.learning("b", optimizer: lstm, training: #", "estimator": {"kind": "solutions"}"#),
            saying: "metaTraining.estimator")
        expectRefusal(
            Self.learning("c", training: #", "secondDerivatives": true"#), saying: "metaTraining.secondDerivatives")
        expectRefusal(
            Self.learning(
                "e", optimizer: lstm, training: "", evaluated: #"{"kind": "trained", "learningRate": 0.1}"#),
            saying: "learningRate")
        expectRefusal(Self.learning("f", training: #", "lossWeightExponent": 2"#), saying: "lossWeightExponent")
    }

    @Test func rollbackIsAnUnroll() throws {
        func faults(_ training: String) -> [String] {
            let text = Self.learning("g", training: training)
            do {
                _ = try ExperimentSpec(text, file: "spec.json", vocabulary: .standard)
                return []
            } catch {
                return error.faults.map(\.description)
            }
        }
        #expect(faults("").isEmpty)
        #expect(faults(#", "unrollLength": 3"#).contains { $0.contains("rollback") && $0.contains("unrollLength") })
        let uneven = Self.learning("g").replacing(#""rollback": 3"#, with: #""rollback": 4"#)
        let error = #expect(throws: SpecError.self) {
            try ExperimentSpec(uneven, file: "spec.json", vocabulary: .standard)
        }
        #expect(error?.faults.contains { $0.place == "metaTraining.rollback" } == true)
    }
}
