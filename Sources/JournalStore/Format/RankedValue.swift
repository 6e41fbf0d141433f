/// A number as the journal's columns hold it: ordered, filtered and averaged by SQL, what is not a number counts as
/// infinite. A column beside it says so.
enum RankedValue {
    static func stored(_ value: Double) -> Double { value.isNaN ? .infinity : value }

    /// The columns of a row that stand for NaN, of their names with spaces between them.
    static func nanColumns(_ nanResults: String?) -> Set<Substring> {
        nanResults.map { Set($0.split(separator: " ")) } ?? []
    }
}
