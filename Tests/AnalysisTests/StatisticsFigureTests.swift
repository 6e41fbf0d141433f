import Foundation
import TestSupport
import Testing

@testable import Analysis

/// The statistics of comparisons agree with SciPy, rliable and statsmodels (`Tests/statistics_figures.py`).
@Suite struct StatisticsFigureTests {
    private let figures = try! ReferenceFigures("statistics", in: .module)

    private func isClose(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
        abs(found - expected) <= tolerance * max(abs(expected), 1e-300)
    }

    private func rows(_ figures: ReferenceFigures) -> [[Double]] { figures.items.map(\.numbers) }

    /// With ties and zeros, exact and by the normal approximation.
    @Test func signedRankTestsAgreeWithSciPy() {
        let cases = figures["signedRank"].items
        #expect(cases.count == 4)
        for expected in cases {
            let test = SignedRankTest(differences: expected["differences"].numbers.map { PairedDifference($0) })
            #expect(isClose(min(test.positiveRankSum, test.negativeRankSum), expected["smallerRankSum"].number))
            #expect(isClose(test.pValue, expected["pValue"].number, 1e-9))
            #expect(test.isExact == (expected["isExact"].number == 1))
        }
    }

    /// Within the noise of 10,000 resamples: three hundredths of a standard error at either end, and thrice that.
    @Test func bootstrapIntervalsAgreeWithSciPy() throws {
        let expected = figures["bca"]
        let interval = try #require(BootstrapInterval(ofMean: expected["values"].numbers))
        let tolerance = 0.1 * expected["standardError"].number
        #expect(abs(interval.low - expected["low"].number) < tolerance)
        #expect(abs(interval.high - expected["high"].number) < tolerance)
    }

    /// rliable takes higher as better, and was given losses with the other sign.
    @Test func interquartileMeansProfilesAndImprovementsAgreeWithRliable() throws {
        let expected = figures["agarwal"]
        let (first, second) = (rows(expected["first"]), rows(expected["second"]))
        let summary = SampleSummary(first.flatMap(\.self), interval: nil)
        #expect(isClose(summary.interquartileMean, expected["interquartileMean"].number))
        let improvement = try #require(ProbabilityOfImprovement.of(first, over: second))
        #expect(isClose(improvement, expected["probabilityOfImprovement"].number))
        let back = try #require(ProbabilityOfImprovement.of(second, over: first))
        #expect(isClose(improvement + back, 1))
        let profile = PerformanceProfile(of: first.flatMap(\.self), at: expected["thresholds"].numbers)
        #expect(largestError(profile.shares, expected["profile"].numbers) < 1e-12)
        let mirrored = PerformanceProfile(
            of: first.flatMap(\.self).map { -$0 }, at: profile.thresholds.map { -$0 }, higherIsBetter: true)
        #expect(mirrored.shares == profile.shares)
    }

    /// The first case is published: Shrout and Fleiss 1979, of which the script has checked the mean squares.
    @Test func twoWayAnalysesAgreeWithStatsmodels() throws {
        let cases = figures["twoWay"].items
        #expect(cases.count == 5)
        for expected in cases {
            let values = rows(expected["values"])
            let analysis = TwoWayRandomEffects(values)
            #expect(abs(analysis.mean - expected["mean"].number) < 1e-12)
            #expect(isClose(analysis.variance, expected["variance"].number, 1e-9))
            #expect(isClose(analysis.degrees, expected["degrees"].number, 1e-9))
            #expect(isClose(try #require(analysis.pValue), expected["pValue"].number, 1e-9))
            // Which are the replicates and which the students makes no difference.
            let turned = TwoWayRandomEffects(values[0].indices.map { column in values.map { $0[column] } })
            #expect(isClose(turned.variance, analysis.variance) && isClose(turned.degrees, analysis.degrees))
        }
    }

    @Test func studentsDistributionAgreesWithSciPy() {
        for expected in figures["student"].items {
            let degrees = expected["degrees"].number
            let found = StudentDistribution.twoSided(expected["t"].number, degrees: degrees)
            #expect(isClose(found, expected["pValue"].number, 1e-11))
            #expect(isClose(StudentDistribution.reach(degrees: degrees), expected["reach"].number, 1e-9))
        }
        // The sum for whole degrees, which another formula has.
        #expect(isClose(StudentDistribution.twoSided(2.5, degrees: 7), 1 - StudentDistribution.within(2.5, degrees: 7)))
    }

    @Test func signTestsAgreeWithSciPy() {
        for expected in figures["sign"].items {
            let found = SignTest.pValue(wins: Int(expected["wins"].number), losses: Int(expected["losses"].number))
            #expect(isClose(found, expected["pValue"].number, 1e-10))
        }
        #expect(SignTest.pValue(wins: 0, losses: 0) == 1)
    }

    /// Within the noise of 10,000 resamples.
    @Test func pigeonholeBootstrapsAgreeWithNumPy() throws {
        for expected in figures["pigeonhole"].items {
            let interval = try #require(BootstrapInterval.pigeonhole(rows(expected["values"])))
            let tolerance = 0.1 * expected["standardError"].number
            #expect(abs(interval.low - expected["low"].number) < tolerance)
            #expect(abs(interval.high - expected["high"].number) < tolerance)
            #expect(interval.method == .pigeonhole)
        }
    }

    /// Of two rows and two columns a resample has each row 0, 1 or 2 times, with probabilities 1/4, 1/2 and 1/4, and
    /// likewise each column: (1 of 16) all four of its values are the one of a corner, and so on. By hand, the mean of
    /// [[0, 0], [0, 16]] is 16 with probability 1/16, 8 with 4/16, 4 with 4/16 and 0 with 7/16; so 95% of the
    /// distribution is from 0 to 16, and 16 × 1/16 + 8 × 4/16 + 4 × 4/16 = 4 is its mean.
    @Test func twoByTwoIsAsByHand() throws {
        let interval = try #require(BootstrapInterval.pigeonhole([[0, 0], [0, 16]]))
        #expect(interval.low == 0 && interval.high == 16)
        // Rows alone differ: all of the variance is between replicates, however many students there are.
        let rows = try #require(
            BootstrapInterval.pigeonhole((0..<2).map { [Double](repeating: Double($0), count: 50) }))
        #expect(rows.low == 0 && rows.high == 1)
        let columns = try #require(BootstrapInterval.pigeonhole((0..<50).map { _ in [0, 1] }))
        #expect(columns.low == 0 && columns.high == 1)
    }

    @Test func oneRowOrOneColumnIsAOneSampleTest() throws {
        let values = [0.3, 0.1, 0.4, 0.2, 0.5]
        let row = TwoWayRandomEffects([values])
        let column = TwoWayRandomEffects(values.map { [$0] })
        #expect(isClose(row.variance, column.variance) && row.degrees == 4 && column.degrees == 4)
        // Of scipy.stats.ttest_1samp.
        #expect(isClose(row.mean / row.variance.squareRoot(), 4.242640687119285))
        #expect(isClose(try #require(row.pValue), 0.01323559956368269, 1e-10))
        #expect(TwoWayRandomEffects([[1]]).pValue == nil && TwoWayRandomEffects([[1]]).reach == nil)
        #expect(TwoWayRandomEffects([[1, 1], [1, 1]]).pValue == 0)
        #expect(TwoWayRandomEffects([[0, 0], [0, 0]]).pValue == 1)
    }

    /// Where there is no difference, p is below 0.05 about one time in 20, however much replicates and students vary; a
    /// test over all runs as if they were independent would be so most of the time.
    @Test func theTestHoldsItsLevel() {
        var random = CounterRandom(seed: 11)
        func normal() -> Double {
            NormalDistribution.quantile((Double(random.next() >> 11) + 0.5) * 0x1p-53)
        }
        var (twoWay, naive) = (0, 0)
        let experiments = 400
        for _ in 0..<experiments {
            let students = (0..<30).map { _ in normal() }
            let values = (0..<6).map { _ -> [Double] in
                let replicate = normal()
                return students.map { replicate + $0 + normal() }
            }
            if TwoWayRandomEffects(values).pValue! < 0.05 { twoWay += 1 }
            if TwoWayRandomEffects([values.flatMap(\.self)]).pValue! < 0.05 { naive += 1 }
        }
        #expect((4...40).contains(twoWay), "\(twoWay) of \(experiments)")
        #expect(naive > 150, "\(naive) of \(experiments)")
    }
}
