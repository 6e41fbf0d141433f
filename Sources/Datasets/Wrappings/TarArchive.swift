import Foundation

/// A tar archive, compressed or not, as far as distributed data needs it: plain files with short names. What else an
/// archive may have, such as folders, links and extended headers, is passed over.
struct TarArchive {
    /// A file of the archive.
    struct Member {
        /// What messages call it.
        let path: String
        let bytes: ImmutableBytes
    }

    private static let blockSize = 512

    private let path: String
    private var stream: ByteStream
    private var members: [String: Member] = [:]

    private init(_ content: ImmutableBytes, path: String) throws {
        self.path = path
        stream = try ByteStream(content, path: path)
    }

    /// Reads the files that go by one of these names, in whatever folder of the archive they are, and the rest only to
    /// see that the archive is sound.
    ///
    /// - Parameter path: what messages call the archive.
    /// - Returns: the files by their names, as far as the archive has them.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    static func read(_ names: [String], of content: ImmutableBytes, path: String) throws -> [String: Member] {
        var archive = try TarArchive(content, path: path)
        while try archive.readMember(wanted: names) {}
        // The checksum of gzip data is at its very end.
        _ = try archive.stream.skip(.max)
        return archive.members
    }

    /// - Returns: false at the end of the archive.
    private mutating func readMember(wanted: [String]) throws -> Bool {
        let start = stream.position
        var header = [UInt8](repeating: 0, count: Self.blockSize)
        let count = try header.withUnsafeMutableBufferPointer { try stream.read(into: $0) }
        if count == 0, start > 0 { return false }
        guard count == header.count else { throw malformed("it is cut short inside a header", at: start) }
        if start > 0, header.allSatisfy({ $0 == 0 }) { return false }
        let sum = header.reduce(0) { $0 + Int($1) } - header[148..<156].reduce(0) { $0 + Int($1) } + 8 * 32
        guard Self.number(header[148..<156]) == sum else {
            throw malformed(start == 0 ? "not a tar archive" : "no sound tar header", at: start)
        }
        guard let size = Self.number(header[124..<136]), size <= stream.greatestCount - stream.position else {
            throw malformed("its header has a file of more bytes than follow", at: start + 124)
        }
        let fullName = String(decoding: header.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
        let name = fullName.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let isPlainFile = [0, UInt8(ascii: "0"), UInt8(ascii: "7")].contains(header[156])
        let padding = (Self.blockSize - size % Self.blockSize) % Self.blockSize
        if isPlainFile, wanted.contains(name) {
            guard members[name] == nil else { throw malformed("it has two files \(name)", at: start) }
            let bytes = try content(size, of: fullName)
            members[name] = Member(path: "\(path), in it \(fullName)", bytes: bytes)
        } else {
            guard try stream.skip(size) == size else { throw cutShort(fullName) }
        }
        guard try stream.skip(padding) == padding else { throw cutShort(fullName) }
        return true
    }

    private mutating func content(_ size: Int, of fullName: String) throws -> ImmutableBytes {
        guard size <= IDXHeader.greatestFileSize else {
            throw malformed(
                "\(fullName) has more bytes than the \(IDXHeader.greatestFileSize) allowed", at: stream.position)
        }
        return try ImmutableBytes(count: size) { memory in
            guard try stream.read(into: memory) == size else { throw cutShort(fullName) }
        }
    }

    /// Octal digits, with spaces before them, and a space or a zero behind them.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        let text = field.prefix { $0 != 0 }
        return Int(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespaces), radix: 8)
            .flatMap { $0 < 0 ? nil : $0 }
    }

    private func cutShort(_ name: String) -> DatasetError {
        malformed("it is cut short inside \(name)", at: stream.position)
    }

    private func malformed(_ problem: String, at offset: Int) -> DatasetError {
        .malformed(path, "\(problem), at offset \(offset)\(stream.isCompressed ? " of its decompressed data" : "")")
    }
}
