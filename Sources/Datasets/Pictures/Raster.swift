/// A decoded picture: bytes, row by row, with the channels of a pixel side by side.
struct Raster {
    let height: Int
    let width: Int
    /// 1 for shades of grey, 3 for red, green and blue.
    let channels: Int
    let pixels: [UInt8]

    /// - Precondition: there are `height` × `width` × `channels` bytes.
    init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
        precondition(pixels.count == height * width * channels, "as many bytes as a picture of that size has")
        self.height = height
        self.width = width
        self.channels = channels
        self.pixels = pixels
    }

    /// Pixels with an opacity as their last channel, laid upon black.
    init(height: Int, width: Int, transparent: [UInt8], channels: Int) {
        let all = channels + 1
        let pixels = (0..<height * width * channels).map { index in
            let pixel = index / channels
            let (value, opacity) = (
                Int(transparent[pixel * all + index % channels]), Int(transparent[pixel * all + channels])
            )
            return UInt8((value * opacity + 127) / 255)
        }
        self.init(height: height, width: width, channels: channels, pixels: pixels)
    }

    /// The same with as many channels: grey is repeated, colours become their luma (ITU-R BT.601, rounded).
    func with(channels wanted: Int) -> Raster {
        guard channels != wanted else { return self }
        let count = height * width
        let converted =
            wanted == 3
            ? (0..<3 * count).map { pixels[$0 / 3] }
            : (0..<count).map { pixel in
                let (red, green, blue) = (
                    Int(pixels[3 * pixel]), Int(pixels[3 * pixel + 1]), Int(pixels[3 * pixel + 2])
                )
                return UInt8((299 * red + 587 * green + 114 * blue + 500) / 1000)
            }
        return Raster(height: height, width: width, channels: wanted, pixels: converted)
    }
}
