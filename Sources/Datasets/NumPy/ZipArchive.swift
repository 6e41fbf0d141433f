import CZlib

/// A zip archive, as far as `.npz` files need it: members that are stored or deflated, of an archive in one file of less
/// than 4 GB (APPNOTE 6.3, sections 4.3 to 4.5).
struct ZipArchive {
    /// A file of the archive, as its directory has it.
    private struct Entry {
        var method = 0
        var checksum = 0
        var packedSize = 0
        var size = 0
        var offset = 0
    }

    private let content: ImmutableBytes
    private let path: String
    private var entries: [String: Entry] = [:]

    /// The names of the files, sorted.
    var names: [String] { entries.keys.sorted() }

    /// Reads the directory.
    ///
    /// - Parameter path: what messages call the archive.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ content: ImmutableBytes, path: String) throws {
        self.content = content
        self.path = path
        entries = try content.withBuffer { try Self.directory(LittleEndianBytes($0), path: path) }
    }

    private static func directory(_ bytes: LittleEndianBytes, path: String) throws -> [String: Entry] {
        // The directory's end is the end of the file, but for a comment.
        let last = bytes.count - 22
        let end = stride(from: last, through: max(0, last - 0xFFFF), by: -1).first {
            bytes.number(at: $0, size: 4) == 0x0605_4B50
        }
        guard let end, let count = bytes.number(at: end + 10, size: 2),
            var position = bytes.number(at: end + 16, size: 4)
        else { throw DatasetError.fault(in: path, "not a zip archive, which an .npz file is, or cut short") }
        guard position != 0xFFFF_FFFF else {
            throw DatasetError.fault(in: path, "a zip archive of 4 GB or more; allowed: a smaller one")
        }
        var entries: [String: Entry] = [:]
        for _ in 0..<count {
            func number(_ offset: Int, _ size: Int) throws -> Int {
                guard let number = bytes.number(at: position + offset, size: size) else {
                    throw DatasetError.fault(in: path, "its directory is cut short at offset \(position)")
                }
                return number
            }
            guard try number(0, 4) == 0x0201_4B50 else {
                throw DatasetError.fault(in: path, "its directory has no sound entry at offset \(position)")
            }
            let nameSize = try number(28, 2)
            guard let name = bytes.part(at: position + 46, count: nameSize) else {
                throw DatasetError.fault(in: path, "its directory is cut short at offset \(position)")
            }
            entries[String(decoding: name, as: UTF8.self)] = Entry(
                method: try number(8, 2) & 1 == 0 ? number(10, 2) : -1, checksum: try number(16, 4),
                packedSize: try number(20, 4), size: try number(24, 4), offset: try number(42, 4))
            position += try 46 + nameSize + number(30, 2) + number(32, 2)
        }
        return entries
    }

    /// The bytes of a file, checked against its checksum; nil where there is none of that name.
    ///
    /// - Throws: `DatasetError` of kind `malformedFile`.
    func read(_ name: String) throws -> ImmutableBytes? {
        guard let entry = entries[name] else { return nil }
        return try content.withBuffer { bytes in
            let bytes = LittleEndianBytes(bytes)
            // Its own header may have more fields than the directory's copy.
            guard bytes.number(at: entry.offset, size: 4) == 0x0403_4B50,
                let nameSize = bytes.number(at: entry.offset + 26, size: 2),
                let extraSize = bytes.number(at: entry.offset + 28, size: 2),
                let packed = bytes.part(at: entry.offset + 30 + nameSize + extraSize, count: entry.packedSize)
            else { throw fault(name, "it is not where the directory says, at offset \(entry.offset)") }
            let unpacked = try unpack(packed, entry, name)
            let checksum = unpacked.withBuffer { crc32(0, $0.baseAddress, uInt($0.count)) }
            guard Int(checksum) == entry.checksum else { throw fault(name, "its bytes do not have their checksum") }
            return unpacked
        }
    }

    private func unpack(
        _ packed: UnsafeBufferPointer<UInt8>, _ entry: Entry, _ name: String
    ) throws -> ImmutableBytes {
        switch entry.method {
        case 0:
            guard entry.size == packed.count else {
                throw fault(name, "its two sizes differ, and it is not compressed")
            }
            return ImmutableBytes(packed)
        case 8:
            let most = min(IDXHeader.greatestFileSize, packed.count * GzipReader.greatestRatio)
            guard entry.size <= most else { throw fault(name, "its \(entry.size) bytes are more than it can have") }
            return try ImmutableBytes(count: entry.size) { memory in
                guard Self.inflate(packed, into: memory) else { throw fault(name, "not sound deflated data") }
            }
        case -1: throw fault(name, "it is encrypted")
        default: throw fault(name, "compressed by method \(entry.method); allowed: 0 (stored) and 8 (deflated)")
        }
    }

    /// - Returns: whether the data came to as many bytes as there is memory for, and no more.
    private static func inflate(
        _ packed: UnsafeBufferPointer<UInt8>, into memory: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        var stream = z_stream()
        stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
        stream.avail_in = uInt(packed.count)
        stream.next_out = memory.baseAddress
        stream.avail_out = uInt(memory.count)
        // No wrapping around the data: its window of 15 bits, negated.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return false
        }
        defer { inflateEnd(&stream) }
        return CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0
    }

    private func fault(_ name: String, _ problem: String) -> DatasetError {
        .fault(in: "\(path), in it \(name)", problem)
    }
}
