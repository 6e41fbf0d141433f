extension ImmutableBytes {
    /// Whether these are gzip data, whatever their file is called: no other format that is read starts like this.
    var isGzip: Bool { withBuffer { $0.starts(with: [0x1F, 0x8B]) } }
}

/// Bytes from front to back, decompressed on the way where they are gzip data.
struct ByteStream {
    private let content: ImmutableBytes
    private let path: String
    private let reader: GzipReader?

    /// How many bytes were read so far.
    private(set) var position = 0

    var isCompressed: Bool { reader != nil }

    /// More bytes than this the stream cannot have.
    let greatestCount: Int

    /// - Parameter path: what messages call the data.
    init(_ content: ImmutableBytes, path: String) throws {
        self.content = content
        self.path = path
        reader = content.isGzip ? try GzipReader(content, path: path) : nil
        greatestCount = reader == nil ? content.count : content.count * GzipReader.greatestRatio
    }

    /// Fills `memory` as far as the bytes reach and returns how many that were.
    mutating func read(into memory: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
        let count: Int
        if let reader {
            count = try reader.read(into: memory)
        } else {
            count = min(memory.count, content.count - position)
            content.withBuffer { _ = memory.update(fromContentsOf: $0[position..<(position + count)]) }
        }
        position += count
        guard position <= IDXHeader.greatestFileSize else {
            throw DatasetError.malformed(
                path, "its decompressed data goes on beyond the \(IDXHeader.greatestFileSize) bytes allowed")
        }
        return count
    }

    /// Passes over as many bytes, or all that there are, and returns how many that were.
    mutating func skip(_ count: Int) throws -> Int {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var skipped = 0
        while skipped < count {
            let wanted = min(piece.count, count - skipped)
            let read = try piece.withUnsafeMutableBufferPointer {
                try self.read(into: UnsafeMutableBufferPointer(rebasing: $0[..<wanted]))
            }
            skipped += read
            if read < wanted { break }
        }
        return skipped
    }
}
