import Testing

@testable import Analysis

/// Shares of 1,000 examples, whose differences are ties in truth and not in floating point.
///
/// The p-values are those of the whole numbers of examples: up to 50 pairs from enumerating all signs, above
/// scipy.stats.wilcoxon's (SciPy 1.17, `method="approx"`, `correction=True`).
struct RoundingTieTests {
    @Test(arguments: [
        (16, 8, 8, 0, 0.696258544921875), (30, 14, 15, 1, 0.8772983625531197), (80, 41, 38, 1, 0.5774112777364314),
    ])
    func sharesTieAsTheirCountsDo(pairs: Int, wins: Int, losses: Int, ties: Int, pValue: Double) throws {
        for precision in [LossPrecision.single, .double] {
            let pair = try #require(compare(pairs, precision).pairs.first)
            let isSwapped = pair.a == "b"
            #expect(pair.wins == (isSwapped ? losses : wins))
            #expect(pair.losses == (isSwapped ? wins : losses))
            #expect(pair.ties == ties)
            #expect(abs(try #require(pair.pValue) - pValue) <= 1e-12)
        }
    }

    private func compare(_ pairs: Int, _ precision: LossPrecision) -> ProblemComparison {
        func outcome(_ optimizer: String, _ seed: Int, _ count: Int) -> ComparedTrial {
            let loss = precision == .single ? Double(Float(count) * Float(0.001)) : Double(count) * 0.001
            return ComparedTrial(
                problem: "p", optimizer: optimizer, seed: seed, precision: precision, finalLoss: loss)
        }
        return ProblemComparison(
            name: "p",
            outcomes: (0..<pairs).flatMap { seed in
                [outcome("a", seed, 200 + (37 * seed) % 61), outcome("b", seed, 205 + (23 * seed) % 53)]
            })
    }

    /// 0.25 − 0.21 and 0.23 − 0.19, to either side.
    @Test func fourHundredthsAreFourHundredths() {
        let losses: [(Float, Float)] = [(0.25, 0.21), (0.19, 0.23), (0.37, 0.33), (0.5, 0.46), (0.71, 0.75)]
        let differences = losses.map { a, b in
            PairedDifference(.loss(Double(a), in: .single), .loss(Double(b), in: .single), higherIsBetter: false)
        }
        #expect(Set(differences.map(\.value.magnitude)).count > 1)
        let test = SignedRankTest(differences: differences)
        #expect(test.positiveRankSum == 9)
        #expect(test.negativeRankSum == 6)
        #expect(test.pValue == 1)
    }

    @Test func aLossAsGoodAsEqualIsATie() {
        func isTie(_ a: Double, _ b: Double, _ precision: LossPrecision) -> Bool {
            PairedDifference(.loss(a, in: precision), .loss(b, in: precision), higherIsBetter: false).isTie
        }
        #expect(isTie(Double(Float(0.21)), Double(Float(0.21).nextUp), .single))
        #expect(!isTie(Double(Float(0.21)), Double(Float(0.21).nextUp), .double))
        #expect(isTie(0.21, 0.21.nextUp, .double))
        #expect(!isTie(0.21, 0.2100002, .single))
        #expect(isTie(0, 0, .single))
        #expect(!isTie(1e-30, 0, .single))
        #expect(!isTie(1e300, 2e300, .single))
    }

    /// A chain of near-equal magnitudes is no one tie: a group reaches no farther than rounding does.
    @Test func tiesDoNotChain() {
        let steps = (1...40).map { PairedDifference(1 + Double($0) * 1.5, rounding: 0.8) }
        let apart = (1...40).map { PairedDifference(Double(($0 + 1) / 2)) }
        #expect(SignedRankTest(differences: steps) == SignedRankTest(differences: apart))
    }

    @Test func accuraciesThatAreHigherWin() throws {
        let outcomes = (1...6).flatMap { seed in
            [("low", 0.5), ("high", 0.75)].map { name, accuracy in
                ComparedTrial(
                    problem: "p", optimizer: name, seed: seed, finalLoss: name == "low" ? 1 : 2,
                    accuracy: accuracy + Double(seed) / 1000)
            }
        }
        let problem = ProblemComparison(name: "p", outcomes: outcomes, criteria: .init(metric: .accuracy))
        #expect(problem.optimizers.map(\.name) == ["high", "low"])
        let pair = try #require(problem.pairs.first)
        #expect((pair.a, pair.wins, pair.losses, pair.pValue) == ("high", 6, 0, 0.03125))
    }
}

extension PairedValue {
    fileprivate static func loss(_ value: Double, in precision: LossPrecision) -> PairedValue {
        PairedValue(value: value, rounding: precision.rounding(of: value))
    }
}
