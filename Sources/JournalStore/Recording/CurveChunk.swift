import Foundation
import GRDB

/// The value of one point of a curve, in the precision in which it was computed.
enum CurveValue: Sendable {
    case single(Float)
    case double(Double)

    /// Appends the shortest decimal that reads back as the same number, as JSON: `null` for NaN and
    /// `9e999` for infinity, which SQLite and `strtod` both read as infinity.
    func append(to text: inout [UInt8]) {
        switch self {
        case .single(let value) where value.isFinite: text.append(contentsOf: value.recordedDecimal.utf8)
        case .double(let value) where value.isFinite: text.append(contentsOf: value.description.utf8)
        case .single(.infinity), .double(.infinity): text.append(contentsOf: "9e999".utf8)
        case .single(-.infinity), .double(-.infinity): text.append(contentsOf: "-9e999".utf8)
        default: text.append(contentsOf: "null".utf8)
        }
    }
}

extension Float {
    /// The shortest decimal that gives this number back, also when it is read as a `Double` and rounded.
    ///
    /// Of all 2³² (tried), one magnitude needs more digits for that: 7.038531e-26, whose `Double` falls
    /// just halfway to its neighbour.
    var recordedDecimal: String {
        magnitude.bitPattern == 0x15AE_43FD ? Double(self).description : description
    }
}

extension Double {
    /// The number a `Float` is recorded as: its shortest decimal (0.1, not 0.10000000149011612).
    ///
    /// `Float` of the result is the `Float` again, for every `Float`.
    public init(recorded value: Float) {
        self = value.isFinite ? Double(value.recordedDecimal)! : Double(value)
    }
}

/// A stretch of a curve at regular steps: one row of the `curves` table.
struct CurveChunk: Equatable {
    static let capacity = 1000

    let index: Int
    let firstStep: Int
    private(set) var stride = 1
    private(set) var count = 0
    private var text: [UInt8] = [UInt8(ascii: "[")]

    /// A chunk with one point.
    init(index: Int, step: Int, value: CurveValue) {
        self.index = index
        firstStep = step
        add(value)
    }

    /// A stored chunk, cut to its first `count` points.
    init(index: Int, firstStep: Int, stride: Int, count: Int, json: String) {
        self.index = index
        self.firstStep = firstStep
        self.stride = stride
        self.count = count
        text = Array(json.utf8.dropLast())
        let commas = text.indices.lazy.filter { [text] in text[$0] == UInt8(ascii: ",") }
        if let cut = commas.dropFirst(count - 1).first {
            text.removeSubrange(cut...)
        }
    }

    var json: String { String(decoding: text, as: UTF8.self) + "]" }

    /// Adds a point if the chunk has room and the step goes on at the same stride; says whether it did.
    mutating func append(step: Int, value: CurveValue) -> Bool {
        guard count < Self.capacity, step > firstStep else { return false }
        if count == 1 {
            stride = step - firstStep
        }
        guard step == firstStep + stride * count else { return false }
        text.append(UInt8(ascii: ","))
        add(value)
        return true
    }

    private mutating func add(_ value: CurveValue) {
        value.append(to: &text)
        count += 1
    }

    /// Reads the values of a stored chunk, each to the last bit; nil where the text is no list of numbers.
    static func values(json: String) -> [Double]? {
        json.withCString { text in
            guard text.pointee == UInt8(ascii: "[") else { return nil }
            var values: [Double] = []
            var cursor = UnsafeMutablePointer(mutating: text)
            while cursor.pointee == UInt8(ascii: "[") || cursor.pointee == UInt8(ascii: ",") {
                cursor += 1
                if strncmp(cursor, "null", 4) == 0 {
                    values.append(.nan)
                    cursor += 4
                } else {
                    var end: UnsafeMutablePointer<CChar>?
                    values.append(strtod(cursor, &end))
                    guard let end, end > cursor else { return nil }
                    cursor = end
                }
            }
            return cursor.pointee == UInt8(ascii: "]") ? values : nil
        }
    }

    /// The values of a row of the `curves` table.
    ///
    /// - Throws: ``JournalError`` with the place where the text is no list of numbers.
    static func values(of row: Row) throws -> [Double] {
        guard let values = values(json: try row.value("pointValues", of: "curves")) else {
            throw row.fault("pointValues", of: "curves", allowed: "a list of numbers")
        }
        return values
    }
}
