import Nouns
import Testing

@testable import Analysis

struct CriteriaTests {
    /// Three optimizers on eight seeds, each clearly worse than the one before; the accuracies are the other way
    /// around.
    private func compare(_ metric: ComparisonMetric, against: [String] = []) -> ProblemComparison {
        let outcomes = (1...8).flatMap { seed in
            ["a", "b", "c"].enumerated().map { index, name in
                let loss = Double(index + 1) + Double(seed) / 100
                return ComparedTrial(
                    problem: "p", optimizer: name, seed: seed, finalLoss: name == "c" && seed == 8 ? .nan : loss,
                    bestLoss: -loss, testLoss: name == "a" && seed == 1 ? nil : loss, accuracy: loss / 10)
            }
        }
        return ProblemComparison(name: "p", outcomes: outcomes, criteria: .init(metric: metric, against: against))
    }

    @Test(arguments: [
        (ComparisonMetric.finalLoss, ["a", "b", "c"], 8), (.testLoss, ["a", "b", "c"], 7),
        (.bestLoss, ["b", "a", "c"], 1),
    ])
    func theBestComesFirstAndATrialThatDivergedIsWorst(metric: ComparisonMetric, order: [String], wins: Int) throws {
        let problem = compare(metric)
        #expect(problem.optimizers.map(\.name) == order)
        #expect(problem.optimizers[2].compared.mean == metric.worst)
        #expect(try #require(problem.pair(order[0], "c")).wins == wins)
    }

    /// What a student answers rightly is measured, whatever its loss has come to.
    @Test func theAccuracyOfATrialThatDivergedIsWhatWasMeasured() throws {
        let problem = compare(.accuracy)
        #expect(problem.optimizers.map(\.name) == ["c", "b", "a"])
        #expect(abs(problem.optimizers[0].compared.mean - 0.3045) < 1e-12)
        #expect(try #require(problem.pair("c", "a")).wins == 8)
    }

    /// By a result that no other kind of trials has, the larger the better, and of trials without a final loss.
    @Test func aResultOfOnesOwnCountsToo() throws {
        let kind = TrialKindSummary(
            kind: "rateRange", title: "Rates", isCompared: true, ranking: "largestRate", curve: .loss,
            higherIsBetter: ["largestRate"])
        let metric = ComparisonMetric("largestRate", of: [kind])
        #expect(metric.higherIsBetter && metric.inWords == "largest rate")
        #expect(!ComparisonMetric("seconds", of: [kind]).higherIsBetter)
        let outcomes = (1...8).flatMap { seed in
            ["a", "b"].enumerated().map { index, name in
                ComparedTrial(
                    problem: "p", optimizer: name, seed: seed,
                    values: [metric.metric: Double(seed) / 100 + Double(index)], isDiverged: false)
            }
        }
        let problem = ProblemComparison(name: "p", outcomes: outcomes, criteria: .init(metric: metric))
        #expect(problem.optimizers.map(\.name) == ["b", "a"])
        #expect(problem.optimizers.map(\.trials) == [8, 8] && problem.optimizers.map(\.diverged) == [0, 0])
        #expect(problem.verdict == "b beats a in largest rate on 8 of 8 seeds, p = 0.0078")
        #expect(problem.optimizers[0].summary(of: .finalLoss) == nil)
    }

    @Test func trialsWithoutTheMetricAreMissing() throws {
        let problem = compare(.testLoss)
        #expect(problem.optimizers.map(\.missing) == [1, 0, 0])
        #expect(try #require(problem.pair("a", "b")).seeds == 7)
        #expect(compare(.finalLoss).optimizers.map(\.missing) == [0, 0, 0])
    }

    @Test func onlyPairsWithTheNamedOneAreTested() throws {
        let all = compare(.finalLoss)
        let some = compare(.finalLoss, against: ["c"])
        #expect(some.optimizers == all.optimizers)
        #expect(some.pairs.map(\.a) == ["a", "b"])
        #expect(some.pairs.map(\.b) == ["c", "c"])
        #expect(some.pairs.map(\.pValue) == [0.0078125, 0.0078125])
        #expect(some.pairs.map(\.pValueHolm) == [0.015625, 0.015625])
        #expect(all.pairs.map(\.pValueHolm) == [0.0234375, 0.0234375, 0.0234375])
        #expect(compare(.finalLoss, against: ["b", "c"]).pairs.count == 3)
    }

    @Test func verdictsSayWhatWasAsked() {
        #expect(
            compare(.accuracy).verdict
                == "c beats b in accuracy on 8 of 8 seeds, p = 0.0078 (0.023 corrected for 3 pairs)")
        #expect(
            compare(.finalLoss, against: ["c"]).verdict
                == "a beats c on 8 of 8 seeds, p = 0.0078 (0.016 corrected for 2 pairs with c)")
        #expect(
            compare(.finalLoss, against: ["a"]).verdict
                == "a beats b on 8 of 8 seeds, p = 0.0078 (0.016 corrected for 2 pairs with a)")
        #expect(compare(.finalLoss, against: ["d"]).verdict == "no trial of d has finished here")
    }
}
