/// A dictionary with texts for keys, as the top value of a pickle.
struct PickledDictionary {
    private let reader: PickleReader
    private let items: [PickleValue]
    private let bytes: UnsafeBufferPointer<UInt8>
    private let path: String

    /// Reads the whole pickle.
    ///
    /// - Parameters:
    ///   - bytes: the whole file; they must outlive the value.
    ///   - path: what messages call it.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ bytes: UnsafeBufferPointer<UInt8>, path: String) throws {
        var reader = PickleReader(bytes, path: path)
        guard case .dictionary(let number) = try reader.read() else {
            throw DatasetError.malformed(path, "its pickle is no dictionary")
        }
        self.reader = reader
        self.bytes = bytes
        self.path = path
        items = reader.parts.values[number]
    }

    /// The integers of a list.
    func integers(_ key: String) throws -> [Int] {
        guard case .list(let number) = try value(key) else { throw malformed("its \(key) are no list") }
        return try reader.parts.values[number].enumerated().map { position, value in
            guard case .integer(let integer) = value else {
                throw malformed("its \(key) have no integer at position \(position)")
            }
            return integer
        }
    }

    /// Calls `body` with the unsigned bytes of an array with rows of so many, row by row.
    func withRows<Result>(
        of key: String, size: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result {
        guard case .array(let number) = try value(key), let array = reader.parts.arrays[number] else {
            throw malformed("its \(key) is no array of numpy")
        }
        guard reader.input.has("u1", at: array.elementType) else {
            let type = reader.input.text(array.elementType.prefix(16))
            throw malformed("its \(key) has elements of type \(type), not unsigned bytes (u1)")
        }
        guard array.shape.count == 2, array.shape[0] > 0, array.shape[0] <= bytes.count, array.shape[1] == size else {
            throw malformed("its \(key) is of shape \(array.shape.prefix(8)), not [images, \(size)]")
        }
        let count = array.shape[0] * size
        func withOrdered(_ content: UnsafeBufferPointer<UInt8>) throws -> Result {
            guard array.isFortranOrdered else { return try body(content) }
            return try Self.transpose(content, columns: size).withBuffer(body)
        }
        switch array.content {
        case .bytes(let places) where places.count == count:
            return try withOrdered(UnsafeBufferPointer(rebasing: bytes[places]))
        case .spelledBytes(let places):
            let spelled = UnsafeBufferPointer(rebasing: bytes[places])
            guard let decoded = Self.decode(spelled, count: count) else { fallthrough }
            return try decoded.withBuffer(withOrdered)
        default:
            throw malformed("its \(key) has other bytes than the \(count) of its shape \(array.shape)")
        }
    }

    /// The rows of what is stored column by column.
    private static func transpose(_ content: UnsafeBufferPointer<UInt8>, columns: Int) -> ImmutableBytes {
        let rows = content.count / columns
        return ImmutableBytes(count: content.count) { memory in
            // A cache line of each column at a time.
            for first in stride(from: 0, to: rows, by: 64) {
                for column in 0..<columns {
                    for row in first..<min(first + 64, rows) {
                        memory[row * columns + column] = content[column * rows + row]
                    }
                }
            }
        }
    }

    /// Characters below 256 in UTF-8, as bytes; nil if they are others, or not so many.
    private static func decode(_ text: UnsafeBufferPointer<UInt8>, count: Int) -> ImmutableBytes? {
        guard text.count >= count, text.count - count <= count else { return nil }
        var isSound = true
        let bytes = ImmutableBytes(count: count) { memory in
            var position = 0
            for index in 0..<count where isSound {
                guard position < text.count else {
                    isSound = false
                    break
                }
                let first = text[position]
                if first < 0x80 {
                    memory[index] = first
                    position += 1
                } else {
                    isSound =
                        (first == 0xC2 || first == 0xC3) && position + 1 < text.count
                        && text[position + 1] & 0xC0 == 0x80
                    if isSound { memory[index] = first << 6 | text[position + 1] & 0x3F }
                    position += 2
                }
            }
            isSound = isSound && position == text.count
        }
        return isSound ? bytes : nil
    }

    private func value(_ key: String) throws -> PickleValue {
        let places = stride(from: 0, to: items.count, by: 2).filter { index in
            switch items[index] {
            case .bytes(let text), .text(let text), .spelledBytes(let text): reader.input.has(key, at: text)
            default: false
            }
        }
        guard places.count == 1 else {
            throw malformed("its dictionary has \(places.isEmpty ? "no" : "\(places.count) times") \(key)")
        }
        return items[places[0] + 1]
    }

    private func malformed(_ problem: String) -> DatasetError { .malformed(path, problem) }
}
