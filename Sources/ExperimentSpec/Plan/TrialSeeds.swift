/// The seeds of trials, all from the spec's seed.
///
/// A spec's seed has a million trial seeds of its own: evaluations take them from 0, tuning from 500,000, and
/// meta-training from 900,000, one a replicate. So tuning never sees an evaluation's seed, nor one spec's seed another's,
/// and all optimizers meet the same problems, drawn from the same seeds.
public struct TrialSeeds: Sendable, Hashable {
    /// Below 2^53 when multiplied, so that every reader of JSON has trial seeds exactly.
    static let largestSpecSeed = 9_000_000_000
    package static let mostRepeats = 100_000
    private static let perSpecSeed: UInt64 = 1_000_000

    private let first: UInt64

    /// - Parameter specSeed: 0 to 9,000,000,000.
    public init(specSeed: Int) {
        first = UInt64(specSeed) * Self.perSpecSeed
    }

    /// The seed of the spec that a trial's seed comes from.
    public static func specSeed(ofTrial seed: UInt64) -> UInt64 { seed / perSpecSeed }

    /// - Parameter index: the replicate, 0 to 99,999.
    public func metaTraining(_ index: Int = 0) -> UInt64 { first + 900_000 + UInt64(index) }

    /// - Parameter index: the repeat, 0 to 99,999.
    public func tuning(_ index: Int) -> UInt64 { first + 500_000 + UInt64(index) }

    /// - Parameter index: the repeat, 0 to 99,999.
    public func evaluation(_ index: Int) -> UInt64 { first + UInt64(index) }
}
