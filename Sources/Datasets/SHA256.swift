import CCrypto

/// The SHA-256 of several pieces of memory, one after the other, in lower-case hexadecimal digits.
func sha256(_ pieces: [UnsafeBufferPointer<UInt8>]) -> String {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    var succeeded = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    for piece in pieces {
        succeeded = succeeded && EVP_DigestUpdate(context, piece.baseAddress, piece.count) == 1
    }
    succeeded = succeeded && EVP_DigestFinal_ex(context, &digest, &length) == 1
    precondition(succeeded, "libcrypto cannot compute SHA-256")

    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.prefix(Int(length)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
