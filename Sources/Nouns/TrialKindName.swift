/// The name of a kind of trials, the same everywhere: in plans, in the journal, in what decides a trial's results.
public struct TrialKindName: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral name: String) { rawValue = name }

    public var description: String { rawValue }
}

extension TrialKindName {
    /// Learns an optimizer.
    public static let metaTraining: TrialKindName = "metaTraining"
    /// Tries one candidate of a tuned optimizer, on a seed that no evaluation uses.
    public static let tuning: TrialKindName = "tuning"
    /// Optimizes the problem with an optimizer that is compared with others.
    public static let evaluation: TrialKindName = "evaluation"
}
