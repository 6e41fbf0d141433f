/// Small CIFAR-10 and CIFAR-100 files in the forms in which they are distributed.
enum CIFARFiles {
    /// Images and labels of one file.
    struct Batch {
        var name: String
        /// Lists with the keys of the Python version, in the order of the binary records.
        var labels: [(key: String, values: [UInt8])]

        var count: Int { labels[0].values.count }

        /// Bytes of no pattern that a wrong order would keep.
        var images: [UInt8] {
            var state: UInt32 = name.utf8.reduce(7) { $0 &* 31 &+ UInt32($1) }
            return (0..<(3072 * count)).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(state >> 24)
            }
        }

        var records: [UInt8] {
            let images = images
            return (0..<count).flatMap { image -> [UInt8] in
                labels.map { $0.values[image] } + images[(image * 3072)..<((image + 1) * 3072)]
            }
        }

        func pickle(_ style: PickleWriter.Style) -> [UInt8] {
            PickleWriter.dictionary(style, images: images, labels: labels.reversed())
        }
    }

    /// Two images in each training file and three in the test file.
    static let ten: [Batch] = ((1...5).map { "data_batch_\($0)" } + ["test_batch"]).enumerated().map { index, name in
        Batch(name: name, labels: [("labels", (0..<(index == 5 ? 3 : 2)).map { UInt8((2 * index + $0) % 10) })])
    }

    static let hundred = [
        Batch(name: "train", labels: [("coarse_labels", [3, 19, 0]), ("fine_labels", [7, 99, 0])]),
        Batch(name: "test", labels: [("coarse_labels", [1]), ("fine_labels", [98])]),
    ]

    /// A tar archive of plain files.
    static func tar(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        files.flatMap { file in
            header(file.name, size: file.bytes.count) + file.bytes
                + [UInt8](repeating: 0, count: (512 - file.bytes.count % 512) % 512)
        } + [UInt8](repeating: 0, count: 1024)
    }

    static func header(_ name: String, size: Int, type: UInt8 = UInt8(ascii: "0")) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func octal(_ number: Int, digits: Int) -> [UInt8] {
            let text = String(number, radix: 8)
            return Array((String(repeating: "0", count: digits - text.count) + text).utf8) + [0]
        }
        func write(_ bytes: [UInt8], at offset: Int) {
            header.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        }
        write(Array(name.utf8), at: 0)
        write(octal(0o644, digits: 7), at: 100)
        write(octal(size, digits: 11), at: 124)
        write([UInt8](repeating: 32, count: 8), at: 148)
        header[156] = type
        write(Array("ustar\u{0}00".utf8), at: 257)
        write(octal(header.reduce(0) { $0 + Int($1) }, digits: 6), at: 148)
        return header
    }
}
