import Nouns
import Wording

/// A table of numbers with a column of classes, read whole.
struct Table {
    /// The columns of numbers, in their order.
    let columns: [String]
    /// Their values, row by row.
    let values: [Double]
    /// The class of each row, as the table has it.
    let labels: [String]

    /// What people write where they have no number.
    private static let missing: Set = ["", "?", "na", "n/a", "#n/a", "nan", "null", "none", "-", "."]

    /// - Parameters:
    ///   - label: the column with the classes.
    ///   - path: what messages call the file.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ content: ImmutableBytes, label: String, separator: UInt8, path: String) throws {
        (columns, values, labels) = try content.withBuffer { bytes in
            var reader = CSVReader(bytes, separator: separator, path: path)
            guard let header = try reader.next() else {
                throw DatasetError.fault(in: path, "it is empty; allowed: a line with the names of columns, and rows")
            }
            let names = header.fields.map { $0.trimmed }
            let place = try Self.place(of: label, in: names, path: path)
            var (values, labels) = ([Double](), [String]())
            while let row = try reader.next() {
                guard row.fields.count == names.count else {
                    throw DatasetError.fault(
                        in: path,
                        "line \(row.line) has \(counted(row.fields.count, "field")), and its first line names "
                            + "\(names.count); is the separator right?")
                }
                for (column, field) in row.fields.enumerated() {
                    let text = field.trimmed
                    func fault(_ problem: String) -> DatasetError {
                        .fault(in: path, "line \(row.line), column \(column + 1) (\(names[column])): \(problem)")
                    }
                    if column == place {
                        guard !text.isEmpty else { throw fault("the label is missing") }
                        labels.append(text)
                    } else if let value = Double(text), value.isFinite {
                        values.append(value)
                    } else if Self.missing.contains(text.lowercased()) {
                        throw fault(
                            "a value is missing (\"\(field)\"). Leave the row or the column out, or put a number there")
                    } else {
                        throw fault(
                            "\"\(field)\" is text, and columns beside the label have to be numbers. Leave the column out, "
                                + "or put numbers there")
                    }
                }
            }
            guard !labels.isEmpty else { throw DatasetError.fault(in: path, "it has no rows below its first line") }
            var columns = names
            columns.remove(at: place)
            return (columns, values, labels)
        }
    }

    /// Where the label stands among the names of columns.
    private static func place(of label: String, in names: [String], path: String) throws -> Int {
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            throw DatasetError.fault(in: path, "line 1: two columns are called \"\(names[twice])\"")
        }
        guard let place = names.firstIndex(of: label) else {
            let advice = nearestName(to: label, among: names).map { " (did you mean \"\($0)\"?)" } ?? ""
            throw DatasetError.fault(
                in: path, "line 1 has no column \"\(label)\" for the label; it has \(names.wordingOfChoice)\(advice)")
        }
        guard names.count > 1 else {
            throw DatasetError.fault(in: path, "it has no column beside the label; is the separator right?")
        }
        return place
    }
}

extension String {
    /// Without white space around it.
    fileprivate var trimmed: String {
        guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
        return String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
