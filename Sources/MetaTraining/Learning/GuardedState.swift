import TensorEngine

/// What a meta-training's safeguards and starts remember.
final class GuardedState<Scalar: TensorScalar> {
    /// How many times a student was left out of a meta-step.
    var leftOut = 0
    /// How many evaluations in a row were no better than the best.
    var evaluationsSinceBest = 0
    /// What a change of the meta-parameters is multiplied by.
    var rateFactor = 1.0
    /// Steps of the optimizations that an epoch is cut into; 0 where lengths do not grow.
    private(set) var horizon: Int
    /// How many evaluations in a row, since the length is this, were no better than the best.
    private var evaluationsWithoutGain = 0
    /// The start that goes on after all of them: the best of those that are over.
    var chosenStart = 0
    private var chosen: (bestLoss: Double, bestEpoch: Int, lastMetaLoss: Double, horizon: Int) = (.infinity, 0, .nan, 0)
    /// What that start's state was when it ended; empty without starts.
    private let chosenBuffers: [ElementBuffer<Scalar>]
    /// The best evaluations, the best one first, and meta-parameters of each.
    private var candidates: [(loss: Double, epoch: Int, place: Int)]
    private let candidateBuffers: [ElementBuffer<Scalar>]

    /// Nil where the settings ask for nothing of it.
    init?(_ settings: MetaTrainingSettings, metaParameterCount count: Int, _ update: MetaUpdate<Scalar>) {
        let schedule = settings.schedule
        guard settings.safeguards != .none || schedule.starts != nil || schedule.growth != nil else { return nil }
        horizon = schedule.growth?.initialLength ?? 0
        chosenBuffers =
            schedule.starts == nil
            ? [] : [update.count, update.stateCount, count, count].map { ElementBuffer(count: $0) }
        candidateBuffers = (0..<(settings.safeguards.selection?.checkpoints ?? 0)).map { _ in
            ElementBuffer(count: count)
        }
        candidates = candidateBuffers.indices.map { (.infinity, 0, $0) }
    }

    /// Counts an evaluation, and has optimizations grow where enough of them were no better than the best.
    func count(evaluationIsBest isBest: Bool, _ schedule: EpochSchedule) {
        evaluationsSinceBest = isBest ? 0 : evaluationsSinceBest + 1
        evaluationsWithoutGain = isBest ? 0 : evaluationsWithoutGain + 1
        guard let growth = schedule.growth, evaluationsWithoutGain >= growth.evaluations else { return }
        horizon = growth.next(after: horizon, schedule)
        evaluationsWithoutGain = 0
    }

    /// Begins a start.
    func begin(_ schedule: EpochSchedule) {
        (evaluationsSinceBest, rateFactor) = (0, 1)
        (evaluationsWithoutGain, horizon) = (0, schedule.growth?.initialLength ?? 0)
    }

    /// Keeps what a start came to where it is the best so far.
    func end(start: Int, _ state: MetaTrainingState<Scalar>) {
        guard start == 0 || state.bestLoss.isLowerLoss(than: chosen.bestLoss) else { return }
        chosenStart = start
        chosen = (state.bestLoss, state.bestEpoch, state.lastMetaLoss, horizon)
        for (kept, own) in zip(chosenBuffers, state.ownBuffers) { kept.copy(from: own) }
    }

    /// Makes a state that of the start that goes on.
    func goOn(_ state: inout MetaTrainingState<Scalar>) {
        (state.bestLoss, state.bestEpoch, state.lastMetaLoss, horizon) = chosen
        for (kept, own) in zip(chosenBuffers, state.ownBuffers) { own.copy(from: kept) }
    }

    /// Keeps meta-parameters where their evaluation is among the best.
    func keep(_ metaParameters: ElementBuffer<Scalar>, loss: Double, epoch: Int) {
        guard let last = candidates.last, last.epoch == 0 || loss.isLowerLoss(than: last.loss) else { return }
        candidates.removeLast()
        let index = candidates.firstIndex { $0.epoch == 0 || loss.isLowerLoss(than: $0.loss) } ?? candidates.count
        candidates.insert((loss, epoch, last.place), at: index)
        candidateBuffers[last.place].copy(from: metaParameters)
    }

    /// Those that are kept, and after which epochs they were evaluated; the best first.
    var kept: [(metaParameters: ElementBuffer<Scalar>, epoch: Int)] {
        candidates.filter { $0.epoch > 0 }.map { (candidateBuffers[$0.place], $0.epoch) }
    }

    var buffers: [ElementBuffer<Scalar>] { chosenBuffers + candidateBuffers }

    var numbers: [Double] {
        get {
            [
                Double(leftOut), Double(evaluationsSinceBest), rateFactor, Double(chosenStart), chosen.bestLoss,
                Double(chosen.bestEpoch), chosen.lastMetaLoss, Double(chosen.horizon), Double(horizon),
                Double(evaluationsWithoutGain),
            ] + candidates.flatMap { [$0.loss, Double($0.epoch), Double($0.place)] }
        }
        set {
            (leftOut, evaluationsSinceBest, rateFactor) = (Int(newValue[0]), Int(newValue[1]), newValue[2])
            chosenStart = Int(newValue[3])
            chosen = (newValue[4], Int(newValue[5]), newValue[6], Int(newValue[7]))
            (horizon, evaluationsWithoutGain) = (Int(newValue[8]), Int(newValue[9]))
            candidates = stride(from: 10, to: newValue.count, by: 3).map {
                (newValue[$0], Int(newValue[$0 + 1]), Int(newValue[$0 + 2]))
            }
        }
    }
}
