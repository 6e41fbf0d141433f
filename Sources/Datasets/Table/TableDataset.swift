import Foundation

/// A table as text: a line with the names of its columns, and rows of numbers and a class.
///
/// Every column but the label is a number of the example, standardized by the rows that are trained on. Classes are
/// sorted: as numbers where all are numbers, else as texts.
public struct TableDataset: DatasetSource {
    public let name: String
    private let file: URL
    private let label: String
    private let separator: String
    private let testShare: Double

    /// - Parameters:
    ///   - name: what messages and the journal call it.
    ///   - label: the column with the classes.
    ///   - separator: what stands between fields.
    ///   - testShare: of each class.
    /// - Precondition: the separator can be one.
    public init(name: String, file: URL, label: String, separator: String = ",", testShare: Double) {
        precondition(Self.isSeparator(separator), "\(separator) can be no separator")
        self.name = name
        self.file = file
        self.label = label
        self.separator = separator
        self.testShare = testShare
    }

    /// Whether a text is one character that cannot be part of a number or of quotes.
    public static func isSeparator(_ text: String) -> Bool {
        guard text.utf8.count == 1, let character = text.first else { return false }
        return !character.isLetter && !character.isNumber && !character.isNewline && !"\".+-".contains(character)
    }

    public func load(_ request: DatasetRequest) throws -> Dataset {
        let table = try Table(
            .reading(own: file), label: label, separator: separator.utf8.first ?? 0, path: file.path)
        let classes = try ClassNames(Self.sorted(Set(table.labels)), path: "\(file.path), column \(label)")
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes.names, UInt8(0)...))
        let labels = table.labels.compactMap { numbers[$0] }
        let held = try HeldBack(testShare, of: labels, path: file.path)
        let columns = table.columns.count
        let standardization = Standardization(table.values, columns: columns, rows: held.training)
        let all = Split(features: columns, numbers: standardization.apply(to: table.values), labels: labels)
        let parts = [all.selecting(held.training), all.selecting(held.test)]
        return Dataset(
            name: name, origin: .named(file), checksum: ValueChecksum.of(parts, shape: [columns]),
            classes: classes.names.count, shape: [columns], training: parts[0], test: parts[1], note: classes.note)
    }

    private static func sorted(_ names: Set<String>) -> [String] {
        let numbers = names.compactMap { name in Double(name).map { (value: $0, name: name) } }
        guard numbers.count == names.count else { return names.sorted() }
        return numbers.sorted { ($0.value, $0.name) < ($1.value, $1.name) }.map(\.name)
    }
}
