import ExperimentSpec
import Formats
import Foundation
import MetaTraining
import Nouns
import Optimizers
import TrialKinds

/// A kind of trials that the program does not have: how large a learning rate gradient descent bears on a problem.
///
/// Each of the rates has so many steps. What came of it is `largestRate`, the largest at which the loss stays finite and
/// ends no higher than it began, `0` if there is none.
struct RateRange: TrialKind {
    let name: TrialKindName = "rateRange"

    func field(_ vocabulary: Vocabulary) -> Field? {
        Field(
            "rateRange",
            .object(
                ObjectFormat([
                    Field("rates", .list(of: .number(.positive)), "The learning rates, the smallest first."),
                    Field("steps", .number(.count), default: 10, "Steps with each."),
                    Field("repeats", .number(.whole(1...100)), default: 2, "Trials, of a seed each."),
                ])), "How large a learning rate the problem bears.")
    }

    func trialCount(_ settings: ExperimentSettings) -> Double { Double(part(of: settings)?.integer("repeats") ?? 0) }

    func plan(_ settings: ExperimentSettings, _ planner: inout Planner) -> [String] {
        guard let part = part(of: settings) else { return [] }
        let rates = part.numbers("rates")
        let rule = UpdateRuleSpec(kind: "sgd", settings: Settings(["learningRate": JSONValue(rates[0])]))
        return (0..<part.integer("repeats")).map { index in
            planner.add(
                TrialDescription(
                    self, precision: settings.precision, problem: settings.problem,
                    called: planner.labelOfProblem(settings), optimizer: .rule(rule), content: rule.json, called: "sgd",
                    seed: settings.seeds.evaluation(index), steps: part.integer("steps") * rates.count,
                    details: ["rates": .array(rates.map { JSONValue($0) })]))
        }
    }

    func run(_ execution: TrialExecution, resuming state: Data?, _ context: TrialContext) throws -> TrialOutcome {
        let trial = execution.trial
        let rates = trial.details.numbers("rates")
        // Their own curves would run into each other.
        let silent = TrialContext(executor: context.executor, isCancelled: context.isCancelled, now: context.now)
        let losses = try rates.map { rate in
            let optimization = OptimizationTrial<Double>(
                family: execution.family, optimizer: GradientDescent(learningRate: LearningRate(rate)),
                steps: trial.steps / rates.count)
            return try optimization.run(seed: trial.seed, silent)
        }
        context.emit(.points(metric: "lossOfRate", firstStep: 0, stride: 1, values: losses.map(\.finalLoss)))
        let borne = zip(rates, losses).filter { $1.finalLoss.isFinite && $1.finalLoss < 1e6 }.map { $0.0 }
        return TrialOutcome(values: ["largestRate": borne.max() ?? 0, .bestLoss: losses.map(\.bestLoss).min() ?? .nan])
    }

    let summary = TrialKindSummary(
        kind: "rateRange", title: "Search for rates", isCompared: false, ranking: .bestLoss, curve: "lossOfRate")

    private func part(of settings: ExperimentSettings) -> Settings? { settings.settings.settings(ifGiven: "rateRange") }
}
