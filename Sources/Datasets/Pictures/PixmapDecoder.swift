/// PPM and PGM with their pixels as bytes (P6 and P5): a header of words, with comments in it, and the bytes.
struct PixmapDecoder: PictureDecoder {
    let bytes: ImmutableBytes
    let format = "PPM"

    func header() throws -> PictureFile.Header { try bytes.withBuffer { try Self.read($0).header } }

    func decoded() throws -> Raster {
        try bytes.withBuffer { bytes in
            let (header, most, start) = try Self.read(bytes)
            let channels = header.hasColours ? 3 : 1
            let count = header.size.height * header.size.width * channels
            guard bytes.count - start >= count else {
                throw PictureFault("its header promises \(count) bytes of pixels, and it has \(bytes.count - start)")
            }
            let pixels = bytes[start..<start + count].map { UInt8((min(Int($0), most) * 255 + most / 2) / most) }
            return Raster(height: header.size.height, width: header.size.width, channels: channels, pixels: pixels)
        }
    }

    private static func read(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws -> (header: PictureFile.Header, most: Int, start: Int) {
        var position = 2
        func number() throws -> Int {
            while position < bytes.count, isSpace(bytes[position]) || bytes[position] == UInt8(ascii: "#") {
                if bytes[position] == UInt8(ascii: "#") {
                    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
                } else {
                    position += 1
                }
            }
            let digits = bytes[position...].prefix(10).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            position += digits.count
            guard let number = Int(String(decoding: digits, as: UTF8.self)), number > 0 else {
                throw PictureFault("its header has no width, height and largest value")
            }
            return number
        }
        let (width, height, most) = (try number(), try number(), try number())
        guard most < 256 else { throw PictureFault("its largest value is \(most); allowed: up to 255") }
        // One character of white space ends the header.
        let hasColours = bytes[1] == UInt8(ascii: "6")
        return (.init(size: .init(height: height, width: width), hasColours: hasColours), most, position + 1)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
