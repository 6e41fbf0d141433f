/// What a completed trial came to: numbers by name, as its kind has them. They may be infinite or NaN.
public struct TrialResults: Sendable, Equatable {
    /// The steps that it took, of optimizees.
    public var steps: Int
    public var seconds: Double
    public var values: [Metric: Double]
    /// What a reader should know of it, in sentences; nil where there is nothing.
    public var note: String?

    public init(steps: Int, seconds: Double, values: [Metric: Double], note: String? = nil) {
        self.steps = steps
        self.seconds = seconds
        self.values = values
        self.note = note
    }

    /// A result; nil where the trial has none of that name.
    public subscript(_ name: Metric) -> Double? { values[name] }

    /// Whether its final loss is not a finite number; of a trial without one, whether any result is not.
    public var isDiverged: Bool {
        if let finalLoss = values[.finalLoss] { return !finalLoss.isFinite }
        return values.values.contains { !$0.isFinite }
    }
}

/// The results of optimizations, which the journal's `trials` show as columns.
extension TrialResults {
    /// Their names, in the order of the columns.
    public static let columns: [Metric] = [.finalLoss, .bestLoss, .testLoss, .accuracy]

    public var finalLoss: Double { self[.finalLoss] ?? .nan }
    public var bestLoss: Double { self[.bestLoss] ?? .nan }
    public var testLoss: Double? { self[.testLoss] }
    public var accuracy: Double? { self[.accuracy] }
}
