import Foundation
import Wording

/// A picture in a file, in whichever of the formats that are read its bytes are, whatever its name ends with.
struct PictureFile {
    /// What a header says.
    struct Header: Hashable {
        let size: PictureSize
        let hasColours: Bool
    }

    /// Endings of names by which pictures are known, in lower case.
    static let endings = ["png", "jpg", "jpeg", "ppm", "pgm"]

    /// More than any camera's, and little enough for any machine's memory.
    private static let mostPixels = 1 << 28

    let header: Header
    private let decoder: any PictureDecoder
    private let path: String

    /// Reads a file and its header.
    ///
    /// - Throws: `DatasetError`.
    init(_ path: String) throws {
        self.path = path
        let bytes = try ImmutableBytes.reading(URL(fileURLWithPath: path))
        let decoder: any PictureDecoder = try bytes.withBuffer { start in
            if start.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return PNGDecoder(bytes: bytes) }
            if start.starts(with: [0xFF, 0xD8]) { return JPEGDecoder(bytes: bytes) }
            if start.starts(with: Array("P5".utf8)) || start.starts(with: Array("P6".utf8)) {
                return PixmapDecoder(bytes: bytes)
            }
            throw DatasetError.fault(
                in: path,
                "\(start.isEmpty ? "an empty file" : "not a picture"); allowed: PNG, JPEG, PPM and PGM (P5, P6)")
        }
        self.decoder = decoder
        header = try Self.told(path, decoder) { try decoder.header() }
        guard header.size.height > 0, header.size.width > 0,
            header.size.height <= Self.mostPixels / header.size.width
        else {
            throw DatasetError.fault(in: path, "its size is \(header.size); allowed: up to \(Self.mostPixels) pixels")
        }
    }

    /// The pixels.
    ///
    /// - Throws: `DatasetError` of kind `malformedFile` where the picture is broken.
    func decoded() throws -> Raster { try Self.told(path, decoder) { try decoder.decoded() } }

    private static func told<Result>(
        _ path: String, _ decoder: any PictureDecoder, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as PictureFault {
            throw DatasetError.fault(
                in: path, "a broken \(decoder.format) picture (\(error.description)). Replace it, or take it away")
        }
    }
}

/// What is wrong with a picture, as a phrase.
struct PictureFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Reads pictures of one format.
protocol PictureDecoder {
    /// What people call the format.
    var format: String { get }

    /// - Throws: `PictureFault`.
    func header() throws -> PictureFile.Header

    /// - Throws: `PictureFault`.
    func decoded() throws -> Raster
}
