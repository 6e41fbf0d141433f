import Nouns

/// A file in the IDX format of MNIST: a header of big-endian numbers, then unsigned bytes, the last dimension fastest.
struct IDXFile: Sendable {
    /// What messages call the file.
    let path: String
    let dimensions: [Int]
    let bytes: ImmutableBytes

    /// Of `bytes`.
    let checksum: TrailingChecksum

    /// Where the values start.
    let offset: Int

    /// A copy of the values.
    var values: [UInt8] { bytes.withBuffer { Array($0[offset...]) } }

    /// Reads a file's bytes, compressed or not, and checks that they are what the header promises, to the last byte.
    ///
    /// - Parameter rank: how many dimensions the file must have.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ content: ImmutableBytes, isCompressed: Bool, path: String, rank: Int) throws {
        let checksum = TrailingChecksum()
        let bytes =
            isCompressed ? try Self.decompress(content, path: path, rank: rank, followedBy: checksum) : content
        let header = try bytes.withBuffer { try IDXHeader($0.prefix(4 + 4 * rank), path: path, rank: rank) }
        try header.check(available: bytes.count, path: path)
        if bytes.count > header.fileSize {
            let excess = bytes.count - header.fileSize
            throw DatasetError.malformed(
                path, "\(excess) bytes follow offset \(header.fileSize), where its header says that it ends")
        }
        if !isCompressed {
            bytes.withBuffer(checksum.add)
            checksum.wait()
        }
        self.path = path
        self.dimensions = header.dimensions
        self.bytes = bytes
        self.checksum = checksum
        self.offset = header.size
    }

    /// How many bytes are decompressed before their checksum goes on: they are still in the caches when it does.
    private static let pieceSize = 1 << 18

    /// Never makes more room than the header promises, and one byte to see whether the data goes on beyond it.
    private static func decompress(
        _ content: ImmutableBytes, path: String, rank: Int, followedBy checksum: TrailingChecksum
    ) throws -> ImmutableBytes {
        let reader = try GzipReader(content, path: path)
        var start = [UInt8](repeating: 0, count: 4 + 4 * rank)
        let startCount = try start.withUnsafeMutableBufferPointer { try reader.read(into: $0) }
        let header = try IDXHeader(start.prefix(startCount), path: path, rank: rank)
        try header.check(available: content.count * GzipReader.greatestRatio, path: path)

        let bytes = try ImmutableBytes(count: header.fileSize) { memory in
            // However this ends, the memory may be gone after it.
            defer { checksum.wait() }
            var count = memory.initialize(from: start).index
            checksum.add(UnsafeBufferPointer(rebasing: memory[..<count]))
            while count < memory.count {
                let room = memory[count..<min(count + pieceSize, memory.count)]
                let filled = try reader.read(into: UnsafeMutableBufferPointer(rebasing: room))
                checksum.add(UnsafeBufferPointer(rebasing: room.prefix(filled)))
                count += filled
                if filled < room.count { break }
            }
            try header.check(available: count, path: path)
        }
        var beyond: [UInt8] = [0]
        if try beyond.withUnsafeMutableBufferPointer({ try reader.read(into: $0) }) > 0 {
            throw DatasetError.malformed(
                path,
                """
                its decompressed data goes on beyond offset \(header.fileSize), where its header says that it ends
                """)
        }
        return bytes
    }
}

/// What the first bytes of an IDX file say.
struct IDXHeader {
    let dimensions: [Int]

    /// The bytes of the header, and of the whole file.
    let size: Int
    let fileSize: Int

    /// Far more than any data set here has, and little enough for any machine's memory.
    static let greatestFileSize = 1 << 30

    /// - Parameter bytes: the first 4 + 4 · `rank` bytes of the file, or all there are.
    init(_ bytes: some Collection<UInt8>, path: String, rank: Int) throws {
        let bytes = Array(bytes)
        size = 4 + 4 * rank
        guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
            throw DatasetError.malformed(
                path,
                """
                not an IDX file: it starts with \
                \(bytes.isEmpty ? "nothing" : hexadecimal(bytes.prefix(4), separator: " ")) where 00 00 08 0\(rank) is expected, at offset 0
                """)
        }
        guard bytes[2] == 8 else {
            throw DatasetError.malformed(
                path,
                """
                its values are of IDX type \(hexadecimal(bytes[2...2])) where 08 (unsigned bytes) is expected, \
                at offset 2
                """)
        }
        guard bytes[3] == rank else {
            throw DatasetError.malformed(path, "it has \(bytes[3]) dimensions where \(rank) are expected, at offset 3")
        }
        guard bytes.count == size else {
            throw DatasetError.malformed(path, "it ends at offset \(bytes.count), inside its header of \(size) bytes")
        }
        dimensions = (0..<rank).map { dimension in
            bytes[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
        }
        var total = 1
        for (position, dimension) in dimensions.enumerated() {
            let product = total.multipliedReportingOverflow(by: dimension)
            guard dimension > 0, !product.overflow, product.partialValue <= Self.greatestFileSize - size else {
                throw DatasetError.malformed(
                    path,
                    """
                    dimension \(position + 1) is \(dimension), at offset \(4 + 4 * position): \
                    dimensions are at least 1, and a file at most \(Self.greatestFileSize) bytes
                    """)
            }
            total = product.partialValue
        }
        fileSize = size + total
    }

    /// Refuses a file that has, or at most can have, fewer bytes than its header promises.
    func check(available: Int, path: String) throws {
        guard available >= fileSize else {
            throw DatasetError.malformed(
                path,
                """
                it is cut short: its header promises \(fileSize) bytes (dimensions \(dimensions)), \
                and it has no more than \(available)
                """)
        }
    }
}
