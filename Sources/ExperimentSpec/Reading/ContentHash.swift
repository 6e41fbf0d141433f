import CCrypto

extension JSONValue {
    /// SHA-256 of the canonical text, as 64 hexadecimal digits.
    public var contentHash: String { sha256(canonicalText) }
}

/// SHA-256 of the text's UTF-8, as 64 hexadecimal digits.
public func sha256(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let digest = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
        SHA256(bytes, bytes.count, buffer.baseAddress)
        count = Int(SHA256_DIGEST_LENGTH)
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 2 * digest.count) { text in
        for (index, byte) in digest.enumerated() {
            text[2 * index] = digits[Int(byte >> 4)]
            text[2 * index + 1] = digits[Int(byte & 15)]
        }
        return 2 * digest.count
    }
}
