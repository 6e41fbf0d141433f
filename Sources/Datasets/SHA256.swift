import CCrypto

/// The SHA-256 checksum of bytes that come in pieces.
final class SHA256 {
    private let context = EVP_MD_CTX_new()

    init() {
        demand(EVP_DigestInit_ex(context, EVP_sha256(), nil))
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Goes on with a piece.
    func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        demand(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
    }

    func add(_ bytes: ImmutableBytes) {
        bytes.withBuffer(add)
    }

    func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer(add)
    }

    /// The checksum of all pieces, one after the other, in lower-case hexadecimal digits. Nothing can follow it.
    func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        demand(EVP_DigestFinal_ex(context, &digest, nil))
        return hexadecimal(digest)
    }

    private func demand(_ status: Int32) {
        precondition(status == 1, "libcrypto cannot compute SHA-256")
    }
}

/// Two lower-case hexadecimal digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: separator)
}

/// The checksum of one piece.
func sha256(_ bytes: ImmutableBytes) -> String {
    let checksum = SHA256()
    checksum.add(bytes)
    return checksum.finish()
}
