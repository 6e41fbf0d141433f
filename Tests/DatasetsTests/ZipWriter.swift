import CZlib

@testable import Datasets

/// Zip archives and the arrays of NumPy in them, as NumPy writes them.
enum ZipWriter {
    /// - Parameter isDeflated: whether the files are compressed.
    static func archive(_ files: [(name: String, bytes: [UInt8])], isDeflated: Bool) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let packed = isDeflated ? deflated(file.bytes) : file.bytes
            let checksum = Int(crc32(0, file.bytes, uInt(file.bytes.count)))
            let sizes = little(checksum, 4) + little(packed.count, 4) + little(file.bytes.count, 4)
            let common = little(20, 2) + little(0, 2) + little(isDeflated ? 8 : 0, 2) + little(0, 4) + sizes
            let name = Array(file.name.utf8)
            directory +=
                little(0x0201_4B50, 4) + little(20, 2) + common + little(name.count, 2) + little(0, 12)
                + little(archive.count, 4) + name
            // NumPy leaves room for larger sizes in a file's own header.
            archive += little(0x0403_4B50, 4) + common + little(name.count, 2) + little(20, 2) + name
            archive += [UInt8](repeating: 0, count: 20) + packed
        }
        let end =
            little(0x0605_4B50, 4) + little(0, 4) + little(files.count, 2) + little(files.count, 2)
            + little(directory.count, 4) + little(archive.count, 4) + little(0, 2)
        return archive + directory + end
    }

    /// An `.npy` file.
    static func array(_ type: String, _ shape: [Int], _ elements: [UInt8], isFortran: Bool = false, version: Int = 1)
        -> [UInt8]
    {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let text = "{'descr': '\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(sizes)), }   \n"
        return [0x93] + Array("NUMPY".utf8) + [UInt8(version), 0] + little(text.utf8.count, version == 1 ? 2 : 4)
            + Array(text.utf8) + elements
    }

    static func little(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * min($0, 7))) }
    }

    /// Deflated data alone, without a wrapping.
    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        // Behind the ten bytes of a gzip header, and before the eight of its end.
        Array(TestFiles.gzip(bytes).dropFirst(10).dropLast(8))
    }
}
