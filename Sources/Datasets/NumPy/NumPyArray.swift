/// An array of an `.npy` file.
struct NumPyArray {
    let path: String
    let shape: [Int]
    private let header: ArrayHeader
    private let content: ImmutableBytes

    var isBytes: Bool { header.type == "u1" }
    var isInteger: Bool { !header.type.hasPrefix("f") }

    /// - Parameter path: what messages call the file.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ content: ImmutableBytes, path: String) throws {
        header = try ArrayHeader(content, path: path)
        self.content = content
        self.path = path
        shape = header.shape
    }

    /// The elements where they are bytes, the last index running fastest, and where they begin.
    var bytes: (storage: ImmutableBytes, offset: Int) {
        guard header.isFortran, shape.count > 1 else { return (content, header.size) }
        return (ImmutableBytes(elements { $0[$1] }), 0)
    }

    /// The elements as numbers, the last index running fastest; double precision is rounded.
    var numbers: [Float] {
        switch header.type {
        case "f2": elements { Self.half(Self.load(UInt16.self, $0, $1)) }
        case "f4": elements { Float(bitPattern: Self.load(UInt32.self, $0, $1)) }
        case "f8": elements { Float(Double(bitPattern: Self.load(UInt64.self, $0, $1))) }
        case "u8": elements { Float(Self.load(UInt64.self, $0, $1)) }
        default: integers.map { Float($0) }
        }
    }

    /// The elements where they are whole numbers; those beyond the largest `Int` become that.
    var integers: [Int] {
        switch header.type {
        case "b1", "u1": elements { Int($0[$1]) }
        case "u2": elements { Int(Self.load(UInt16.self, $0, $1)) }
        case "u4": elements { Int(Self.load(UInt32.self, $0, $1)) }
        case "u8": elements { Int(clamping: Self.load(UInt64.self, $0, $1)) }
        case "i1": elements { Int(Int8(bitPattern: $0[$1])) }
        case "i2": elements { Int(Self.load(Int16.self, $0, $1)) }
        case "i4": elements { Int(Self.load(Int32.self, $0, $1)) }
        case "i8": elements { Int(Self.load(Int64.self, $0, $1)) }
        default: preconditionFailure("\(header.type) is no type of whole numbers")
        }
    }

    /// Reads each element, given the bytes of all and where it stands in them.
    private func elements<Value>(_ read: (UnsafeBufferPointer<UInt8>, Int) -> Value) -> [Value] {
        content.withBuffer { bytes in
            let bytes = UnsafeBufferPointer(rebasing: bytes[header.size...])
            let stored = (0..<header.count).map { read(bytes, $0 * header.elementSize) }
            return header.isFortran && shape.count > 1 ? Self.turned(stored, shape) : stored
        }
    }

    /// From the first index running fastest to the last one.
    private static func turned<Value>(_ stored: [Value], _ shape: [Int]) -> [Value] {
        let strides = shape.indices.map { shape[..<$0].reduce(1, *) }
        var index = [Int](repeating: 0, count: shape.count)
        var position = 0
        return stored.indices.map { _ in
            defer {
                var axis = shape.count - 1
                while axis >= 0 {
                    index[axis] += 1
                    position += strides[axis]
                    if index[axis] < shape[axis] { break }
                    position -= strides[axis] * shape[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
            return stored[position]
        }
    }

    private static func load<Number: FixedWidthInteger>(
        _: Number.Type, _ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int
    ) -> Number {
        Number(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// IEEE 754 half precision, which not every machine's Swift has.
    private static func half(_ bits: UInt16) -> Float {
        let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
        let magnitude: Float =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
            }
        return bits >> 15 == 1 ? -magnitude : magnitude
    }
}
