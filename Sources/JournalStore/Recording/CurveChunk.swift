import Foundation
import GRDB

/// The value of one point of a curve, in the precision in which it was computed.
enum CurveValue: Sendable {
    case single(Float)
    case double(Double)

    var double: Double {
        switch self {
        case .single(let value): Double(value)
        case .double(let value): value
        }
    }

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
                    values.append(Self.number(cursor, &end))
                    guard let end, end > cursor else { return nil }
                    cursor = end
                }
            }
            return cursor.pointee == UInt8(ascii: "]") ? values : nil
        }
    }

    /// Reads a decimal as `strtod` does, to the same bits, faster where it can: a whole number below 2⁵³ times or
    /// through a power of ten up to 10²², both exact as `Double`, is rounded but once (Clinger 1990, "How to read
    /// floating point numbers accurately").
    private static func number(
        _ text: UnsafeMutablePointer<CChar>, _ end: inout UnsafeMutablePointer<CChar>?
    ) -> Double {
        var cursor = text
        let isNegative = cursor.pointee == UInt8(ascii: "-")
        if isNegative { cursor += 1 }
        var digits: UInt64 = 0
        var count = 0
        var exponent = 0
        func digit(_ character: CChar) -> UInt64? {
            let value = UInt8(bitPattern: character) &- UInt8(ascii: "0")
            return value < 10 ? UInt64(value) : nil
        }
        while count <= longestExact, let next = digit(cursor.pointee) {
            digits = digits * 10 + next
            count += 1
            cursor += 1
        }
        if cursor.pointee == UInt8(ascii: ".") {
            cursor += 1
            while count <= longestExact, let next = digit(cursor.pointee) {
                digits = digits * 10 + next
                count += 1
                exponent -= 1
                cursor += 1
            }
        }
        if count > 0, cursor.pointee == UInt8(ascii: "e") {
            cursor += 1
            let isSmall = cursor.pointee == UInt8(ascii: "-")
            if isSmall || cursor.pointee == UInt8(ascii: "+") { cursor += 1 }
            var power = 0
            var length = 0
            while length < 4, let next = digit(cursor.pointee) {
                power = power * 10 + Int(next)
                length += 1
                cursor += 1
            }
            if length == 0 { count = 0 }
            exponent += isSmall ? -power : power
        }
        guard count > 0, count <= longestExact, exponent.magnitude < exactPowers.count, digit(cursor.pointee) == nil
        else { return strtod(text, &end) }
        end = cursor
        let power = exactPowers[Int(exponent.magnitude)]
        let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
        return isNegative ? -value : value
    }

    /// Any number of so many digits is below 2⁵³.
    private static let longestExact = 15
    private static let exactPowers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

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
