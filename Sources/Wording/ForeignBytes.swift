import Foundation

/// Text that came as bytes, some of which are not UTF-8: names of files in another encoding.
///
/// Each such byte is kept as a character of its own, from a range for private use, so that text made of a path and cut
/// out of one leads back to the very bytes. (Python does the same with characters that Swift's strings cannot hold.)
public enum ForeignBytes {
    /// U+EF80 to U+EFFF stand for the bytes 0x80 to 0xFF.
    private static let base: UInt32 = 0xEF00
    private static let range = base + 0x80...base + 0xFF

    /// Whether some of the text stands for bytes that are not UTF-8.
    public static func isIn(_ text: String) -> Bool { text.unicodeScalars.contains { range.contains($0.value) } }

    /// The text of these bytes.
    public static func text(of bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !isIn(text) { return text }
        var scalars = String.UnicodeScalarView()
        var position = 0
        while position < bytes.count {
            let scalar = (1...4).lazy.compactMap { length -> Unicode.Scalar? in
                guard position + length <= bytes.count else { return nil }
                let found = String(validating: bytes[position..<position + length], as: UTF8.self)?.unicodeScalars
                return found?.count == 1 ? found?.first : nil
            }.first
            if let scalar, !range.contains(scalar.value) {
                scalars.append(scalar)
                position += String(scalar).utf8.count
            } else {
                scalars.append(standIn(for: bytes[position]))
                position += 1
            }
        }
        return String(scalars)
    }

    /// The bytes that the text came from.
    public static func bytes(of text: String) -> [UInt8] {
        guard isIn(text) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar in
            range.contains(scalar.value) ? [UInt8(scalar.value - base)] : Array(String(scalar).utf8)
        }
    }

    /// The text with those bytes as people write them: `caf\xE9`.
    public static func shown(_ text: String) -> String {
        guard isIn(text) else { return text }
        return text.unicodeScalars.map { scalar in
            range.contains(scalar.value)
                ? "\\x" + String(scalar.value - base, radix: 16, uppercase: true) : String(scalar)
        }.joined()
    }

    /// Calls `body` with a path as the system's calls take it.
    public static func withPath<Result>(
        _ path: String, _ body: (UnsafePointer<CChar>) throws -> Result
    ) rethrows -> Result {
        let bytes = (bytes(of: path) + [0]).map(CChar.init(bitPattern:))
        return try bytes.withUnsafeBufferPointer { try body($0.baseAddress!) }
    }

    /// Whether anything of that path is there.
    public static func isThere(_ path: String) -> Bool { withPath(path) { access($0, F_OK) } == 0 }

    private static func standIn(for byte: UInt8) -> Unicode.Scalar { Unicode.Scalar(base + UInt32(byte))! }
}
