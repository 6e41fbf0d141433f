import Foundation
import Nouns
import Problems
import TensorEngine

/// The training of one self-tuning network.
public struct SelfTuningTrial<Scalar: TensorScalar>: Sendable {
    private let objective: any SelfTunedObjective
    private var settings: SelfTuningSettings
    private let plans: TuningPlans<Scalar>

    /// - Parameter objective: with the settings' hyperparameters.
    public init(_ objective: any SelfTunedObjective, _ settings: SelfTuningSettings) {
        self.objective = objective
        self.settings = settings
        plans = TuningPlans(objective, settings)
    }

    /// The same with other hyperparameters at first, in natural space.
    func starting(at initial: [Double]) -> SelfTuningTrial {
        var other = self
        for (index, value) in initial.enumerated() { other.settings.hyperparameters[index].value.initial = value }
        return other
    }

    /// Rounds from one checkpoint to the next, and of a piece of curves that is told at once.
    private static var piece: Int { 100 }

    /// Runs it, or goes on from a checkpoint to the same bits.
    ///
    /// It tells curves of each round: the hyperparameters by their names, in natural space, their scales as `NAME/scale`,
    /// `trainingLoss` and `validationLoss`, and what is measured, `perturbed` where the last perturbation is in it.
    ///
    /// - Returns: measures by name at the end, the target's best, and the round that reached it, where one did.
    /// - Throws: `CancellationError`; `TrialFailure` where the checkpoint is not one of this trial.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func run(seed: UInt64, resuming checkpoint: Data? = nil, _ context: TrialContext) throws -> [Metric: Double]
    {
        let step = TwoLevelStep(objective, settings, plans, key: RandomKey(seed: seed))
        var state = step.makeState()
        if let checkpoint {
            try state.restore(checkpoint)
        } else {
            for _ in 0..<settings.warmup { step.stepWeights(&state) }
        }
        var curves = Curves(firstStep: state.round, context)
        var isReached = false
        var measures = step.measure(state, isPerturbed: false)
        if checkpoint == nil, settings.snapshotEvery != nil { show(step, state, context) }
        while state.round < settings.rounds {
            try context.checkCancellation()
            for _ in 0..<settings.weightSteps { step.stepWeights(&state) }
            for _ in 0..<settings.hyperparameterSteps { step.stepHyperparameters(&state) }
            // Before the other, as the perturbation is gone after that.
            let perturbed = settings.isTuned ? step.measure(state, isPerturbed: true) : []
            measures = step.measure(state, isPerturbed: false)
            state.round += 1
            tell(
                state, step.hyperparameters, measures + perturbed.map { (Self.perturbed($0.metric), $0.value) },
                &curves)
            if let every = settings.snapshotEvery, state.round.isMultiple(of: every) { show(step, state, context) }
            isReached = isTarget(measures, &state)
            if state.round.isMultiple(of: Self.piece) { curves.tell() }
            if isReached || state.isBroken { break }
            if state.round.isMultiple(of: Self.piece) {
                context.emit(.checkpoint(Checkpoint(step: state.round, data: state.encoded())))
            }
        }
        curves.tell()
        var results = Dictionary(
            uniqueKeysWithValues: measures.map { ($0.metric, state.isBroken && !isReached ? .infinity : $0.value) })
        if isReached { results["reachedRound"] = Double(state.round) }
        results["trainingLoss"] = state.losses.training
        if let target = settings.target { results[Self.best(target.metric)] = state.best }
        for (hyperparameter, found) in zip(settings.hyperparameters, step.hyperparameters) {
            results[Metric(hyperparameter.value.name)] = found.natural
        }
        results.merge(scores(step, state)) { $1 }
        return results.merging(objective.bounds) { own, _ in own }
    }

    /// Losses and accuracies over whole splits.
    private func scores(_ step: TwoLevelStep<Scalar>, _ state: SelfTuningState<Scalar>) -> [Metric: Double] {
        var results: [Metric: Double] = [:]
        for (split, means) in step.scores(state) {
            let isTest = split == .test
            if let loss = means[Score.loss] {
                results[isTest ? .testLoss : "validationLoss"] = loss.isFinite ? loss : .infinity
            }
            results[isTest ? .accuracy : "validationAccuracy"] = means[Score.correct]
        }
        return results
    }

    /// Whether the target is reached; keeps the best.
    private func isTarget(
        _ measures: [(metric: Metric, value: Double)], _ state: inout SelfTuningState<Scalar>
    ) -> Bool {
        guard let target = settings.target,
            let value = measures.first(where: { $0.metric == target.metric })?.value
        else { return false }
        if value < state.best { state.best = value }
        return value < target.below
    }

    private func tell(
        _ state: SelfTuningState<Scalar>, _ hyperparameters: [(natural: Double, scale: Double)],
        _ measures: [(metric: Metric, value: Double)], _ curves: inout Curves
    ) {
        for (hyperparameter, found) in zip(settings.hyperparameters, hyperparameters) {
            curves.add(Metric(hyperparameter.value.name), found.natural)
            if settings.isTuned { curves.add(Metric("\(hyperparameter.value.name)/scale"), found.scale) }
        }
        curves.add("trainingLoss", state.losses.training)
        if settings.isTuned { curves.add("validationLoss", state.losses.validation) }
        for (metric, value) in measures { curves.add(metric, value) }
    }

    /// Tells a snapshot of what was measured at last.
    private func show(_ step: TwoLevelStep<Scalar>, _ state: SelfTuningState<Scalar>, _ context: TrialContext) {
        context.emit(.snapshot(step: state.round, tensors: step.pictures))
    }

    /// `distance` to `bestDistance`.
    static func best(_ metric: Metric) -> Metric { Metric("best" + capitalized(metric)) }

    static func perturbed(_ metric: Metric) -> Metric { Metric("perturbed" + capitalized(metric)) }

    private static func capitalized(_ metric: Metric) -> String {
        metric.rawValue.prefix(1).uppercased() + metric.rawValue.dropFirst()
    }
}

/// Curves of a trial, told some rounds at once, and these as work that is done.
private struct Curves {
    private let context: TrialContext
    private var firstStep: Int
    private var metrics: [Metric] = []
    private var values: [Metric: [Double]] = [:]

    init(firstStep: Int, _ context: TrialContext) {
        self.firstStep = firstStep
        self.context = context
    }

    mutating func add(_ metric: Metric, _ value: Double) {
        if values[metric] == nil { metrics.append(metric) }
        values[metric, default: []].append(value)
    }

    mutating func tell() {
        let count = metrics.first.flatMap { values[$0]?.count } ?? 0
        guard count > 0 else { return }
        for metric in metrics {
            context.emit(.points(metric: metric, firstStep: firstStep, stride: 1, values: values[metric] ?? []))
            values[metric]?.removeAll(keepingCapacity: true)
        }
        firstStep += count
        context.emit(.advanced(steps: Double(count)))
    }
}
