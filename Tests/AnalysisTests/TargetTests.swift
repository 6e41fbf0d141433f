import JournalStore
import Nouns
import Testing

@testable import Analysis

struct TargetTests {
    @Test func aRunningMeanReachesWhatOneMinibatchTouchesByLuck() {
        let curve: [Double] = [4, 3, 0.5, 3, 2, 1, 1, 1, 1, 1]
        #expect(Target(1, window: 1).firstReached(by: curve) == 2)
        #expect(Target(1, window: 3).firstReached(by: curve) == 7)
        #expect(Target(1.5, window: 3).firstReached(by: curve) == 6)
        #expect(Target(0.9, window: 3).firstReached(by: curve) == nil)
        // At the beginning the mean is over what there is: 4, then 3.5.
        #expect(Target(3.5, window: 10).firstReached(by: curve) == 1)
        #expect(Target(0.5, of: .accuracy).firstReached(by: [0.7]) == 0)
    }

    @Test func theRunningMeanIsThatOfItsWindowEverywhere() {
        let curve = Samples.skewed(count: 500, seed: 7).enumerated().map { $1 + 500 / Double($0 + 1) }
        for window in [1, 2, 7, 100, 1000] {
            for target in [0.5, 0.9, 1.2, 3, 40] {
                let expected = curve.indices.first { index in
                    let part = curve[max(0, index - window + 1)...index]
                    return part.reduce(0, +) / Double(part.count) <= target
                }
                #expect(Target(target, window: window).firstReached(by: curve) == expected)
            }
        }
    }

    @Test func whatIsNotFiniteReachesNothing() {
        #expect(Target(9, window: 2).firstReached(by: [.nan, .infinity, -.infinity, 10, 7]) == 4)
        #expect(Target(9, window: 2).firstReached(by: [.nan, .nan]) == nil)
        #expect(Target(9).firstReached(by: []) == nil)
    }

    @Test func stepsAreThoseOfTheRecordedPoints() {
        let curve = RecordedCurve(firstStep: 100, stride: 50, [3, 2, 1])
        let reach = TargetReach(Target(2, window: 1), by: curve, steps: 300, seconds: 6)
        #expect(reach == TargetReach(step: 150, seconds: 3))
        #expect(TargetReach(Target(0, window: 1), by: curve, steps: 300, seconds: 6) == TargetReach(step: nil))
    }

    @Test func aMedianCountsWhatWasNeverReachedAsLongest() throws {
        #expect(CensoredMedian([3, 1, .infinity])?.value == 3)
        #expect(CensoredMedian([3, 1, .infinity, .infinity])?.value == .infinity)
        #expect(CensoredMedian([3, 1])?.value == 2)
        #expect(CensoredMedian([]) == nil)
        #expect(CensoredMedian([1, .nan]) == nil)
        #expect(CensoredMedian([1, 2, 3, 4, 5])?.interval == nil)
        #expect(CensoredMedian([1, 2, 3, 4, 5, 6])?.interval == 1...6)
        // Of ten, P(B ≤ 1) = 11/1024 is below 2.5%, and P(B ≤ 2) = 56/1024 above: the second to the ninth.
        #expect(CensoredMedian([.infinity, .infinity, 1, 2, 3, 4, 5, 6, 7, 8])?.interval == 2...Double.infinity)
        // The binomial's 2.5% quantiles of 1,000 and 1,001: 469 are outside, and 469 by the normal one.
        let thousand = try #require(CensoredMedian((1...1000).map(Double.init))?.interval)
        let more = try #require(CensoredMedian((1...1001).map(Double.init))?.interval)
        #expect(thousand == 469...532 && more == 470...532)
    }

    private func trials(_ optimizer: String, _ steps: [Int?]) -> [ComparedTrial] {
        steps.enumerated().map { seed, step in
            var trial = ComparedTrial(problem: "p", optimizer: optimizer, seed: seed, finalLoss: 1)
            trial.reach = TargetReach(step: step, seconds: step.map { Double($0) / 10 })
            return trial
        }
    }

    @Test func optimizersAreTestedBySeed() throws {
        let outcomes =
            trials("slow", [50, 60, nil, 70, nil, 80]) + trials("never", [nil, nil, nil, nil, nil, nil])
            + trials("fast", [10, 20, 30, 40, 50, nil])
        let problem = ProblemComparison(name: "p", outcomes: outcomes, criteria: .init(target: Target(1)))
        let target = try #require(problem.target)
        #expect(target.optimizers.map(\.name) == ["fast", "slow", "never"])
        #expect(target.optimizers.map(\.reached) == [5, 4, 0])
        #expect(target.optimizers.map(\.trials) == [6, 6, 6])
        #expect(target.optimizers.map { $0.steps?.value } == [35, 75, .infinity])
        #expect(target.optimizers.map { $0.seconds?.value } == [3.5, 7.5, .infinity])
        let pair = try #require(target.pair("slow", "fast"))
        // On the last seed the fast one never got there.
        #expect((pair.a, pair.wins, pair.losses, pair.ties) == ("fast", 5, 1, 0))
        let never = try #require(target.pair("fast", "never"))
        #expect((never.wins, never.losses, never.ties) == (5, 0, 1))
        #expect(problem.target?.pairs.count == 3)
        #expect(ProblemComparison(name: "p", outcomes: outcomes).target == nil)
    }
}
