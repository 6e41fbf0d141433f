/// What the trials of one optimizer on one problem came to.
public struct OptimizerSummary: Sendable, Equatable {
    /// The optimizer's name.
    public let name: String
    /// What was tried and chosen on other seeds; nil where nothing was, or each of several replicates was by itself.
    public let tuning: OptimizerTuning?
    /// The mean over the trials of the loss at each step. It is NaN or infinite from the step at which a trial
    /// diverged or ended before the others, so that no part of it is a mean over survivors.
    public let meanCurve: [Double]
    /// How many trials were asked for and are done. They count as one where the seed changes nothing.
    public let recordedTrials: Int
    /// Whether the seed changes nothing: all trials, at least two, are one computation, bit for bit.
    public let seedChangesNothing: Bool
    /// The optimizers that its experiment has trained, one or several; empty for one that it has not trained.
    public internal(set) var replicates: [ReplicateSummary]
    /// Whether it was learned, here or elsewhere.
    public let isLearned: Bool
    private(set) var summaries: [ComparisonMetric: SampleSummary]
    private let metric: ComparisonMetric

    /// What its trials came to by a metric, over those that recorded it or diverged; nil where none recorded it.
    public func summary(of metric: ComparisonMetric) -> SampleSummary? { summaries[metric] }

    /// The metric that it is compared by; without values where no trial recorded it.
    public var compared: SampleSummary { summaries[metric] ?? SampleSummary([]) }
    /// The loss after the last step.
    public var finalLoss: SampleSummary { summaries[.finalLoss] ?? SampleSummary([]) }
    /// What was tuned of it, or of each of several replicates, which then has its number behind the name: `trained/3`.
    public var tunings: [(name: String, tuning: OptimizerTuning)] {
        [(name, tuning)].compactMap { name, tuning in tuning.map { (name, $0) } }
            + replicates.compactMap { replicate in
                replicate.tuning.map { ("\(name)/\(replicate.replicate.number)", $0) }
            }
    }
    /// Whether several were trained, so that its figures are over replicates and students.
    public var isReplicated: Bool { replicates.count > 1 }
    /// The mean of the replicate that does worst; nil where there are no several.
    public var worstReplicate: Double? {
        guard isReplicated else { return nil }
        return metric.higherIsBetter ? replicates.map(\.mean).min() : replicates.map(\.mean).max()
    }
    /// How many trials there are, as evidence.
    public let trials: Int
    /// How many of them diverged.
    public let diverged: Int
    /// What is told of it: the results of every comparison, and what it is compared by.
    public var told: [ComparisonMetric] { Self.told(metric) }
    /// How many of them have nothing to compare by.
    public var missing: Int { trials - compared.count }

    /// Sums up trials, at least one, without the intervals of their means.
    ///
    /// - Parameter tuning: what was tuned of it or, given the number of one of several replicates, of that.
    init(_ sample: OptimizerSample, metric: ComparisonMetric, tuning: (_ replicate: Int?) -> OptimizerTuning?) {
        let outcomes = sample.evidence
        name = sample.name
        self.metric = metric
        self.tuning = sample.isReplicated ? nil : tuning(nil)
        recordedTrials = sample.trials.reduce(0) { $0 + $1.standsFor }
        seedChangesNothing = sample.isOne
        trials = outcomes.count
        diverged = outcomes.count(where: \.isDiverged)
        summaries = Self.told(metric).reduce(into: [:]) { summaries, metric in
            guard outcomes.contains(where: { $0.records(metric) }) else { return }
            summaries[metric] = sample.summary(metric)
        }
        isLearned = sample.trials.contains(where: \.isLearned)
        replicates = sample.replicates.compactMap { trials in
            let trials = sample.trials[trials]
            return trials.first?.replicate.map { replicate in
                ReplicateSummary(
                    replicate: replicate, mean: trials.mean(metric),
                    tuning: sample.isReplicated ? tuning(replicate.number) : nil)
            }
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

    /// The share of its runs that are better than thresholds.
    public func profile(at thresholds: [Double]) -> PerformanceProfile {
        PerformanceProfile(of: compared.values, at: thresholds, higherIsBetter: metric.higherIsBetter)
    }

    /// What optimizers are sorted by, the best first; one without a value comes last.
    var rank: (Double, Double, String) {
        func key(_ value: Double) -> Double { value.isNaN ? .infinity : metric.higherIsBetter ? -value : value }
        return (key(compared.mean), key(compared.median), name)
    }
}

extension OptimizerSample {
    /// What the trials came to, without the interval of their mean; of several replicates the mean of their means.
    fileprivate func summary(_ metric: ComparisonMetric) -> SampleSummary {
        let values = evidence.compactMap { $0.value(of: metric) }
        guard isReplicated else { return SampleSummary(values, worst: metric.worst, interval: nil) }
        let crossed = CrossedRuns(self, trials.map { $0.pairedValue(of: metric) }).rectangle
        let means = replicates.map { trials[$0].mean(metric) }.filter { !$0.isNaN }
        return SampleSummary(
            values, worst: metric.worst, interval: nil, crossed: crossed.map { $0.map(\.value) },
            mean: means.reduce(0, +) / Double(means.count))
    }
}

extension Collection<ComparedTrial> {
    /// The mean by a metric; plus or minus infinity where a trial diverged, NaN where none has it.
    fileprivate func mean(_ metric: ComparisonMetric) -> Double {
        let values = compactMap { $0.value(of: metric) }.map { $0.isFinite ? $0 : metric.worst }
        return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
}

extension ComparedTrial {
    /// Its value by a metric, and how far rounding may have moved it; nil where there is none.
    func pairedValue(of metric: ComparisonMetric) -> PairedValue? {
        value(of: metric).map { PairedValue(value: $0, rounding: precision.rounding(of: $0)) }
    }
}
