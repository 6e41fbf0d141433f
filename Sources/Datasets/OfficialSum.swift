import Nouns

/// What is known of a file's official bytes: a SHA-256 in hexadecimal digits.
enum OfficialSum: Hashable, Sendable {
    /// Of the decompressed bytes.
    case content(String)
    /// Of the file compressed as it is distributed.
    case archive(String)

    /// Whether a file is the official one; nil where it was decompressed and the sum is that of the archive.
    ///
    /// - Parameters:
    ///   - file: the bytes of the file.
    ///   - content: the checksum of the same decompressed.
    func agrees(file: ImmutableBytes, isCompressed: Bool, content: TrailingChecksum) -> Bool? {
        switch self {
        case .content(let sum): content.value.finish() == sum
        case .archive(let sum): isCompressed ? sha256(file) == sum : nil
        }
    }
}
