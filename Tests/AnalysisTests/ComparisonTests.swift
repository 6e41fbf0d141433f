import Testing

@testable import Analysis

struct ComparisonTests {
    @Test func pairsTrialsBySeedAndSortsByMean() throws {
        let comparison = Comparison(
            experiment: "e",
            outcomes: outcomes("adam", [3, 2, 1]) + outcomes("trained", [1, 1, 1]) + outcomes("sgd", [5, 5], from: 10))
        let problem = try #require(comparison.problems.first)
        #expect(problem.optimizers.map(\.name) == ["trained", "adam", "sgd"])
        #expect(problem.pairs.map(\.a) == ["trained", "trained", "adam"])
        let pair = try #require(problem.pair("adam", "trained"))
        #expect((pair.wins, pair.losses, pair.ties) == (2, 0, 1))
        #expect(pair.pValue == 0.5)
        #expect(pair.pValueHolm == 1)
        let apart = try #require(problem.pair("trained", "sgd"))
        #expect(apart.seeds == 0)
        #expect(apart.pValue == 1)
    }

    @Test func keepsProblemsApartAndInOrder() {
        let comparison = Comparison(
            experiment: "e",
            outcomes: [
                ComparedTrial(problem: "relu", optimizer: "a", seed: 1, finalLoss: 1),
                ComparedTrial(problem: "base", optimizer: "a", seed: 1, finalLoss: 2),
                ComparedTrial(problem: "relu", optimizer: "b", seed: 1, finalLoss: 3),
            ])
        #expect(comparison.problems.map(\.name) == ["relu", "base"])
        #expect(comparison.problems.map(\.pairs.count) == [1, 0])
    }

    @Test func theOrderOfOutcomesDoesNotMatter() {
        let adam = outcomes("adam", Samples.skewed(count: 9, seed: 1))
        let all = adam + outcomes("sgd", Samples.skewed(count: 9, seed: 2))
        let comparison = Comparison(experiment: "e", outcomes: all)
        #expect(comparison == Comparison(experiment: "e", outcomes: all.reversed()))
    }

    @Test func theLaterOfTwoOutcomesOfATrialCounts() {
        let problem = compare(outcomes("a", [1]) + outcomes("a", [7]))
        #expect(problem.optimizers[0].trials == 1)
        #expect(problem.optimizers[0].finalLoss.mean == 7)
    }

    @Test func aDivergedTrialLoses() throws {
        let problem = compare(outcomes("wild", [0.1, .nan, .infinity]) + outcomes("tame", [1, 1, .nan]))
        #expect(problem.optimizers.map(\.name) == ["tame", "wild"])
        #expect(problem.optimizers.map(\.diverged) == [1, 2])
        let pair = try #require(problem.pair("tame", "wild"))
        #expect((pair.wins, pair.losses, pair.ties) == (1, 1, 1))
    }

    @Test func meanCurvesStopWhereATrialDoes() {
        let problem = compare([
            ComparedTrial(problem: "p", optimizer: "a", seed: 1, finalLoss: 1, curve: [4, 2, 1]),
            ComparedTrial(problem: "p", optimizer: "a", seed: 2, finalLoss: 1, curve: [2, 2]),
        ])
        let curve = problem.optimizers[0].meanCurve
        #expect(curve[..<2] == [3, 2])
        #expect(curve.count == 3 && curve[2].isNaN)
    }

    @Test func accuracyIsOverTheTrialsThatHaveOne() {
        let problem = compare([
            ComparedTrial(problem: "p", optimizer: "a", seed: 1, finalLoss: 1, accuracy: 0.5),
            ComparedTrial(problem: "p", optimizer: "a", seed: 2, finalLoss: 1),
        ])
        #expect(problem.optimizers[0].summary(of: .accuracy)?.count == 1)
        #expect(problem.optimizers[0].summary(of: .testLoss) == nil)
    }

    @Test(arguments: [
        (1, "1"), (0.9996, "1"), (0.0312, "0.031"), (1.94e-6, "1.9e-06"), (1.2e-299, "1.2e-299"), (0, "< 1e-300"),
    ])
    func pValuesInTwoDigits(value: Double, text: String) {
        #expect(ProblemComparison.text(ofPValue: value) == text)
    }

    @Test func verdicts() {
        let twenty = (1...20).map { Double($0) / 10 }
        #expect(
            compare(outcomes("trained", twenty) + outcomes("adam", twenty.map { $0 + 0.01 * $0 })).verdict
                == "trained beats adam on 20 of 20 seeds, p = 1.9e-06")
        #expect(
            compare(outcomes("a", [1, 2, 3]) + outcomes("b", [2, 3, 4])).verdict
                == "a and b cannot be told apart on 3 seeds: it takes at least 6 to reach p < 0.05 (a wins on 3)")
        #expect(
            compare(outcomes("a", [1, 2]) + outcomes("b", [1, 2])).verdict
                == "a and b cannot be told apart: they tie on all 2 seeds")
        #expect(compare(outcomes("a", [1, 2])).verdict == "a has no rival here")
        #expect(compare(outcomes("a", [1]) + outcomes("b", [1], from: 5)).verdict == "a and b have no seed in common")
        #expect(
            compare(outcomes("a", [.nan]) + outcomes("b", [.nan])).verdict == "all trials of all optimizers diverged")
        #expect(
            compare(outcomes("a", [1, 2, 3, 4, 5, 6]) + outcomes("b", [2, 1, 4, 3, 6, 5.5])).verdict
                == "a and b cannot be told apart: a wins on 3 of 6 seeds, p = 1")
    }

    @Test func aLowerMeanWithFewerWinsIsSaidSo() {
        let steady = [Double](repeating: 1, count: 20)
        let erratic = (1...20).map { $0 == 20 ? 50 : 0.99 - 0.001 * Double($0) }
        #expect(
            compare(outcomes("steady", steady) + outcomes("erratic", erratic)).verdict
                == "steady has the lower mean, but wins on only 1 of 20 seeds against erratic, p = 7.1e-04")
    }

    @Test func theVerdictAsksTheCorrectedPValue() {
        let six: [Double] = [1, 2, 3, 4, 5, 6]
        let all = outcomes("a", six) + outcomes("b", six.map { $0 + 0.1 * $0 }) + outcomes("c", six.map { $0 * 9 })
        #expect(
            compare(all).verdict
                == "a and b cannot be told apart: a wins on 6 of 6 seeds, p = 0.031 (0.094 corrected for 3 pairs)")
    }

    private func compare(_ outcomes: [ComparedTrial]) -> ProblemComparison {
        ProblemComparison(name: "p", outcomes: outcomes)
    }

    private func outcomes(_ optimizer: String, _ losses: [Double], from seed: Int = 1) -> [ComparedTrial] {
        losses.enumerated().map { index, loss in
            ComparedTrial(problem: "p", optimizer: optimizer, seed: seed + index, finalLoss: loss)
        }
    }
}
