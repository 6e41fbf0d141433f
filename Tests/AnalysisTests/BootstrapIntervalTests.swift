import Testing

@testable import Analysis

struct BootstrapIntervalTests {
    /// The endpoints of scipy.stats.bootstrap (BCa, 200,000 resamples), within the noise of 10,000 resamples.
    @Test func agreesWithSciPy() throws {
        let losses = [0.301, 0.322, 0.298, 0.315, 0.33, 0.345, 0.29, 0.31, 0.41, 0.305, 0.299, 0.36]
        let interval = try #require(BootstrapInterval(ofMean: losses))
        #expect(abs(interval.low - 0.30975) < 0.0008)
        #expect(abs(interval.high - 0.34967) < 0.0025)

        let skewed: [Double] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 9, 20]
        let wide = try #require(BootstrapInterval(ofMean: skewed))
        #expect(abs(wide.low - 0.47368) < 0.06)
        #expect(abs(wide.high - 5.84211) < 0.35)
    }

    @Test func isTheSameBitsInAnyOrder() {
        let values = Samples.skewed(count: 20, seed: 3)
        let interval = BootstrapInterval(ofMean: values)
        #expect(interval == BootstrapInterval(ofMean: values.reversed()))
        #expect(interval == BootstrapInterval(ofMean: Array(values[7...] + values[..<7])))
    }

    @Test(arguments: [2, 3, 5, 20, 100])
    func containsTheMean(count: Int) throws {
        for seed in 0..<4 {
            let values = Samples.skewed(count: count, seed: UInt64(seed))
            let interval = try #require(BootstrapInterval(ofMean: values))
            let mean = values.reduce(0, +) / Double(count)
            #expect(interval.low <= mean && mean <= interval.high)
        }
    }

    @Test func scalesWithTheValues() throws {
        let values = Samples.skewed(count: 15, seed: 1)
        let interval = try #require(BootstrapInterval(ofMean: values))
        for scale in [0x1p-40, 4, 0x1p500] {
            let scaled = try #require(BootstrapInterval(ofMean: values.map { $0 * scale }))
            #expect(scaled.low == interval.low * scale)
            #expect(scaled.high == interval.high * scale)
        }
    }

    @Test func isNearlySymmetricForSymmetricValues() throws {
        let interval = try #require(BootstrapInterval(ofMean: [-3, -2, -1, 0, 1, 2, 3]))
        #expect(abs(interval.low + interval.high) < 0.2)
        #expect(interval.low < -1 && interval.high > 1)
    }

    @Test func equalValuesGiveNoWidth() {
        let interval = BootstrapInterval(ofMean: [0.25, 0.25, 0.25])
        #expect(interval?.low == 0.25)
        #expect(interval?.high == 0.25)
    }

    @Test(arguments: [[], [1], [1, .nan, 2], [1, .infinity]])
    func isNilWhereNothingCanBeSaid(values: [Double]) {
        #expect(BootstrapInterval(ofMean: values) == nil)
    }

    /// The first outputs of SplitMix64 from seed 1234567, as published with its reference code.
    @Test func randomNumbersAreSplitMix64() {
        var random = CounterRandom(seed: 1_234_567)
        #expect(random.next() == 6_457_827_717_110_365_317)
        #expect(random.next() == 3_203_168_211_198_807_973)
        #expect(random.next() == 9_817_491_932_198_370_423)
    }

    @Test(arguments: [
        (1e-10, -6.361340902404056), (0.001, -3.090232306167813), (0.025, -1.9599639845400545),
        (0.3, -0.5244005127080409), (0.5, 0), (0.8, 0.8416212335729143), (0.9999, 3.719016485455709),
    ])
    func normalQuantilesAgreeWithSciPy(probability: Double, quantile: Double) {
        #expect(abs(NormalDistribution.quantile(probability) - quantile) <= 1e-13 * max(1, abs(quantile)))
        #expect(abs(NormalDistribution.cumulative(quantile) - probability) <= 1e-13)
    }
}
