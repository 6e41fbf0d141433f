import Testing

@testable import Analysis

/// Expected p-values are scipy.stats.wilcoxon's (SciPy 1.17); those with ties and n ≤ 50 from enumerating all signs.
struct SignedRankTestTests {
    @Test func exactWithoutTies() {
        let test = SignedRankTest(differences: [1.5, -0.3, 2.2, 0.7, -1.1, 3.1, 0.9, -0.2, 1.8, 2.6])
        #expect(test.pValue == 0.048828125)
        #expect(test.isExact)
        #expect(SignedRankTest(differences: (1...20).map { -0.1 * Double($0) }).pValue == 1.9073486328125e-06)
        let alternating = (0..<25).map { Double($0 + 1) * ($0 % 3 == 0 ? -1 : 1) }
        #expect(isClose(SignedRankTest(differences: alternating).pValue, 0.23036134243011475))
    }

    @Test func exactUpToFiftyThenNormal() {
        let fifty = SignedRankTest(differences: mixed(count: 50) { Double($0 + 1) })
        #expect(fifty.isExact)
        #expect(isClose(fifty.pValue, 0.18768390417341507))
        let more = SignedRankTest(differences: mixed(count: 51) { Double($0 + 1) })
        #expect(!more.isExact)
        #expect(isClose(more.pValue, 0.2959575503137616))
    }

    @Test func exactWithTies() {
        let test = SignedRankTest(differences: [1, 1, -1, 2, 2, 2, -3, 4, 4, 5])
        #expect(test.positiveRankSum == 46)
        #expect(test.negativeRankSum == 9)
        #expect(test.pValue == 0.068359375)
    }

    @Test func zerosAreDropped() {
        let test = SignedRankTest(differences: [0, 1, 1, -1, 0, 2, 2, 2, 3, 4, -4, 5, 0])
        #expect(test.count == 10)
        #expect(test.positiveRankSum == 44.5)
        #expect(test.pValue == 0.087890625)
    }

    /// With equal magnitudes the test is the sign test.
    @Test func equalMagnitudesGiveTheSignTest() {
        #expect(SignedRankTest(differences: [1, 1, 1, 1, 1, 1, -1, -1]).pValue == 0.2890625)
    }

    @Test func normalApproximationWithTiesAndZeros() {
        let tied = SignedRankTest(differences: mixed(count: 80) { Double($0 % 12 + 1) })
        #expect(min(tied.positiveRankSum, tied.negativeRankSum) == 1285)
        #expect(isClose(tied.pValue, 0.10833629567725236))
        let zeros = SignedRankTest(differences: mixed(count: 90) { Double($0 % 9 - 3) })
        #expect(zeros.count == 80)
        #expect(isClose(zeros.pValue, 0.49770617663482974))
    }

    @Test func nothingToTest() {
        #expect(SignedRankTest(differences: [Double]()).pValue == 1)
        #expect(SignedRankTest(differences: [0, 0, 0]).pValue == 1)
        #expect(SignedRankTest(differences: [-2]).pValue == 1)
    }

    @Test func signsAndScaleDoNotMatter() {
        let differences = mixed(count: 17) { Double($0 + 1) }
        let test = SignedRankTest(differences: differences)
        let reflected = SignedRankTest(differences: differences.reversed().map { -3 * $0 })
        #expect(test.pValue == reflected.pValue)
        #expect(test.positiveRankSum == reflected.negativeRankSum)
    }

    @Test func infiniteDifferencesRankHighest() {
        let finite = SignedRankTest(differences: [1, -2, 3, 4, 5, 6, 100, 101])
        let infinite = SignedRankTest(differences: [1, -2, 3, 4, 5, 6, .infinity, .infinity])
        #expect(infinite.positiveRankSum == finite.positiveRankSum)
        #expect(infinite.pValue == finite.pValue)
    }

    @Test func holmCorrection() {
        let corrected = HolmCorrection.corrected([0.01, 0.04, 0.03, 0.005])
        #expect(corrected.count == 4)
        for (value, expected) in zip(corrected, [0.03, 0.06, 0.06, 0.02]) {
            #expect(isClose(value, expected))
        }
        #expect(HolmCorrection.corrected([0.6, 0.9]) == [1, 1])
        #expect(HolmCorrection.corrected([]).isEmpty)
    }

    private func mixed(count: Int, magnitude: (Int) -> Double) -> [Double] {
        (0..<count).map { magnitude($0) * (($0 * 7) % 5 > 1 ? 1 : -1) }
    }

    private func isClose(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= 1e-12 * abs(expected)
    }
}

extension SignedRankTest {
    /// Tests differences that are exact.
    fileprivate init(differences: [Double]) {
        self.init(differences: differences.map { PairedDifference($0) })
    }
}
