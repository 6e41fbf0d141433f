/// Writes messages of Protocol Buffers, field by field.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ field: Int, varint value: UInt64) {
        append(UInt64(field) << 3)
        append(value)
    }

    mutating func write(_ field: Int, double value: Double) {
        append(UInt64(field) << 3 | 1)
        bytes += RecordFile.bytes(value.bitPattern)
    }

    mutating func write(_ field: Int, float value: Float) {
        append(UInt64(field) << 3 | 5)
        bytes += RecordFile.bytes(value.bitPattern)
    }

    mutating func write(_ field: Int, bytes value: some Collection<UInt8>) {
        append(UInt64(field) << 3 | 2)
        append(UInt64(value.count))
        bytes += value
    }

    private mutating func append(_ varint: UInt64) {
        var rest = varint
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Reads messages of Protocol Buffers, field by field.
struct MessageReader {
    typealias Bytes = Slice<UnsafeRawBufferPointer>

    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(Bytes)
        case fixed32(UInt32)
    }

    /// A message that ends within a field, or has a field of no known sort.
    struct Fault: Error {}

    private var rest: Bytes

    init(_ bytes: Bytes) { rest = bytes }

    /// The next field and its number; nil at the end.
    mutating func next() throws -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let key = try varint()
        let field = Int(truncatingIfNeeded: key >> 3)
        switch key & 7 {
        case 0: return (field, .varint(try varint()))
        case 1: return (field, .fixed64(try number(take(8))))
        case 2:
            let count = try varint()
            guard count <= UInt64(rest.count) else { throw Fault() }
            return (field, .bytes(try take(Int(count))))
        case 5: return (field, .fixed32(try number(take(4))))
        default: throw Fault()
        }
    }

    private mutating func take(_ count: Int) throws -> Bytes {
        guard rest.count >= count else { throw Fault() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private func number<Number: FixedWidthInteger>(_ bytes: Bytes) -> Number {
        bytes.reversed().reduce(0) { $0 << 8 | Number($1) }
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Fault() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Fault()
    }
}
