/// Holm's step-down correction of p-values for having tested several hypotheses (Holm 1979, "A simple sequentially
/// rejective multiple test procedure").
public enum HolmCorrection {
    /// The corrected p-values, in the order of `pValues`.
    ///
    /// The k-th smallest of m is multiplied by m − k + 1, is at least the corrected one before it, and at most 1.
    /// Rejecting where a corrected value is below α keeps the chance of any false rejection below α.
    public static func corrected(_ pValues: [Double]) -> [Double] {
        var corrected = pValues
        var largest = 0.0
        let ascending = pValues.indices.sorted { pValues[$0] < pValues[$1] }
        for (position, index) in ascending.enumerated() {
            largest = max(largest, min(1, pValues[index] * Double(pValues.count - position)))
            corrected[index] = largest
        }
        return corrected
    }
}
