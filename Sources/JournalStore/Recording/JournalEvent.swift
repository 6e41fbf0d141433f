import Nouns

/// What a trial has to tell, on its way to the journal.
enum JournalEvent: Sendable {
    case point(trial: Int64, metric: String, step: Int, value: CurveValue)
    case floats(trial: Int64, metric: String, firstStep: Int, stride: Int, values: [Float])
    case doubles(trial: Int64, metric: String, firstStep: Int, stride: Int, values: [Double])
    case snapshot(trial: Int64, step: Int, parameters: [NamedTensor])
    case checkpoint(trial: Int64, Checkpoint)
    case learnedOptimizer(trial: Int64, LearnedOptimizerRecord)
    case completed(trial: Int64, TrialResults)
    case stopped(trial: Int64, TrialStatus, message: String?)
    case released(trial: Int64)
    case tuningChoices(experiment: Int64, [TuningChoice])

    /// The trial it belongs to, which must still be this run's when the event is written.
    var trial: Int64? {
        switch self {
        case .point(let trial, _, _, _), .floats(let trial, _, _, _, _), .doubles(let trial, _, _, _, _),
            .snapshot(let trial, _, _), .checkpoint(let trial, _), .learnedOptimizer(let trial, _),
            .completed(let trial, _), .stopped(let trial, _, _), .released(let trial):
            trial
        case .tuningChoices:
            nil
        }
    }

    /// Roughly the bytes it holds in memory while it waits.
    var weight: Int {
        switch self {
        case .floats(_, _, _, _, let values): values.count * 4
        case .doubles(_, _, _, _, let values): values.count * 8
        case .snapshot(_, _, let parameters): parameters.reduce(0) { $0 + $1.bytes.count }
        case .checkpoint(_, let checkpoint): checkpoint.data.count
        case .learnedOptimizer(_, let optimizer): optimizer.weights.reduce(0) { $0 + $1.bytes.count }
        default: 96
        }
    }
}
