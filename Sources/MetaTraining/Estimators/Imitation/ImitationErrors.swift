import Foundation

/// How far a network's answers are from those that it should give.
struct ImitationErrors {
    /// 1 less the share of the answers' variance that is left; below 0 where their mean would answer better.
    let determination: Double
    /// Absolute errors, in units of the root mean square of the answers.
    let median: Double
    let maximum: Double
    /// The shares of errors below, between and above ``edges``, one more than those.
    let histogram: [Double]

    /// From a ten-thousandth to a hundred times the answers' root mean square, four to each power of ten.
    static let edges = (-16...8).map { pow(10, Double($0) / 4) }

    /// - Parameter answers: at least one.
    init(_ found: [Double], answers: [Double]) {
        let share = 1 / Double(answers.count)
        let mean = answers.reduce(0, +) * share
        let size = (answers.reduce(0) { $0 + $1 * $1 } * share).squareRoot()
        let errors = zip(found, answers).map { abs($0 - $1) }
        let left = errors.reduce(0) { $0 + $1 * $1 }
        determination = 1 - left / answers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let sorted = errors.map { $0 / size }.sorted()
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        maximum = sorted[sorted.count - 1]
        var counts = Array(repeating: 0.0, count: Self.edges.count + 1)
        for error in sorted { counts[Self.edges.firstIndex { error < $0 } ?? Self.edges.count] += share }
        histogram = counts
    }
}
