/// The steps of an optimization that one estimate of the meta-gradient sees, and how much their losses count.
public struct Unroll: Sendable, Hashable {
    /// How many steps there are.
    public var length: Int
    public var lossWeights: LossWeights

    public init(_ length: Int, lossWeights: LossWeights = .equal) {
        self.length = length
        self.lossWeights = lossWeights
    }
}
