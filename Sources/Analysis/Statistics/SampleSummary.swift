/// What a sample of losses or accuracies comes to.
///
/// A trial that diverged (its value is NaN or infinite) is counted, never dropped: it stands beyond every finite value
/// in the median, on the side of the worse ones, and makes the mean infinite.
public struct SampleSummary: Sendable, Equatable {
    /// How many values there are, diverged ones included.
    public let count: Int
    /// How many of the values are NaN or infinite.
    public let diverged: Int
    /// The arithmetic mean; plus or minus infinity where a value diverged, NaN where there are no values.
    public let mean: Double
    /// The middle value, or the mean of the two middle ones; NaN where there are no values.
    public let median: Double
    /// The sample's standard deviation, with the divisor n − 1; nil for fewer than two values or where one diverged.
    public let standardDeviation: Double?
    /// The 95% interval of the mean; nil for fewer than two values or where one diverged.
    public internal(set) var interval: BootstrapInterval?
    /// The values in ascending order, those that diverged as infinities.
    public let values: [Double]
    /// The values of several replicates, a row each, on the students that all of them have; nil where there is but one.
    let crossed: [[Double]]?

    /// Sums up `values`, given in any order.
    ///
    /// - Parameter worst: What stands for a value that diverged: infinity of losses, minus infinity of accuracies.
    public init(_ values: [Double], worst: Double = .infinity) {
        self.init(values, worst: worst, interval: nil)
        interval = BootstrapInterval(ofMean: self.values)
    }

    /// Sums up `values` whose interval is known, or is worked out later with others (``fillIntervals(of:)``).
    ///
    /// - Parameters:
    ///   - crossed: of several replicates, their values on the students that all of them have.
    ///   - mean: of several replicates, the mean of their means; nil for the mean of the values.
    init(
        _ values: [Double], worst: Double = .infinity, interval: BootstrapInterval?, crossed: [[Double]]? = nil,
        mean ofReplicates: Double? = nil
    ) {
        let sorted = values.map { $0.isFinite ? $0 : worst }.sorted()
        let count = sorted.count
        self.values = sorted
        self.interval = interval
        self.crossed = crossed
        self.count = count
        diverged = sorted.count { !$0.isFinite }
        guard count > 0 else {
            mean = .nan
            median = .nan
            standardDeviation = nil
            return
        }
        let mean = ofReplicates ?? sorted.reduce(0, +) / Double(count)
        self.mean = mean
        let upper = sorted[count / 2]
        let lower = sorted[(count - 1) / 2]
        median = lower == upper || lower == -.infinity ? lower : lower + (upper - lower) / 2
        if count >= 2, diverged == 0 {
            let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            standardDeviation = (squares / Double(count - 1)).squareRoot()
        } else {
            standardDeviation = nil
        }
    }
}

extension SampleSummary {
    /// The mean of all values but the lowest and the highest quarter, of which those that are not whole stay
    /// (`trim_mean` of SciPy; Agarwal et al. 2021, section 4.3); NaN where there are no values.
    public var interquartileMean: Double {
        let cut = count / 4
        return values[cut..<(count - cut)].reduce(0, +) / Double(count - 2 * cut)
    }

    /// Works out the intervals of many samples together, which is much faster than one by one.
    ///
    /// - Parameter visit: Calls its argument with each sample, in the same order each time.
    static func fillIntervals(of visit: ((inout SampleSummary) -> Void) -> Void) {
        var samples: [[Double]] = []
        visit { samples.append($0.crossed == nil ? $0.values : []) }
        var intervals = BootstrapInterval.intervals(ofMeans: samples).makeIterator()
        visit { sample in
            let interval = intervals.next() ?? nil
            sample.interval = sample.crossed.map(BootstrapInterval.pigeonhole) ?? interval
        }
    }
}
