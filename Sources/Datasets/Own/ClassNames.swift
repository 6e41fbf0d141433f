import Wording

/// The classes of data that names them, in the order of their numbers.
struct ClassNames {
    let names: [String]

    /// Labels are bytes.
    static let most = 256
    private static let mostTold = 32

    /// - Throws: `DatasetError` of kind `malformedFile` where there are too few or too many.
    init(_ names: [String], path: String) throws {
        guard names.count > 1 else {
            throw DatasetError.fault(
                in: path, "it has \(counted(names.count, "class", "classes")), and telling apart takes at least two")
        }
        guard names.count <= Self.most else {
            throw DatasetError.fault(
                in: path, "it has \(names.count) classes; allowed: at most \(Self.most)")
        }
        self.names = names
    }

    /// What the journal is told of them.
    var note: String {
        let told = names.prefix(Self.mostTold).map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ", ")
        return "classes \(told)" + (names.count > Self.mostTold ? " and \(names.count - Self.mostTold) more" : "")
    }
}
