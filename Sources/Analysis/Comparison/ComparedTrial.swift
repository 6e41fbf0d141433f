/// What one finished evaluation trial came to.
public struct ComparedTrial: Sendable, Equatable {
    /// The problem's name.
    public var problem: String
    /// The optimizer's name.
    public var optimizer: String
    /// The trial's seed; trials of a problem with the same seed are a pair.
    public var seed: Int
    /// How exactly its losses were computed.
    public var precision: LossPrecision
    /// The loss after the last step; NaN or infinite where the trial diverged.
    public var finalLoss: Double
    /// The lowest loss of any step, where there is one.
    public var bestLoss: Double?
    /// The loss on the test split, where there is one.
    public var testLoss: Double?
    /// The share of the test split that is classified correctly, where there is one.
    public var accuracy: Double?
    /// The loss at each step.
    public var curve: [Double]
    /// The network that was trained; nil where the problem is none.
    public var architecture: StudentArchitecture?
    /// How many seeds the trial stands for: more than 1 where the seed changes nothing.
    public var standsFor: Int

    /// An outcome of these values.
    public init(
        problem: String, optimizer: String, seed: Int, precision: LossPrecision = .single, finalLoss: Double,
        bestLoss: Double? = nil, testLoss: Double? = nil, accuracy: Double? = nil, curve: [Double] = [],
        architecture: StudentArchitecture? = nil, standsFor: Int = 1
    ) {
        self.problem = problem
        self.optimizer = optimizer
        self.seed = seed
        self.precision = precision
        self.finalLoss = finalLoss
        self.bestLoss = bestLoss
        self.testLoss = testLoss
        self.accuracy = accuracy
        self.curve = curve
        self.architecture = architecture
        self.standsFor = standsFor
    }

    /// What it came to by a metric; nil where there is none. Losses are NaN where the trial diverged, whatever was
    /// measured then; how much a student that diverged answers rightly was measured.
    func value(of metric: ComparisonMetric) -> Double? {
        switch metric {
        case .finalLoss: finalLoss.isFinite ? finalLoss : .nan
        case .bestLoss: finalLoss.isFinite ? bestLoss : .nan
        case .testLoss: finalLoss.isFinite ? testLoss : .nan
        case .accuracy: accuracy
        }
    }

    /// Whether a metric was measured at all.
    func records(_ metric: ComparisonMetric) -> Bool {
        switch metric {
        case .finalLoss: true
        case .bestLoss: bestLoss != nil
        case .testLoss: testLoss != nil
        case .accuracy: accuracy != nil
        }
    }
}

extension ComparedTrial {
    /// Whether another seed's trial is the same computation: equal in every bit that was recorded.
    fileprivate func isCopy(of other: ComparedTrial) -> Bool {
        func bits(_ value: Double?) -> UInt64? { value.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
        return curve.elementsEqual(other.curve) { bits($0) == bits($1) } && bits(finalLoss) == bits(other.finalLoss)
            && bits(testLoss) == bits(other.testLoss) && bits(accuracy) == bits(other.accuracy)
            && architecture == other.architecture
    }
}

extension Collection<ComparedTrial> {
    /// Whether the seed changes nothing: one was run for all seeds, or there are several, with curves, and all are one
    /// computation.
    var areOneComputation: Bool {
        if let first, count == 1, first.standsFor > 1 { return true }
        guard let first, count >= 2, !first.curve.isEmpty else { return false }
        return dropFirst().allSatisfy(first.isCopy)
    }
}
