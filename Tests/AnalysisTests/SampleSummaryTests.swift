import Testing

@testable import Analysis

struct SampleSummaryTests {
    @Test func knownAnswers() {
        let summary = SampleSummary([4, 1, 3, 2])
        #expect(summary.count == 4)
        #expect(summary.mean == 2.5)
        #expect(summary.median == 2.5)
        #expect(summary.standardDeviation == (5.0 / 3).squareRoot())
        #expect(SampleSummary([5, 1, 2]).median == 2)
    }

    @Test func oneValueHasNoSpread() {
        let summary = SampleSummary([0.5])
        #expect(summary.mean == 0.5)
        #expect(summary.median == 0.5)
        #expect(summary.standardDeviation == nil)
        #expect(summary.interval == nil)
    }

    @Test func noValues() {
        let summary = SampleSummary([])
        #expect(summary.count == 0)
        #expect(summary.mean.isNaN)
        #expect(summary.median.isNaN)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func divergedValuesAreCountedAndNeverDropped(value: Double) {
        let summary = SampleSummary([1, value, 2, 3])
        #expect(summary.count == 4)
        #expect(summary.diverged == 1)
        #expect(summary.mean == .infinity)
        #expect(summary.median == 2.5)
        #expect(summary.interval == nil)
        #expect(SampleSummary([1, value, value]).median == .infinity)
        #expect(SampleSummary([1, value]).median == .infinity)
    }
}
