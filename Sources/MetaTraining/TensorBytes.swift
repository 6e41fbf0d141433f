import Foundation
import TensorEngine

extension NamedTensor {
    /// Tensors as bytes.
    ///
    /// - Parameter offsets: where each begins; nil where they lie one after the other.
    static func tensors<Scalar: TensorScalar>(
        _ parameters: [Parameter], _ values: UnsafePointer<Scalar>, offsets: [Int]? = nil
    ) -> [NamedTensor] {
        zip(parameters, offsets ?? parameters.offsets).map { parameter, offset in
            NamedTensor(
                name: parameter.name, shape: parameter.shape.sizes, elementType: Scalar.elementType,
                bytes: Data(littleEndian: values + offset, count: parameter.shape.count))
        }
    }

    /// The elements in another precision, or the same.
    ///
    /// - Throws: `TrialFailure` where the bytes are not what shape and type say.
    public func elements<Scalar: TensorScalar>(as type: Scalar.Type) throws -> [Scalar] {
        let count = shape.reduce(1, *)
        let width = elementType == Double.elementType ? 8 : 4
        guard bytes.count == count * width, [Double.elementType, Float.elementType].contains(elementType) else {
            throw TrialFailure("the stored tensor \(name) of shape \(shape) has \(bytes.count) bytes of \(elementType)")
        }
        return bytes.withUnsafeBytes { raw in
            func pattern<Pattern: FixedWidthInteger>(_ index: Int, of type: Pattern.Type) -> Pattern {
                Pattern(littleEndian: raw.loadUnaligned(fromByteOffset: width * index, as: type))
            }
            return (0..<count).map { index in
                width == 8
                    ? Scalar(Double(bitPattern: pattern(index, of: UInt64.self)))
                    : Scalar(Float(bitPattern: pattern(index, of: UInt32.self)))
            }
        }
    }
}

extension TensorScalar {
    /// The name of the element type in files and journals.
    public static var elementType: String { MemoryLayout<Self>.size == 8 ? "float64" : "float32" }
}

extension Data {
    /// The bytes of floating-point numbers, little-endian on every machine.
    init<Scalar: TensorScalar>(littleEndian values: UnsafePointer<Scalar>, count: Int) {
        self.init(capacity: count * MemoryLayout<Scalar>.size)
        for index in 0..<count {
            if MemoryLayout<Scalar>.size == 8 {
                Swift.withUnsafeBytes(of: Double(values[index]).bitPattern.littleEndian) { append(contentsOf: $0) }
            } else {
                Swift.withUnsafeBytes(of: Float(values[index]).bitPattern.littleEndian) { append(contentsOf: $0) }
            }
        }
    }
}
