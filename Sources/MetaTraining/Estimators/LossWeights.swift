import Optimizers

/// How much the optimizee's loss after each step counts in the meta-loss: w_t of Andrychowicz et al. 2016, equation 3.
///
/// The loss after t of T steps counts (t / T)^exponent. With an exponent of 0 all count alike, as in the paper; the
/// first steps then have most to give, and the larger the exponent, the more the last ones count.
public struct LossWeights: Sendable, Hashable {
    public var exponent: Int
    /// T.
    public var epochLength: Int

    public static let equal = LossWeights(exponent: 0, epochLength: 1)

    public init(exponent: Int, epochLength: Int) {
        self.exponent = exponent
        self.epochLength = epochLength
    }

    /// - Parameter step: how many steps of the epoch were taken.
    public func weight(afterStep step: Int) -> Double { power(Double(step) / Double(epochLength), exponent) }
}
