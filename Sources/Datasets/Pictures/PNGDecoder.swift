import CPNG

/// PNG, by libpng: of any kind of pixels, each as eight bits a channel; transparent ones are laid upon black.
struct PNGDecoder: PictureDecoder {
    let bytes: ImmutableBytes
    let format = "PNG"

    private static let colourFlag = UInt32(PNG_FORMAT_FLAG_COLOR)
    private static let opacityFlag = UInt32(PNG_FORMAT_FLAG_ALPHA)

    func header() throws -> PictureFile.Header {
        try reading { image in
            PictureFile.Header(
                size: PictureSize(height: Int(image.height), width: Int(image.width)),
                hasColours: image.format & Self.colourFlag != 0)
        }
    }

    func decoded() throws -> Raster {
        try reading { image in
            let hasOpacity = image.format & Self.opacityFlag != 0
            // Eight bits a channel, no palette.
            image.format &= Self.colourFlag | Self.opacityFlag
            // Sixteen bits are brightness as it is seen unless the file says otherwise, as eight bits are.
            image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
            let channels = image.format & Self.colourFlag != 0 ? 3 : 1
            let (height, width) = (Int(image.height), Int(image.width))
            var pixels = [UInt8](repeating: 0, count: height * width * (channels + (hasOpacity ? 1 : 0)))
            guard png_image_finish_read(&image, nil, &pixels, 0, nil) != 0 else { throw Self.fault(image) }
            return hasOpacity
                ? Raster(height: height, width: width, transparent: pixels, channels: channels)
                : Raster(height: height, width: width, channels: channels, pixels: pixels)
        }
    }

    /// Calls `body` with a picture whose header was read.
    private func reading<Result>(_ body: (inout png_image) throws -> Result) throws -> Result {
        try bytes.withBuffer { bytes in
            var image = png_image()
            image.version = png_uint_32(PNG_IMAGE_VERSION)
            defer { png_image_free(&image) }
            guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
                throw Self.fault(image)
            }
            return try body(&image)
        }
    }

    private static func fault(_ image: png_image) -> PictureFault {
        PictureFault(
            withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
}
