/// What keeps a meta-training from going astray, and what is kept from being luck. Each is off where it is not asked for.
public struct Safeguards: Sendable, Hashable {
    /// Going back to the best meta-parameters when evaluations get worse (Chen et al. 2020, arXiv:2010.09089, section 3).
    public struct Returning: Sendable, Hashable {
        /// After how many evaluations in a row that are no better than the best one.
        public var evaluations: Int
        /// What every later change of the meta-parameters is multiplied by, once for each return.
        public var rateFactor: Double

        public init(evaluations: Int, rateFactor: Double) {
            self.evaluations = evaluations
            self.rateFactor = rateFactor
        }
    }

    /// A choice among the checkpoints that were best by evaluation, on problems that no evaluation has seen: the lowest of
    /// many evaluations on a few problems is partly luck.
    public struct Selection: Sendable, Hashable {
        public var checkpoints: Int
        /// Problems that each is tried on, the same for all.
        public var epochs: Int

        public init(checkpoints: Int, epochs: Int) {
            self.checkpoints = checkpoints
            self.epochs = epochs
        }
    }

    /// How many times a student may be left out of a meta-step, for a meta-loss or meta-gradient that is not finite.
    public var leavesOut: Int
    public var returning: Returning?
    public var selection: Selection?

    public static let none = Safeguards()

    public init(leavesOut: Int = 0, returning: Returning? = nil, selection: Selection? = nil) {
        self.leavesOut = leavesOut
        self.returning = returning
        self.selection = selection
    }
}
