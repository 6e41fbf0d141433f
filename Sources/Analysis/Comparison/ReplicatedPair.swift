extension PairComparison {
    /// Compares two optimizers of which at least one has replicates, so that both what was trained and what it was
    /// tried on count.
    ///
    /// - Parameters: as for the comparison of two that have none.
    init(
        replicated first: OptimizerSample, _ second: OptimizerSample, _ valuesOfFirst: [PairedValue?],
        _ valuesOfSecond: [PairedValue?], higherIsBetter: Bool
    ) {
        let (mine, others) = (CrossedRuns(first, valuesOfFirst), CrossedRuns(second, valuesOfSecond))
        let pairs = mine.pairs(with: others)
        let reason = pairs.allSatisfy(\.isEmpty) ? first.whyUnpaired(with: second) : nil
        if let reason, ![mine, others].contains(where: { $0.rectangle.joined().isEmpty }) {
            self.init(unpaired: (first.name, mine), (second.name, others), reason, higherIsBetter: higherIsBetter)
            return
        }
        let differences = pairs.map { row in
            row.map { PairedDifference($0, $1, higherIsBetter: higherIsBetter) }
        }
        let all = differences.flatMap(\.self)
        let plain = pairs.map { row in row.map { $0.value - $1.value } }
        let isFinite = plain.joined().allSatisfy(\.isFinite)
        let runs = mine.runsByStudent(with: others)
        let sign = higherIsBetter ? -1.0 : 1
        func losses(_ runs: [[Double]]) -> [[Double]] { runs.map { $0.map { sign * $0 } } }
        let crossed = isFinite && !all.isEmpty ? plain : nil
        self.init(
            first.name, second.name, seedChangesNothing: first.isOne && second.isOne, whyUnpaired: nil,
            counts: all.tally, test: isFinite ? .twoWay : .sign,
            pValue: all.isEmpty
                ? 1
                : isFinite ? TwoWayRandomEffects(plain).pValue : Self.signTest(pairs, higherIsBetter: higherIsBetter),
            superiority: ProbabilityOfImprovement.of(losses(runs.mine), over: losses(runs.other)),
            rankBiserial: all.rankBiserial(SignedRankTest(differences: all)),
            difference: SampleSummary(crossed?.flatMap(\.self) ?? [], interval: nil, crossed: crossed))
    }

    /// Two samples that are no pairs.
    private init(
        unpaired first: (name: String, runs: CrossedRuns), _ second: (name: String, runs: CrossedRuns),
        _ reason: String, higherIsBetter: Bool
    ) {
        let (mine, others) = (first.runs.rectangle, second.runs.rectangle)
        let isFinite = [mine, others].allSatisfy { sample in
            !sample.joined().isEmpty && sample.joined().allSatisfy(\.value.isFinite)
        }
        func means(_ rows: [[PairedValue]]) -> [PairedValue] {
            rows.filter { !$0.isEmpty }.map { PairedValue(value: Self.mean($0), rounding: 0) }
        }
        let ranks = Self.rankSumTest(
            (Array(mine.joined()), Array(others.joined())), higherIsBetter: higherIsBetter)
        let pValue =
            isFinite
            ? TwoWayRandomEffects.pValueOfDifference(
                TwoWayRandomEffects(mine.map { $0.map(\.value) }), TwoWayRandomEffects(others.map { $0.map(\.value) }))
            : Self.rankSumTest((means(mine), means(others)), higherIsBetter: higherIsBetter).pValue
        self.init(
            first.name, second.name, seedChangesNothing: false, whyUnpaired: reason, counts: (0, 0, 0),
            test: isFinite ? .twoWay : .rankSum, pValue: pValue, superiority: ranks.shareSmaller,
            rankBiserial: 2 * ranks.shareSmaller - 1, difference: SampleSummary([]))
    }

    /// On how many replicates either has the better mean.
    private static func signTest(_ pairs: [[(PairedValue, PairedValue)]], higherIsBetter: Bool) -> Double {
        let means = pairs.map { row in
            PairedDifference(
                PairedValue(value: mean(row.map(\.0)), rounding: 0),
                PairedValue(value: mean(row.map(\.1)), rounding: 0),
                higherIsBetter: higherIsBetter)
        }
        let tally = means.tally
        return SignTest.pValue(wins: tally.wins, losses: tally.losses)
    }

    private static func mean(_ values: [PairedValue]) -> Double {
        values.reduce(0) { $0 + $1.value } / Double(values.count)
    }
}
