extension Double {
    /// Whether this loss is the better one: one that is not a number is as bad as an infinite one, and worse than all
    /// others.
    ///
    /// A plain comparison with NaN is false both ways, so that a best that began as NaN would never be replaced.
    public func isLowerLoss(than other: Double) -> Bool {
        (isNaN ? .infinity : self) < (other.isNaN ? .infinity : other)
    }
}
