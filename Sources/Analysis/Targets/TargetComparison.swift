/// How soon the optimizers of a problem reach a target.
public struct TargetComparison: Sendable, Equatable {
    /// What one optimizer's trials came to.
    public struct Summary: Sendable, Equatable {
        /// The optimizer's name.
        public let name: String
        /// How many trials have a curve to reach the target; they count as one where the seed changes nothing.
        public let trials: Int
        /// How many of them reached it.
        public let reached: Int
        /// The steps that it took; nil where no trial has a curve.
        public let steps: CensoredMedian?
        /// The seconds that it took; nil where no trial has a curve, or the journal does not know how long one took.
        public let seconds: CensoredMedian?
    }

    /// What was to be reached.
    public let target: Target
    /// The optimizers, the lowest median of steps first; of equal ones that of which more trials got there.
    public let optimizers: [Summary]
    /// The tests of the steps, as far as they were asked for: `a` is the better one by `optimizers`. Trials are paired
    /// as they are in the comparison; one that never got there is worse than any that did, and two such are a tie.
    public let pairs: [PairComparison]

    init(_ target: Target, _ samples: [OptimizerSample], criteria: ComparisonCriteria) {
        self.target = target
        let summaries = samples.map { sample in
            let reaches = sample.evidence.compactMap(\.reach)
            return Summary(
                name: sample.name, trials: reaches.count, reached: reaches.count { $0.step != nil },
                steps: CensoredMedian(
                    reaches.map { $0.step.map(Double.init) ?? .infinity }, areIndependent: !sample.isReplicated),
                seconds: CensoredMedian(
                    reaches.map { $0.seconds ?? .infinity }, areIndependent: !sample.isReplicated))
        }
        func rank(_ summary: Summary) -> (Double, Int, String) {
            (summary.steps?.value ?? .infinity, -summary.reached, summary.name)
        }
        optimizers = summaries.sorted { rank($0) < rank($1) }
        let byName = Dictionary(uniqueKeysWithValues: samples.map { ($0.name, $0) })
        let ordered = optimizers.compactMap { byName[$0.name] }
        var pairs = ordered.pairs(criteria, higherIsBetter: false) { trial in
            trial.reach.map { PairedValue(value: $0.step.map(Double.init) ?? .nan, rounding: 0) }
        }
        pairs.correct()
        SampleSummary.fillIntervals { (body: (inout SampleSummary) -> Void) in
            for index in pairs.indices { body(&pairs[index].difference) }
        }
        self.pairs = pairs
    }

    /// The test of these two optimizers, whichever of them is its `a`; nil where it was not asked for.
    public func pair(_ first: String, _ second: String) -> PairComparison? {
        pairs.first { ($0.a == first && $0.b == second) || ($0.a == second && $0.b == first) }
    }
}
