import CTurboJPEG

/// JPEG, by libjpeg-turbo, by its accurate transform. What it only warns of, such as missing data, is a fault too.
struct JPEGDecoder: PictureDecoder {
    let bytes: ImmutableBytes
    let format = "JPEG"

    func header() throws -> PictureFile.Header { try reading { _, _, header in header } }

    func decoded() throws -> Raster {
        try reading { decoder, bytes, header in
            let channels = header.hasColours ? 3 : 1
            var pixels = [UInt8](repeating: 0, count: header.size.height * header.size.width * channels)
            let pixelFormat = header.hasColours ? TJPF_RGB : TJPF_GRAY
            let status = tjDecompress2(
                decoder, bytes.baseAddress, UInt(bytes.count), &pixels, Int32(header.size.width), 0,
                Int32(header.size.height), Int32(pixelFormat.rawValue), TJFLAG_ACCURATEDCT)
            guard status == 0 else { throw Self.fault(decoder) }
            return Raster(height: header.size.height, width: header.size.width, channels: channels, pixels: pixels)
        }
    }

    /// Calls `body` with a decoder that has read the header.
    private func reading<Result>(
        _ body: (tjhandle, UnsafeBufferPointer<UInt8>, PictureFile.Header) throws -> Result
    ) throws -> Result {
        guard let decoder = tjInitDecompress() else { throw PictureFault("libjpeg-turbo does not start") }
        defer { tjDestroy(decoder) }
        return try bytes.withBuffer { bytes in
            var (width, height, sampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
            let status = tjDecompressHeader3(
                decoder, bytes.baseAddress, UInt(bytes.count), &width, &height, &sampling, &colours)
            guard status == 0 else { throw Self.fault(decoder) }
            let header = PictureFile.Header(
                size: PictureSize(height: Int(height), width: Int(width)),
                hasColours: colours != Int32(TJCS_GRAY.rawValue))
            return try body(decoder, bytes, header)
        }
    }

    private static func fault(_ decoder: tjhandle) -> PictureFault {
        PictureFault(tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "an unknown fault")
    }
}
