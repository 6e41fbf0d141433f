import Foundation
import Testing

@testable import Analysis

struct MeanCurveTests {
    private func run(_ values: [Double], staysAsItIs: Bool = false) -> MeanCurve.Run {
        MeanCurve.Run(steps: values.indices.map { Double($0) }, values: values, staysAsItIs: staysAsItIs)
    }

    /// By SciPy: `scipy.stats.t.ppf(0.975, degrees)`.
    @Test func reachesOfStudent() throws {
        let expected = [
            (2, 12.70620473617471), (3, 4.302652729749464), (8, 2.364624251592785), (31, 2.042272456301238),
            (500, 1.9647293909876886), (501, 1.9647198374673649), (1001, 1.9623390808264083),
        ]
        for (count, reach) in expected {
            #expect(abs(try #require(StudentDistribution.reach(count: count)) - reach) < 1e-7)
        }
        #expect(StudentDistribution.reach(count: 1) == nil)
    }

    @Test func meansAndIntervals() throws {
        let points = MeanCurve(of: [run([1, 2]), run([2, 4]), run([3, 6])]).points
        #expect(points.map(\.mean) == [2, 4] && points.map(\.count) == [3, 3] && points.map(\.step) == [0, 1])
        // The standard deviation is 1, so the standard error 1/√3.
        let interval = try #require(points[0].interval)
        #expect(abs(interval.upperBound - (2 + 4.302652729749464 / 3.0.squareRoot())) < 1e-9)
        #expect(interval.lowerBound < 0)
        let positive = try #require(points[0].positiveInterval)
        #expect(positive.lowerBound > 0 && abs(positive.lowerBound * positive.upperBound - 4) < 1e-12)
        #expect(MeanCurve(of: [run([5])]).points == [MeanCurve.Point(step: 0, mean: 5, reach: nil, count: 1)])
        #expect(MeanCurve(of: []).points.isEmpty && MeanCurve(of: [run([])]).points.isEmpty)
    }

    /// A run that is over counts with its last value, one that is not only as far as it went; what is not finite never.
    @Test func runsOfDifferentLengths() {
        let long = run([4, 4, 4])
        #expect(MeanCurve(of: [long, run([2], staysAsItIs: true)]).points.map(\.mean) == [3, 3, 3])
        #expect(MeanCurve(of: [long, run([2])]).points.map(\.count) == [2, 1, 1])
        #expect(MeanCurve(of: [long, run([2, .nan, .infinity])]).points.map(\.count) == [2, 1, 1])
        // Every second step only: it counts with the one before.
        let sparse = MeanCurve.Run(steps: [0, 2], values: [2, 0])
        #expect(MeanCurve(of: [long, sparse]).points.map(\.mean) == [3, 3, 2])
    }

    @Test(arguments: 1...9)
    func smoothingIsTheMeanOfItsWindow(window: Int) {
        let values = (0..<40).map { sin(Double($0)) * Double($0) }
        let smooth = MovingMean.of(values, window: window)
        for index in values.indices {
            let part = values[max(0, index - (window - 1) / 2)...min(39, index + window / 2)]
            #expect(abs(smooth[index] - part.reduce(0, +) / Double(part.count)) < 1e-12)
        }
    }

    @Test func smoothingKeepsGapsAndDigits() {
        let smooth = MovingMean.of([1, 3, .nan, 5, 7], window: 3)
        #expect(smooth[0] == 2 && smooth[1] == 2 && smooth[2].isNaN && smooth[3] == 6 && smooth[4] == 6)
        // After 10^16 a sum that went on by differences would have lost these.
        #expect(MovingMean.of([1e16, 1e16, 1, 3, 5, 7], window: 3)[3...] == [3, 5, 6])
        #expect(MovingMean.of([], window: 3).isEmpty)
        #expect(MovingMean.of([1, 2], window: 100) == [1.5, 1.5])
    }
}
