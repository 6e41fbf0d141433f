import CZlib
import Foundation
import Nouns
import Testing

@testable import Datasets

/// A folder of its own for one test, removed with the value.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("journal-datasets-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Paths of all files below, relative to the folder, sorted.
    func files() -> [String] {
        let names = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }
}

/// Small files in the formats that the library reads.
enum TestFiles {
    /// Some data sets for libraries to find.
    static let sources: [any DatasetSource] = [
        IDXDataset.mnist, IDXDataset.fashionMNIST, CIFAR.ten, CIFAR.hundred, CIFAR.hundredCoarse, SyntheticDigits(),
    ]

    static func idx(_ dimensions: [UInt32], _ values: [UInt8]) -> [UInt8] {
        [0, 0, 8, UInt8(dimensions.count)] + dimensions.flatMap(bigEndian) + values
    }

    static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        deflateInit2_(
            stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(stream, UInt(bytes.count))))
        let written = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = uInt(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = uInt(output.count)
                deflate(stream, Z_FINISH)
                return Int(stream.pointee.total_out)
            }
        }
        return Array(output.prefix(written))
    }

    /// The four files of a data set with 5 training and 3 test images of 2 × 3, where byte k of image i is 10 i + k.
    static func parts() -> [(name: String, bytes: [UInt8])] {
        func images(_ count: UInt32) -> [UInt8] {
            idx([count, 2, 3], (0..<count).flatMap { image in (0..<6).map { UInt8(10 * image + $0) } })
        }
        return [
            ("train-images-idx3-ubyte", images(5)), ("train-labels-idx1-ubyte", idx([5], [3, 1, 4, 1, 9])),
            ("t10k-images-idx3-ubyte", images(3)), ("t10k-labels-idx1-ubyte", idx([3], [2, 7, 0])),
        ]
    }

    /// A source whose official files are those of `parts()`.
    ///
    /// - Parameter archives: whether the official sums are those of the compressed files.
    static func source(mirrors: [URL] = [], archives: Bool = false) -> IDXDataset {
        IDXDataset(
            name: "small", classes: 10, folders: FolderNames(own: ["small"], around: ["small"], inside: ["raw"]),
            parts: parts().map { part in
                IDXDataset.Part(
                    fileName: part.name,
                    official: archives
                        ? .archive(sha256(ImmutableBytes(gzip(part.bytes))))
                        : .content(sha256(ImmutableBytes(part.bytes))),
                    rank: part.name.contains("images") ? 3 : 1)
            },
            mirrors: mirrors)
    }
}

/// What the message says where `read` must refuse the bytes of the file at `path`.
func refusal(of path: String, _ read: () throws -> Void) -> String {
    do {
        try read()
        return "accepted"
    } catch let error as DatasetError {
        #expect(error.kind == .malformedFile)
        #expect(error.description.hasPrefix("\(path): "))
        return error.description
    } catch {
        return "another error: \(error)"
    }
}

/// Collects what the library reports.
final class Reports {
    private(set) var messages: [String] = []

    func add(_ message: String) {
        messages.append(message)
    }
}
