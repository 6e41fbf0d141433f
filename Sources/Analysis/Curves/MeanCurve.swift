import Foundation

/// The mean of several runs at each step, with its 95% interval.
///
/// The interval is Student's t interval of the mean at that step by itself: over the whole curve, some steps out of a
/// hundred will lie outside. It costs a few additions a point.
public struct MeanCurve: Sendable {
    /// One run: values at ascending steps.
    public struct Run: Sendable {
        public var steps: [Double]
        public var values: [Double]
        /// Whether it counts with its last value beyond its end; else, only as far as it goes.
        public var staysAsItIs: Bool

        public init(steps: [Double], values: [Double], staysAsItIs: Bool = false) {
            self.steps = steps
            self.values = values
            self.staysAsItIs = staysAsItIs
        }
    }

    public struct Point: Sendable, Equatable {
        public var step: Double
        public var mean: Double
        /// How far its interval reaches to either side; nil of a single value.
        public var reach: Double?
        /// How many runs it is of.
        public var count: Int

        /// The 95% interval of the mean; nil of a single value.
        public var interval: ClosedRange<Double>? { reach.map { mean - $0...mean + $0 } }

        /// The same of its logarithm, so that it is positive as the mean is: the way for a logarithmic axis. To first
        /// order, an error of the mean is one of its logarithm in units of the mean. Nil where the mean is not positive.
        public var positiveInterval: ClosedRange<Double>? {
            guard let reach, mean > 0 else { return nil }
            let factor = exp(reach / mean)
            return factor.isFinite ? mean / factor...mean * factor : nil
        }
    }

    public let points: [Point]

    /// At the steps of the longest run. Where a run has none of its own it counts with the value of its step before.
    public init(of runs: [Run]) {
        let steps = runs.max { $0.steps.count < $1.steps.count }?.steps ?? []
        var means = [Double](repeating: 0, count: steps.count)
        var squares = means
        var counts = [Int](repeating: 0, count: steps.count)
        for run in runs where !run.steps.isEmpty {
            var place = -1
            let end = run.steps[run.steps.count - 1]
            for (index, step) in steps.enumerated() {
                while place + 1 < run.steps.count, run.steps[place + 1] <= step { place += 1 }
                guard place >= 0, step <= end || run.staysAsItIs, run.values[place].isFinite else { continue }
                counts[index] += 1
                let deviation = run.values[place] - means[index]
                means[index] += deviation / Double(counts[index])
                squares[index] += deviation * (run.values[place] - means[index])
            }
        }
        let reaches = (0...(counts.max() ?? 0)).map { StudentDistribution.reach(count: $0) ?? 0 }
        points = steps.indices.filter { counts[$0] > 0 }.map { index in
            let count = counts[index]
            var reach: Double?
            if count > 1 {
                let error = (squares[index] / Double(count - 1) / Double(count)).squareRoot()
                if error.isFinite { reach = reaches[count] * error }
            }
            return Point(step: steps[index], mean: means[index], reach: reach, count: count)
        }
    }
}
