/// The checksum of TensorBoard's record files: CRC-32C (Castagnoli), rotated and shifted so that a checksum of data that
/// hold checksums is none of theirs.
enum MaskedChecksum {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let checksum = table.withUnsafeBufferPointer { table in
            ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
        }
        return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }
}
