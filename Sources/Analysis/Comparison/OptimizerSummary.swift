/// What the trials of one optimizer on one problem came to.
public struct OptimizerSummary: Sendable, Equatable {
    /// The optimizer's name.
    public let name: String
    /// What was tried and chosen on other seeds; nil where nothing was tuned.
    public let tuning: OptimizerTuning?
    /// The mean over the trials of the loss at each step. It is NaN or infinite from the step at which a trial
    /// diverged or ended before the others, so that no part of it is a mean over survivors.
    public let meanCurve: [Double]
    /// How many trials were asked for and are done. They count as one where the seed changes nothing.
    public let recordedTrials: Int
    /// Whether the seed changes nothing: all trials, at least two, are one computation, bit for bit.
    public let seedChangesNothing: Bool
    private(set) var summaries: [ComparisonMetric: SampleSummary]
    private let metric: ComparisonMetric

    /// What its trials came to by a metric, over those that recorded it or diverged; nil where none recorded it.
    public func summary(of metric: ComparisonMetric) -> SampleSummary? { summaries[metric] }

    /// The metric that it is compared by; without values where no trial recorded it.
    public var compared: SampleSummary { summaries[metric] ?? SampleSummary([]) }
    /// The loss after the last step.
    public var finalLoss: SampleSummary { summaries[.finalLoss] ?? SampleSummary([]) }
    /// How many trials there are, as evidence.
    public let trials: Int
    /// How many of them diverged.
    public let diverged: Int
    /// What is told of it: the results of every comparison, and what it is compared by.
    public var told: [ComparisonMetric] { Self.told(metric) }
    /// How many of them have nothing to compare by.
    public var missing: Int { trials - compared.count }

    /// Sums up trials, at least one, without the intervals of their means.
    init(_ sample: OptimizerSample, metric: ComparisonMetric, tuning: OptimizerTuning?) {
        let outcomes = sample.evidence
        name = sample.name
        self.metric = metric
        self.tuning = tuning
        recordedTrials = sample.trials.reduce(0) { $0 + $1.standsFor }
        seedChangesNothing = sample.isOne
        trials = outcomes.count
        diverged = outcomes.count(where: \.isDiverged)
        summaries = Self.told(metric).reduce(into: [:]) { summaries, metric in
            guard outcomes.contains(where: { $0.records(metric) }) else { return }
            summaries[metric] = SampleSummary(
                outcomes.compactMap { $0.value(of: metric) }, worst: metric.worst, interval: nil)
        }
        meanCurve = Self.meanCurve(of: outcomes)
    }

    private static func meanCurve(of trials: some Collection<ComparedTrial>) -> [Double] {
        var sums = [Double](repeating: 0, count: trials.reduce(0) { max($0, $1.curve.count) })
        for trial in trials {
            for (step, value) in trial.curve.enumerated() { sums[step] += value }
            for step in trial.curve.count..<sums.count { sums[step] = .nan }
        }
        return sums.map { $0 / Double(trials.count) }
    }

    /// Calls `body` with each sample that it sums up, always in the same order.
    mutating func forEachSample(_ body: (inout SampleSummary) -> Void) {
        for metric in told where summaries[metric] != nil { body(&summaries[metric, default: SampleSummary([])]) }
    }

    private static func told(_ metric: ComparisonMetric) -> [ComparisonMetric] {
        ComparisonMetric.common + (ComparisonMetric.common.contains(metric) ? [] : [metric])
    }

    /// What optimizers are sorted by, the best first; one without a value comes last.
    var rank: (Double, Double, String) {
        func key(_ value: Double) -> Double { value.isNaN ? .infinity : metric.higherIsBetter ? -value : value }
        return (key(compared.mean), key(compared.median), name)
    }
}
