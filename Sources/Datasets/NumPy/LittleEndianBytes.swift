/// Numbers in bytes, the lowest byte first, read where they are and never beyond the end.
struct LittleEndianBytes {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var count: Int { bytes.count }

    /// The number of `size` bytes at an offset; nil where the bytes end before it does.
    func number(at offset: Int, size: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        return (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    /// A part of the bytes; nil where they end before it does.
    func part(at offset: Int, count: Int) -> UnsafeBufferPointer<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count - count else { return nil }
        return UnsafeBufferPointer(rebasing: bytes[offset..<offset + count])
    }
}
