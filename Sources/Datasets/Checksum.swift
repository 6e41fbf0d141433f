import Nouns

extension SHA256 {
    /// Goes on with a piece.
    public func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        add(UnsafeRawBufferPointer(bytes))
    }

    /// Goes on with a piece.
    func add(_ bytes: ImmutableBytes) {
        bytes.withBuffer(add)
    }
}

/// The checksum of one piece.
func sha256(_ bytes: ImmutableBytes) -> String {
    let checksum = SHA256()
    checksum.add(bytes)
    return checksum.finish()
}
