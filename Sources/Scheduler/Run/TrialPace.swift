import ExperimentSpec

/// How long trials take, and so how many of them a worker claims at once.
struct TrialPace {
    /// What is claimed at once takes about so many seconds: others wait no longer for it, and a process that is killed
    /// leaves no more begun.
    private let secondsAtOnce: Double
    private static let mostAtOnce = 200

    /// The last trial that was measured, and its seconds.
    private var last: (trial: TrialDescription, seconds: Double)?

    /// - Parameter patience: seconds that what trials tell may wait before it is written.
    init(patience: Double) { secondsAtOnce = patience / 5 }

    mutating func note(_ trial: TrialDescription, seconds: Double) { last = (trial, seconds) }

    /// How many of the waiting trials to claim: one, unless the last was short and the next ones are like it; and no
    /// more than the worker's share, so that all workers end at about the same time.
    func trialsAtOnce(_ trials: [TrialDescription], workers: Int, waiting: ReadyTrials) -> Int {
        guard let last, let next = waiting.first, trials[next].isAlike(last.trial) else { return 1 }
        let count = min(secondsAtOnce / max(last.seconds, 1e-6), Double(Self.mostAtOnce))
        return max(1, min(Int(count), waiting.count / (2 * workers)))
    }
}

extension TrialDescription {
    /// Whether two trials may be expected to take the same time.
    func isAlike(_ other: TrialDescription) -> Bool {
        !optimizer.isLearned && kind == other.kind && precision == other.precision && steps == other.steps
            && problemLabel == other.problemLabel && optimizerLabel == other.optimizerLabel
    }
}

/// Trials in the order in which they came to be ready.
struct ReadyTrials {
    private var trials: [Int]
    private var start = 0

    init(_ trials: [Int]) {
        self.trials = trials
    }

    var count: Int { trials.count - start }
    var first: Int? { start < trials.count ? trials[start] : nil }

    mutating func append(_ trial: Int) { trials.append(trial) }

    /// Takes the first, and those after it that are like it, up to so many.
    mutating func take(atMost count: Int, whereLike isLike: (Int, Int) -> Bool) -> [Int] {
        guard let first else { return [] }
        let end = trials[start..<min(start + count, trials.count)].firstIndex { !isLike($0, first) && $0 != first }
        let taken = Array(trials[start..<(end ?? min(start + count, trials.count))])
        start += taken.count
        if start > 1000, 2 * start > trials.count {
            trials.removeFirst(start)
            start = 0
        }
        return taken
    }
}
