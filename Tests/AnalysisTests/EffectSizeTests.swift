import Testing

@testable import Analysis

struct EffectSizeTests {
    private func problem(_ a: [Double], _ b: [Double], metric: ComparisonMetric = .finalLoss) -> ProblemComparison {
        let outcomes = [("a", a), ("b", b)].flatMap { name, losses in
            losses.enumerated().map { seed, loss in
                ComparedTrial(problem: "p", optimizer: name, seed: seed, finalLoss: loss, accuracy: loss)
            }
        }
        return ProblemComparison(name: "p", outcomes: outcomes, criteria: .init(metric: metric))
    }

    @Test func ofMatchedPairs() throws {
        let pair = try #require(problem([1, 2, 3, 4, 5], [2, 4, 6, 3, 5]).pair("a", "b"))
        #expect((pair.wins, pair.losses, pair.ties) == (3, 1, 1))
        #expect(pair.superiority == 0.7)
        // Differences -1, -2, -3, 1 have the ranks 1.5, 3, 4, 1.5: 8.5 for `a`, 1.5 against it.
        #expect(pair.rankBiserial == 0.7)
        #expect(pair.difference.mean == -1)
        #expect(pair.difference.values == [-3, -2, -1, 0, 1])
        #expect(pair.difference.interval == BootstrapInterval(ofMean: [-3, -2, -1, 0, 1]))
    }

    @Test func ofAccuraciesTheHigherIsBetter() throws {
        let pair = try #require(problem([0.75, 0.5], [0.5, 0.25], metric: .accuracy).pair("a", "b"))
        #expect(pair.superiority == 1 && pair.rankBiserial == 1)
        #expect(pair.difference.mean == 0.25)
    }

    @Test func whatDivergedHasNoDifference() throws {
        let pair = try #require(problem([1, .nan, 3], [2, 4, .infinity]).pair("a", "b"))
        #expect(pair.difference.count == 0 && pair.difference.interval == nil)
        // Two infinite differences, one each way, share the ranks above the finite one.
        #expect(try #require(pair.rankBiserial).magnitude == 1 / 6.0)
    }

    @Test func withoutADifferenceThereIsNoEffect() throws {
        let pair = try #require(problem([1, 2, 3], [1, 2, 3]).pair("a", "b"))
        #expect(pair.superiority == 0.5 && pair.rankBiserial == 0)
    }

    /// Against `scipy.stats.mannwhitneyu(a, b, method="exact")`, and by counting.
    @Test func rankSumsOfTwoSamples() {
        func test(_ a: [Double], _ b: [Double]) -> RankSumTest {
            RankSumTest(a.map { PairedValue(value: $0, rounding: 0) }, b.map { PairedValue(value: $0, rounding: 0) })
        }
        let apart = test([1, 2, 3], [4, 5, 6, 7])
        #expect(apart.shareSmaller == 1)
        #expect(abs(apart.pValue - 2.0 / 35) < 1e-15)
        #expect(test([4, 5, 6, 7], [1, 2, 3]).shareSmaller == 0)
        let mixed = test([1, 4, 6, 9], [2, 3, 5, 8, 10])
        #expect(mixed.shareSmaller == 0.55)
        #expect(abs(mixed.pValue - 0.9047619047619048) < 1e-12)
        let tied = test([1, 1, 2], [1, 2, 2])
        #expect(abs(tied.shareSmaller - 6 / 9.0) < 1e-15)
        #expect(tied.pValue == 1 || tied.pValue > 0.5)
        #expect(test([.infinity, .nan], [.infinity, .infinity]).pValue == 1)
        #expect(test([1, 2], [.nan, .infinity]).shareSmaller == 1)
    }

    /// Close to the exact distribution just beyond where that is worked out.
    @Test func manyValuesByTheNormalApproximation() {
        let a = (0..<25).map { PairedValue(value: Double($0) * 1.01, rounding: 0) }
        let b = (0..<25).map { PairedValue(value: Double($0) * 0.99 + 5, rounding: 0) }
        let exact = RankSumTest(a, b)
        let normal = RankSumTest(a, b + [PairedValue(value: 17.2, rounding: 0)])
        #expect(abs(exact.pValue - normal.pValue) < 0.02)
        #expect(exact.pValue < 0.05)
    }
}
