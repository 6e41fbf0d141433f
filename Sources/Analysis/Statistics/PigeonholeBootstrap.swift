extension BootstrapInterval {
    /// The 95% interval of the mean of crossed values: what each replicate (a row) came to on each student (a column).
    ///
    /// Each of 10,000 resamples draws as many rows and as many columns anew, with replacement and each on its own, and
    /// has what stands where they cross: the pigeonhole bootstrap (Owen 2007, "The pigeonhole bootstrap", Annals of
    /// Applied Statistics 1, 386–411), whose variance is about the true one, and rather too large than too small. The
    /// ends are those of the middle 95% of the resampled means.
    ///
    /// Nil for fewer than two values, and where one is not finite. The cost is 10,000 times the number of values.
    ///
    /// - Parameter values: rows of one length, in an order that depends on what they are alone.
    static func pigeonhole(_ values: [[Double]]) -> BootstrapInterval? {
        let (rows, columns) = (values.count, values.first?.count ?? 0)
        precondition(values.allSatisfy { $0.count == columns }, "crossed values are a rectangle")
        let all = values.flatMap(\.self)
        guard all.count >= 2, all.allSatisfy(\.isFinite) else { return nil }
        if let first = all.first, all.allSatisfy({ $0 == first }) {
            return BootstrapInterval(low: first, high: first, method: .pigeonhole)
        }
        var random = CounterRandom(seed: seed)
        var sums = [Double](repeating: 0, count: columns)
        var means = (0..<resamples).map { _ in
            for column in 0..<columns { sums[column] = 0 }
            for _ in 0..<rows {
                let row = random.next(below: rows) * columns
                for column in 0..<columns { sums[column] += all[row + column] }
            }
            return (0..<columns).reduce(0.0) { sum, _ in sum + sums[random.next(below: columns)] }
                / Double(rows * columns)
        }
        let tail = (1 - confidence) / 2
        return BootstrapInterval(
            low: means.resampled(at: tail), high: means.resampled(at: 1 - tail), method: .pigeonhole)
    }
}
