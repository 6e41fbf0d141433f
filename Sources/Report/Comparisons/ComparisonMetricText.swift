import Analysis

extension ComparisonMetric {
    /// A value as people read it: accuracies as percentages.
    public func text(of value: Double, digits: Int = 4) -> String {
        self == .accuracy ? NumberText.percentage(value) : NumberText.significant(value, digits: digits)
    }

    /// A mean or median of a sample; empty where it has no values.
    public func text(of value: KeyPath<SampleSummary, Double>, in sample: SampleSummary) -> String {
        sample.count == 0 ? "" : text(of: sample[keyPath: value])
    }

    /// An interval in brackets; empty where there is none.
    public func text(of interval: BootstrapInterval?) -> String {
        interval.map { "[\(text(of: $0.low)), \(text(of: $0.high))]" } ?? ""
    }

    /// Which of two values is the better one.
    var better: String { higherIsBetter ? "higher" : "lower" }

    /// Which of several values is the best one.
    var best: String { higherIsBetter ? "highest" : "lowest" }
}

extension Double? {
    /// A p-value; a dash where nothing was tested.
    public var textOfPValue: String { map(ProblemComparison.text(ofPValue:)) ?? "-" }
}
