import Foundation
import JournalStore

/// Files of records, as TensorBoard has them (TFRecord): the length, its checksum, the bytes, their checksum; numbers
/// little-endian.
enum RecordFile {
    static func append(_ record: [UInt8], to file: inout [UInt8]) {
        let length = bytes(UInt64(record.count))
        file += length
        file += bytes(MaskedChecksum.of(length))
        file += record
        file += bytes(MaskedChecksum.of(record))
    }

    static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }

    /// Hands over the records of a file. One that is cut off at its end, as a program leaves it that still writes or was
    /// killed, ends the file.
    ///
    /// - Throws: `JournalError` of kind `badData` with the place of a record that does not fit its checksum.
    static func forEachRecord(of path: String, _ body: (Slice<UnsafeRawBufferPointer>) throws -> Void) throws {
        let file: Data
        do {
            file = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw JournalError(.inputOutput, "\(path) cannot be read")
        }
        try file.withUnsafeBytes { file in
            var position = 0
            func number<Number: FixedWidthInteger>(at offset: Int, _: Number.Type) -> Number {
                Number(littleEndian: file.loadUnaligned(fromByteOffset: offset, as: Number.self))
            }
            while file.count - position >= 12 {
                let length = number(at: position, UInt64.self)
                guard MaskedChecksum.of(file[position..<position + 8]) == number(at: position + 8, UInt32.self) else {
                    throw JournalError(.badData, "\(path) is no event file, or is damaged, at byte \(position)")
                }
                guard length <= UInt64(max(0, file.count - position - 16)) else { return }
                let start = position + 12
                let end = start + Int(length)
                guard MaskedChecksum.of(file[start..<end]) == number(at: end, UInt32.self) else {
                    throw JournalError(.badData, "\(path) is damaged: the record at byte \(position)")
                }
                try body(file[start..<end])
                position = end + 4
            }
        }
    }
}
