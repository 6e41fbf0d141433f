import Foundation
import Testing

@testable import Datasets

/// Pictures, one at a time.
@Suite struct PictureTests {
    private static let colours: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    private static let greys: [UInt8] = [0, 50, 100, 150, 200, 250]

    private static func file<Result>(_ bytes: [UInt8], _ body: (PictureFile) throws -> Result) throws -> Result {
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "picture")
        return try body(PictureFile(folder.url.appendingPathComponent("picture").path))
    }

    private static func ppm(_ header: String, _ pixels: [UInt8]) -> [UInt8] { Array(header.utf8) + pixels }

    @Test(arguments: [
        (Fixtures.colours, colours), (Fixtures.palette, colours), (Fixtures.greys, greys), (Fixtures.deep, greys),
        (
            Fixtures.transparent, [255, 0, 0, 0, 128, 0, 0, 0, 0, 10, 20, 30, 40, 50, 60, 18, 20, 23]
        ),
        (ppm("P6\n# made by hand\n3 2\n255\n", colours), colours), (ppm("P5 3 2 255 ", greys), greys),
        (ppm("P5 3 2 250\n", greys), [0, 51, 102, 153, 204, 255]),
    ])
    func pixelsAreThoseOfTheFile(bytes: [UInt8], pixels: [UInt8]) throws {
        let (header, raster) = try Self.file(bytes) { ($0.header, try $0.decoded()) }
        #expect(header.size == PictureSize(height: 2, width: 3))
        #expect(header.hasColours == (pixels.count == 18))
        #expect(raster.pixels == pixels)
    }

    @Test func jpegIsRead() throws {
        let grey = try Self.file(Fixtures.greyJPEG) { try $0.decoded() }
        #expect(grey.channels == 1 && grey.pixels == [UInt8](repeating: 100, count: 64))
        let colour = try Self.file(Fixtures.colourJPEG) { try $0.decoded() }
        #expect((colour.height, colour.width, colour.channels) == (8, 16, 3))
        for (value, expected) in zip(colour.pixels.prefix(3), [200, 100, 50]) {
            #expect(abs(Int(value) - expected) < 4)
        }
    }

    @Test func brokenPicturesAreTold() throws {
        for (whole, format) in [
            (Fixtures.colours, "PNG"), (Fixtures.colourJPEG, "JPEG"), (Self.ppm("P6 3 2 255 ", Self.colours), "PPM"),
        ] {
            let cut = Array(whole.dropLast(whole.count / 4))
            let error = #expect(throws: DatasetError.self) { try Self.file(cut) { _ = try $0.decoded() } }
            #expect(error?.kind == .malformedFile)
            #expect(error?.description.contains("/picture: a broken \(format) picture (") == true)
        }
        for bytes in [[], Array("GIF89a".utf8)] {
            let error = #expect(throws: DatasetError.self) { try Self.file(bytes) { _ = $0 } }
            #expect(error?.description.contains("allowed: PNG, JPEG, PPM and PGM") == true)
        }
    }

    @Test func damagedPicturesNeverTrap() throws {
        for whole in [Fixtures.colours, Fixtures.palette, Fixtures.greyJPEG, Self.ppm("P6 3 2 255 ", Self.colours)] {
            for position in whole.indices {
                var damaged = whole
                damaged[position] ^= 0x55
                _ = try? Self.file(damaged) { try $0.decoded() }
                _ = try? Self.file(Array(whole.prefix(position))) { try $0.decoded() }
            }
        }
    }

    @Test func coloursBecomeGreysAndBack() {
        let raster = Raster(height: 2, width: 3, channels: 3, pixels: Self.colours)
        #expect(raster.with(channels: 1).pixels == [76, 150, 29, 18, 48, 78])
        #expect(raster.with(channels: 1).with(channels: 3).pixels.prefix(6) == [76, 76, 76, 150, 150, 150])
    }

    /// As Pillow does it, which rounds its weights.
    @Test func resamplingIsBilinear() {
        func expectLike(_ raster: Raster, _ expected: [UInt8]) {
            for (value, other) in zip(raster.pixels, expected) { #expect(abs(Int(value) - Int(other)) <= 1) }
            #expect(raster.pixels.count == expected.count)
        }
        let large = Raster(height: 5, width: 7, channels: 1, pixels: (0..<35).map { UInt8(37 * $0 % 256) })
        // Of the proportions that Pillow was asked for, so that nothing is cut off.
        let across = Resampling(7, to: 4, keeping: 0..<4).apply(
            to: large.pixels.map(Double.init), outer: 5, old: 7, inner: 1)
        let both = Resampling(5, to: 3, keeping: 0..<3).apply(to: across, outer: 1, old: 5, inner: 4)
        expectLike(Raster(height: 3, width: 4, channels: 1, pixels: both.map { UInt8($0.rounded()) }), Fixtures.smaller)
        let small = Raster(height: 2, width: 3, channels: 1, pixels: [0, 37, 74, 3, 40, 77])
        expectLike(small.covering(PictureSize(height: 4, width: 6)), Fixtures.larger)
    }

    @Test func theMiddleIsCutOut() {
        // Columns 0 to 5, of which the middle four are kept; and as they are, where the size is right.
        let wide = Raster(height: 4, width: 6, channels: 1, pixels: (0..<24).map { UInt8($0 % 6 * 10) })
        #expect(wide.covering(PictureSize(height: 4, width: 4)).pixels.prefix(4) == [10, 20, 30, 40])
        #expect(wide.covering(PictureSize(height: 4, width: 6)).pixels == wide.pixels)
        for size in [(1, 1), (3, 7), (40, 2)].map({ PictureSize(height: $0, width: $1) }) {
            let raster = wide.covering(size)
            #expect(raster.height == size.height && raster.width == size.width)
        }
    }
}
