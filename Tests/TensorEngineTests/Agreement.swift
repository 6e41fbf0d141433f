/// Whether there are as many values as are expected, at least one, and each is as near to its own as a tolerance allows,
/// which is relative for values above 1. NaN agrees with NaN alone.
func agree(_ found: [Double], _ expected: [Double], within tolerance: Double) -> Bool {
    !expected.isEmpty && found.count == expected.count
        && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) || ($0.isNaN && $1.isNaN) }
}

/// The same of several lists, of which there are as many as are expected. One may be empty, but not all.
func agree(_ found: [[Double]], _ expected: [[Double]], within tolerance: Double) -> Bool {
    found.map(\.count) == expected.map(\.count)
        && agree(found.flatMap(\.self), expected.flatMap(\.self), within: tolerance)
}
