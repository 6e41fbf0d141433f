import Foundation
import Nouns
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
    public func elements<Scalar: TensorScalar>(as _: Scalar.Type) -> [Scalar] {
        elementType == .float64 ? doubles.map { Scalar($0) } : floats.map { Scalar($0) }
    }
}

extension TensorScalar {
    /// What files and journals call the type.
    public static var elementType: NamedTensor.ElementType { MemoryLayout<Self>.size == 8 ? .float64 : .float32 }
}

extension Data {
    /// The bytes of floating-point numbers, little-endian on every machine.
    init<Scalar: TensorScalar>(littleEndian values: UnsafePointer<Scalar>, count: Int) {
        self.init(bytes: values, count: count * MemoryLayout<Scalar>.size)
        guard UInt16(1).littleEndian != 1 else { return }
        for start in stride(from: 0, to: self.count, by: MemoryLayout<Scalar>.size) {
            self[start..<start + MemoryLayout<Scalar>.size].reverse()
        }
    }
}
