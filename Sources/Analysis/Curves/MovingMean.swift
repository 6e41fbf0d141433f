/// Curves without their jitter.
public enum MovingMean {
    /// The mean of the `window` points around each, of fewer at the ends. What is not finite stays, and no mean reaches
    /// over it.
    ///
    /// No sum is ever the difference of two, so that small values after large ones keep their digits. It costs three
    /// additions a point, whatever the window.
    public static func of(_ values: [Double], window: Int) -> [Double] {
        guard window > 1 else { return values }
        var smooth = values
        var start = 0
        while start < values.count {
            guard values[start].isFinite else {
                start += 1
                continue
            }
            let end = values[start...].firstIndex { !$0.isFinite } ?? values.count
            smooth.replaceSubrange(start..<end, with: ofFinite(values[start..<end].map { $0 }, window: window))
            start = end
        }
        return smooth
    }

    /// Every window is the end of one block of points and the beginning of the next.
    private static func ofFinite(_ values: [Double], window: Int) -> [Double] {
        var ends = values
        var beginnings = values
        for index in values.indices.dropLast().reversed() where (index + 1) % window != 0 {
            ends[index] += ends[index + 1]
        }
        for index in values.indices where index % window != 0 { beginnings[index] += beginnings[index - 1] }
        return values.indices.map { index in
            let first = max(0, index - (window - 1) / 2)
            let last = min(values.count - 1, index + window / 2)
            let count = Double(last - first + 1)
            if first / window == last / window {
                return (first % window == 0 ? beginnings[last] : ends[first]) / count
            }
            return (ends[first] + beginnings[last]) / count
        }
    }
}
