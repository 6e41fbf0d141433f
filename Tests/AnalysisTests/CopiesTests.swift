import Testing

@testable import Analysis

/// Trials in which the seed changes nothing: however many they are, they are one computation.
struct CopiesTests {
    @Test func copiesCountAsOneAndAreNotTested() throws {
        let problem = compare(copies("a", [4, 2, 1]) + copies("b", [4, 3, 2]))
        #expect(problem.optimizers.map(\.trials) == [1, 1])
        #expect(problem.optimizers.map(\.recordedTrials) == [20, 20])
        #expect(problem.optimizers.allSatisfy { $0.seedChangesNothing && $0.finalLoss.interval == nil })
        #expect(problem.optimizers[0].meanCurve == [4, 2, 1])
        let pair = try #require(problem.pairs.first)
        #expect((pair.wins, pair.losses, pair.ties) == (1, 0, 0))
        #expect(pair.pValue == nil && pair.pValueHolm == nil)
        #expect(
            problem.verdict == "a ends lower than b; the seed changes nothing here, so there is nothing to test")
    }

    @Test func copiesThatDivergeAreCopiesToo() throws {
        let problem = compare(copies("wild", [4, .infinity, .nan]) + copies("tame", [4, 3, 2]))
        #expect(problem.optimizers.map(\.diverged) == [0, 1])
        #expect(try #require(problem.pairs.first).pValue == nil)
    }

    @Test func equalEndsAreSaidSo() {
        #expect(
            compare(copies("a", [4, 2]) + copies("b", [4, 2])).verdict
                == "a and b end alike; the seed changes nothing here, so there is nothing to test")
    }

    /// A bit in one curve is enough to make trials of them: then the seed does change something.
    @Test func anotherBitIsAnotherTrial() throws {
        var other = copies("b", [4, 3, 2])
        other[7].curve[1] = 3.0.nextUp
        let problem = compare(copies("a", [4, 2, 1]) + other)
        #expect(problem.pair("a", "b")?.wins == 20)
        #expect(problem.pair("a", "b")?.pValue == 1.9073486328125e-06)
        #expect(problem.optimizers.map(\.trials) == [1, 20])
    }

    @Test func untestedPairsAreNoPartOfTheFamily() throws {
        let varied = (1...6).map { seed in
            ComparedTrial(
                problem: "p", optimizer: "c", seed: seed, finalLoss: 10 + Double(seed), curve: [4, 10 + Double(seed)])
        }
        let problem = compare(copies("a", [4, 2]) + copies("b", [4, 3]) + varied)
        #expect(problem.pairs.compactMap(\.pValue) == [0.03125, 0.03125])
        #expect(problem.pairs.compactMap(\.pValueHolm) == [0.0625, 0.0625])
    }

    @Test func oneTrialIsNoCopy() {
        let problem = compare(Array(copies("a", [4, 2]).prefix(1)) + Array(copies("b", [4, 3]).prefix(1)))
        #expect(problem.optimizers.map(\.seedChangesNothing) == [false, false])
        #expect(problem.pairs[0].pValue == 1)
    }

    private func compare(_ outcomes: [ComparedTrial]) -> ProblemComparison {
        ProblemComparison(name: "p", outcomes: outcomes)
    }

    private func copies(_ optimizer: String, _ curve: [Double]) -> [ComparedTrial] {
        (1...20).map { seed in
            ComparedTrial(
                problem: "p", optimizer: optimizer, seed: seed, finalLoss: curve[curve.count - 1], curve: curve)
        }
    }
}
