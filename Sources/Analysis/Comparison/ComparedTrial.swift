import Nouns

/// One of the optimizers that a meta-training has trained.
public struct Replicate: Sendable, Hashable {
    /// 1 for the first.
    public var number: Int
    /// The seed from which it was trained; nil where the journal no longer knows.
    public var seed: Int?

    public init(number: Int, seed: Int?) {
        self.number = number
        self.seed = seed
    }
}

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
    /// What it came to, by name.
    public var values: [Metric: Double]
    /// Whether it diverged; it is the worst by every loss, whatever was measured then.
    public var isDiverged: Bool
    /// The loss at each step.
    public var curve: [Double]
    /// The network that was trained; nil where the problem is none.
    public var architecture: StudentArchitecture?
    /// How many seeds the trial stands for: more than 1 where the seed changes nothing.
    public var standsFor: Int
    /// Which of the optimizers that its experiment trained it ran with; nil for all others.
    public var replicate: Replicate?
    /// Whether its optimizer was learned, here or elsewhere.
    public var isLearned = false
    /// The experiment that it is of, where trials of several are compared.
    public var experiment = ""
    /// All that has to be equal, besides problem and seed, for trials to be a pair, as JSON; empty where that is known
    /// to be so.
    public var setting = ""
    /// When it reached the target that was asked for; nil where none was, or it has no curve to reach one.
    public var reach: TargetReach?
    /// The value of the field by which trials are grouped; nil where none was asked for, or the trial has no such field.
    public var field: JSONValue?

    public init(
        problem: String, optimizer: String, seed: Int, precision: LossPrecision = .single, values: [Metric: Double],
        isDiverged: Bool, curve: [Double] = [], architecture: StudentArchitecture? = nil, standsFor: Int = 1
    ) {
        self.problem = problem
        self.optimizer = optimizer
        self.seed = seed
        self.precision = precision
        self.values = values
        self.isDiverged = isDiverged
        self.curve = curve
        self.architecture = architecture
        self.standsFor = standsFor
    }

    /// What an optimization came to: it diverged where its final loss is not finite.
    package init(
        problem: String, optimizer: String, seed: Int, precision: LossPrecision = .single, finalLoss: Double,
        bestLoss: Double? = nil, testLoss: Double? = nil, accuracy: Double? = nil, curve: [Double] = [],
        architecture: StudentArchitecture? = nil, standsFor: Int = 1
    ) {
        var values: [Metric: Double] = [.finalLoss: finalLoss]
        values[.bestLoss] = bestLoss
        values[.testLoss] = testLoss
        values[.accuracy] = accuracy
        self.init(
            problem: problem, optimizer: optimizer, seed: seed, precision: precision, values: values,
            isDiverged: !finalLoss.isFinite, curve: curve, architecture: architecture, standsFor: standsFor)
    }

    /// What it came to by a metric; nil where there is none. What is better the lower is NaN where the trial diverged,
    /// whatever was measured then; how much a student that diverged answers rightly was measured.
    func value(of metric: ComparisonMetric) -> Double? {
        if isDiverged, !metric.higherIsBetter { return .nan }
        return values[metric.metric]
    }

    /// Whether a metric was measured at all.
    func records(_ metric: ComparisonMetric) -> Bool { values[metric.metric] != nil }
}

extension ComparedTrial {
    /// Whether another seed's trial is the same computation: equal in every bit that was recorded.
    fileprivate func isCopy(of other: ComparedTrial) -> Bool {
        func bits(_ value: Double?) -> UInt64? { value.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
        return curve.elementsEqual(other.curve) { bits($0) == bits($1) }
            && values.mapValues(bits) == other.values.mapValues(bits) && architecture == other.architecture
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
