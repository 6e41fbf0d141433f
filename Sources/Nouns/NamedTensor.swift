import Foundation

/// A named array of numbers outside of any computation, in events, files and the journal: shape, element type, raw
/// little-endian bytes.
public struct NamedTensor: Sendable, Hashable {
    /// The type of the elements; raw values are what the journal's `elementType` columns hold.
    public enum ElementType: String, Sendable {
        case float32
        case float64

        public var byteCount: Int { self == .float32 ? 4 : 8 }
    }

    public let name: String
    public let shape: [Int]
    public let elementType: ElementType
    /// The elements in row-major order, little-endian.
    public let bytes: Data

    /// A tensor of single-precision numbers. Traps unless there are as many as the shape says.
    public init(name: String, shape: [Int], values: [Float]) {
        precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape)")
        self.name = name
        self.shape = shape
        elementType = .float32
        bytes = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    }

    /// A tensor of double-precision numbers. Traps unless there are as many as the shape says.
    public init(name: String, shape: [Int], values: [Double]) {
        precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape)")
        self.name = name
        self.shape = shape
        elementType = .float64
        bytes = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    }

    /// A tensor of raw bytes. Traps unless there are as many as shape and element type say.
    public init(name: String, shape: [Int], elementType: ElementType, bytes: Data) {
        precondition(
            bytes.count == shape.reduce(1, *) * elementType.byteCount,
            "\(bytes.count) bytes do not fill the shape \(shape)")
        self.name = name
        self.shape = shape
        self.elementType = elementType
        self.bytes = bytes
    }

    /// From the texts of a row or a file; nil where its parts do not fit each other.
    public init?(name: String, shapeText: String, elementTypeText: String, bytes: Data) {
        guard let shape = try? JSONDecoder().decode([Int].self, from: Data(shapeText.utf8)),
            let elementType = ElementType(rawValue: elementTypeText),
            shape.allSatisfy({ $0 >= 0 }),
            Double(bytes.count) == shape.reduce(1.0, { $0 * Double($1) }) * Double(elementType.byteCount)
        else { return nil }
        self.name = name
        self.shape = shape
        self.elementType = elementType
        self.bytes = bytes
    }

    /// The shape as JSON, such as `[2,3]`.
    public var shapeText: String { "[" + shape.map(String.init).joined(separator: ",") + "]" }

    /// The elements as `Float`; exact for `float32`, rounded for `float64`.
    public var floats: [Float] {
        switch elementType {
        case .float32: bits(UInt32.self).map { Float(bitPattern: $0) }
        case .float64: doubles.map { Float($0) }
        }
    }

    /// The elements as `Double`; always exact.
    public var doubles: [Double] {
        switch elementType {
        case .float32: floats.map { Double($0) }
        case .float64: bits(UInt64.self).map { Double(bitPattern: $0) }
        }
    }

    private func bits<Bits: FixedWidthInteger>(_: Bits.Type) -> [Bits] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / MemoryLayout<Bits>.size).map {
                Bits(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Bits>.size, as: Bits.self))
            }
        }
    }
}
