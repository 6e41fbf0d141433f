/// The bytes of a pickle, from front to back.
struct PickleInput {
    let bytes: UnsafeBufferPointer<UInt8>
    /// What messages call the file.
    let path: String
    private(set) var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) {
        self.bytes = bytes
        self.path = path
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The places of the next `count` bytes, which are passed over.
    mutating func take(_ count: Int) throws -> Range<Int> {
        guard count >= 0, count <= bytes.count - position else {
            throw malformed(
                "it is cut short: \(count) bytes are announced and \(bytes.count - position) follow", at: position)
        }
        position += count
        return (position - count)..<position
    }

    /// A number of so many bytes, the lowest first, at most 8.
    mutating func unsigned(_ size: Int) throws -> Int {
        let start = position
        let number = bytes[try take(size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: number) else { throw malformed("\(number) is no size", at: start) }
        return number
    }

    /// A number in two's complement of so many bytes, at most 8.
    mutating func signed(_ size: Int) throws -> Int {
        let number = bytes[try take(size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let unused = 64 - 8 * size
        return size == 0 ? 0 : Int(Int64(bitPattern: number << UInt64(unused)) >> Int64(unused))
    }

    /// A name up to the end of its line.
    mutating func line() throws -> String {
        let start = position
        guard let length = bytes[start...].prefix(100).firstIndex(of: 0x0A).map({ $0 - start }) else {
            throw malformed("a name does not end", at: start)
        }
        return text(try take(length + 1).dropLast())
    }

    /// What stands at these places, for comparisons and messages.
    func text(_ places: Range<Int>) -> String { String(decoding: bytes[places], as: UTF8.self) }

    /// Whether exactly this text stands at these places.
    func has(_ text: String, at places: Range<Int>) -> Bool { bytes[places].elementsEqual(text.utf8) }

    func malformed(_ problem: String, at offset: Int) -> DatasetError {
        .malformed(path, "\(problem), at offset \(offset) of the pickle")
    }
}
