import GRDB

/// A trial's losses as the journal's columns hold them: ordered, filtered and averaged by SQL, one that is not a number
/// counts as infinite. Which ones those are stands beside them, in `nanResults`.
struct RankedLosses {
    let finalLoss: Double
    let bestLoss: Double
    let testLoss: Double?
    /// The names of the losses that are not numbers, with spaces between them; nil for none.
    let nanResults: String?

    init(_ results: TrialResults) {
        finalLoss = Self.stored(results.finalLoss)
        bestLoss = Self.stored(results.bestLoss)
        testLoss = results.testLoss.map(Self.stored)
        let named = [
            ("finalLoss", results.finalLoss), ("bestLoss", results.bestLoss), ("testLoss", results.testLoss ?? 0),
        ]
        let names = named.filter { $0.1.isNaN }.map(\.0)
        nanResults = names.isEmpty ? nil : names.joined(separator: " ")
    }

    /// A loss as a column holds it.
    static func stored(_ loss: Double) -> Double { loss.isNaN ? .infinity : loss }

    /// The columns of a row that stand for NaN.
    static func nanColumns(_ nanResults: String?) -> Set<Substring> {
        nanResults.map { Set($0.split(separator: " ")) } ?? []
    }
}
