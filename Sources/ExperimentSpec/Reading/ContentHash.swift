import CCrypto

extension JSONValue {
    /// SHA-256 of the canonical text, as 64 hexadecimal digits.
    public var contentHash: String { sha256(canonicalText) }
}

/// SHA-256 of the text's UTF-8, as 64 hexadecimal digits.
func sha256(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let digest = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
        SHA256(bytes, bytes.count, buffer.baseAddress)
        count = Int(SHA256_DIGEST_LENGTH)
    }
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
