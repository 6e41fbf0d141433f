import CCrypto

/// The SHA-256 checksum of bytes that come in pieces.
///
/// ```swift
/// let checksum = SHA256()
/// checksum.add("one piece, ")
/// checksum.add("and another")
/// let digits = checksum.finish()
/// ```
public final class SHA256 {
    private let context = EVP_MD_CTX_new()

    /// The checksum of nothing so far.
    public init() {
        demand(EVP_DigestInit_ex(context, EVP_sha256(), nil))
    }

    private init(goingOnFrom other: SHA256) {
        demand(EVP_MD_CTX_copy_ex(context, other.context))
    }

    /// Another checksum of the same pieces so far, which goes on by itself.
    public func copy() -> SHA256 { SHA256(goingOnFrom: self) }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Goes on with a piece.
    public func add(_ bytes: UnsafeRawBufferPointer) {
        demand(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
    }

    /// Goes on with a piece.
    public func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes(add)
    }

    /// Goes on with the UTF-8 of a text.
    public func add(_ text: String) {
        var text = text
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// The checksum of all pieces, one after the other, as 64 lower-case hexadecimal digits. Nothing can follow it.
    public func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        demand(EVP_DigestFinal_ex(context, &digest, nil))
        return hexadecimal(digest)
    }

    private func demand(_ status: Int32) {
        precondition(status == 1, "libcrypto cannot compute SHA-256")
    }
}

/// SHA-256 of the text's UTF-8, as 64 hexadecimal digits.
public func sha256(_ text: String) -> String {
    let checksum = SHA256()
    checksum.add(text)
    return checksum.finish()
}

extension JSONValue {
    /// SHA-256 of the canonical text, as 64 hexadecimal digits.
    public var contentHash: String { sha256(canonicalText) }
}

/// Two lower-case hexadecimal digits a byte.
public func hexadecimal(_ bytes: some Collection<UInt8>, separator: String = "") -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((2 + separator.utf8.count) * bytes.count)
    for byte in bytes {
        if !text.isEmpty { text.append(contentsOf: separator.utf8) }
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
