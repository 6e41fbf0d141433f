import Foundation

/// MNIST's four files with a few small images, as a person may have them.
enum TinyDigits {
    /// - Parameter shift: added to every label, so that the same images are other data.
    static func write(to folder: URL, shift: Int = 0) throws {
        let folder = folder.appendingPathComponent("mnist", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, count) in [("train", 40), ("t10k", 20)] {
            let pixels = (0..<count * 4).map { UInt8($0 * 37 % 256) }
            let labels = (0..<count).map { UInt8(($0 + shift) % 10) }
            try Data(header(3, [count, 2, 2]) + pixels)
                .write(to: folder.appendingPathComponent("\(name)-images-idx3-ubyte"))
            try Data(header(1, [count]) + labels).write(to: folder.appendingPathComponent("\(name)-labels-idx1-ubyte"))
        }
    }

    private static func header(_ rank: UInt8, _ sizes: [Int]) -> [UInt8] {
        [0, 0, 8, rank] + sizes.flatMap { size in (0..<4).reversed().map { UInt8(size >> (8 * $0) & 255) } }
    }
}
