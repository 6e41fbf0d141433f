import Optimizers

/// How much the optimizee's loss after each step counts in the meta-loss: w_t of Andrychowicz et al. 2016, equation 3.
public struct LossWeights: Sendable, Hashable {
    public enum Rule: Sendable, Hashable {
        /// The loss after t of T steps counts (t / T)^exponent. With an exponent of 0 all count alike, as in the paper;
        /// the first steps then have most to give, and the larger the exponent, the more the last ones count.
        case power(Int)
        /// The loss after the last step counts 1, and no other counts (Metz et al. 2020, arXiv:2009.11243, section 3,
        /// among others): what an optimizer is judged by, however it gets there.
        case final
    }

    public var rule: Rule
    /// T.
    public var epochLength: Int

    public static let equal = LossWeights(exponent: 0, epochLength: 1)

    public init(_ rule: Rule, epochLength: Int) {
        self.rule = rule
        self.epochLength = epochLength
    }

    public init(exponent: Int, epochLength: Int) {
        self.init(.power(exponent), epochLength: epochLength)
    }

    /// - Parameter step: how many steps of the epoch were taken.
    public func weight(afterStep step: Int) -> Double {
        switch rule {
        case .power(let exponent): power(Double(step) / Double(epochLength), exponent)
        case .final: step == epochLength ? 1 : 0
        }
    }

    /// The same in an epoch of so many steps: the last step is another one then, while powers go by the longest epochs.
    func inEpoch(of steps: Int) -> LossWeights {
        if case .final = rule { LossWeights(rule, epochLength: steps) } else { self }
    }
}
