import JournalStore
import Nouns

/// Points of curves as lines of CSV or of JSON Lines, in which every point says which trial it is of.
///
/// The digits of the journal are copied as they stand, and no number is read.
public struct PointLines {
    private let isCSV: Bool

    /// What the line before the first says, in CSV.
    public static let columns = [
        "trial", "experiment", "version", "kind", "problem", "optimizer", "seed", "metric", "step", "value",
    ]

    public init(_ format: ResultFormat) {
        precondition(format == .csv || format == .jsonl, "points are lines of CSV or of JSON")
        isCSV = format == .csv
    }

    /// The lines before the first point.
    public var header: String { isCSV ? Self.columns.joined(separator: ",") + "\n" : "" }

    /// Appends a line for each point.
    ///
    /// - Throws: `JournalError` of kind `badData` where the stretch has no list of numbers.
    public func append(_ stretch: CurveStretch, to text: inout [UInt8]) throws {
        let labels: [QueryResult.Value] = [
            .int(Int(stretch.trial)), .text(stretch.experiment), .text(stretch.version), .text(stretch.kind),
            .text(stretch.problem), .text(stretch.optimizer), .int(stretch.seed), .text(stretch.metric),
        ]
        let start: String
        if isCSV {
            start = labels.map { ResultWriter.csv($0) + "," }.joined()
        } else {
            let members = zip(Self.columns, labels).map { "\($0.quotedAsJSON): \($1.json.text()), " }
            start = "{\(members.joined())\"step\": "
        }
        let between = Array((isCSV ? "," : ", \"value\": ").utf8)
        let end = Array((isCSV ? "\n" : "}\n").utf8)
        let prefix = Array(start.utf8)
        var step = stretch.firstStep
        var values = stretch.text
        try values.withUTF8 { bytes in
            guard bytes.count >= 2, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else {
                throw stretch.fault
            }
            for value in bytes[1..<bytes.count - 1].split(separator: UInt8(ascii: ",")) {
                text.append(contentsOf: prefix)
                text.append(contentsOf: String(step).utf8)
                text.append(contentsOf: between)
                try append(value, of: stretch, to: &text)
                text.append(contentsOf: end)
                step += stretch.stride
            }
        }
    }

    private static let digits: [Bool] = (0...255).map { "0123456789+-.eE".utf8.contains(UInt8($0)) }
    private static let texts: [[UInt8]: String] = [
        Array("null".utf8): "NaN", Array("9e999".utf8): "Infinity", Array("-9e999".utf8): "-Infinity",
    ]

    private func append(
        _ value: Slice<UnsafeBufferPointer<UInt8>>, of stretch: CurveStretch, to text: inout [UInt8]
    ) throws {
        if value.last == UInt8(ascii: "l") || value.count >= 5 && value.suffix(5).elementsEqual("9e999".utf8),
            let name = Self.texts[Array(value)]
        {
            let number = Double(name) ?? .nan
            text.append(contentsOf: (isCSV ? ResultWriter.csv(.double(number)) : "\"\(name)\"").utf8)
        } else {
            guard value.allSatisfy({ Self.digits[Int($0)] }) else { throw stretch.fault }
            text.append(contentsOf: value)
        }
    }
}
