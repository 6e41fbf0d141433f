import Foundation
import Testing

@testable import Analysis

struct EdgeworthExpansionTests {
    /// At the threshold the two methods are as near to each other as resampling is to itself: an endpoint of 10,000
    /// resamples has a standard deviation of 2.7% of a standard error.
    @Test(arguments: [UInt64](1...3))
    func agreesWithResamplingAtTheThreshold(seed: UInt64) throws {
        let values = Samples.skewed(count: BootstrapInterval.largestResampled, seed: seed).sorted()
        let resampled = BootstrapInterval(resampling: values)
        let expanded = try #require(BootstrapInterval(expanding: values))
        let summary = SampleSummary(values)
        let error = try #require(summary.standardDeviation) / Double(values.count).squareRoot()
        #expect(abs(resampled.low - expanded.low) < 4 * 0.027 * error)
        #expect(abs(resampled.high - expanded.high) < 4 * 0.027 * error)
        // An interval symmetric about the mean would be off by more than that noise on average.
        #expect(expanded.high - summary.mean > summary.mean - expanded.low)
    }

    /// A sum of 2,001 exponential variables is a gamma variable. Expected are scipy.stats.gamma's quantiles, in
    /// standard errors from the mean; the values are the exponential distribution's own at even steps.
    @Test(arguments: [
        (-2.0, -1.9775624538), (-1, -0.9999166245), (0, -0.0074514765), (1, 0.9999167900), (2, 2.0222709817),
    ])
    func quantilesAreThoseOfTheGammaDistribution(z: Double, expected: Double) throws {
        let values = (1...2001).map { -log((Double($0) - 0.5) / 2001) }
        let expansion = EdgeworthExpansion(ofMean: values)
        let deviation = (values.reduce(0) { $0 + ($1 - expansion.mean) * ($1 - expansion.mean) } / 2001).squareRoot()
        let found = (try #require(expansion.quantile(at: z)) - expansion.mean) / (deviation / 2001.0.squareRoot())
        #expect(abs(found - expected) < 0.001)
    }

    @Test func thresholdDecides() throws {
        let few = try #require(BootstrapInterval(ofMean: Samples.skewed(count: 2000, seed: 1)))
        #expect(few.method == .resampling)
        let many = try #require(BootstrapInterval(ofMean: Samples.skewed(count: 2001, seed: 1)))
        #expect(many.method == .expansion)
        #expect(abs(many.low - few.low) < 0.01 && abs(many.high - few.high) < 0.01)
    }

    /// One value that outweighs all others: no expansion describes such resamples.
    @Test func aFewThatOutweighAllAreResampled() throws {
        let values = [Double](repeating: 0, count: 2000) + [1]
        let interval = try #require(BootstrapInterval(ofMean: values))
        #expect(interval.method == .resampling)
        #expect(interval.low == 0)
    }
}
