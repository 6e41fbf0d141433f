import Foundation
import GRDB
import Nouns

extension DatabaseFunction {
    /// `tensorNumbers(bytes, elementType)`: the elements of a tensor as a JSON list, each the shortest decimal that reads back
    /// as the same number; null for NaN. Null where the bytes are none.
    static let tensorNumbers = DatabaseFunction("tensorNumbers", argumentCount: 2, pure: true) { values in
        guard let bytes = Data.fromDatabaseValue(values[0]), let name = String.fromDatabaseValue(values[1]),
            let type = NamedTensor.ElementType(rawValue: name), bytes.count.isMultiple(of: type.byteCount)
        else { return nil }
        let tensor = NamedTensor(
            name: "", shape: [bytes.count / type.byteCount], elementType: type, bytes: bytes)
        let numbers: [CurveValue] =
            type == .float32 ? tensor.floats.map { .single($0) } : tensor.doubles.map { .double($0) }
        var text = [UInt8(ascii: "[")]
        for (index, number) in numbers.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            number.append(to: &text)
        }
        return String(decoding: text + [UInt8(ascii: "]")], as: UTF8.self)
    }
}
