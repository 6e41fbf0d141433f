/// The size of a picture in pixels.
public struct PictureSize: Hashable, Sendable, CustomStringConvertible {
    public let height: Int
    public let width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// Height first, as in a spec.
    public var description: String { "\(height) × \(width)" }
}

/// The form in which the pictures of a folder become examples.
struct PictureForm: Hashable, Sendable {
    let size: PictureSize
    /// 3 for colours, 1 for shades of grey.
    let channels: Int

    /// Bytes of an example.
    var features: Int { size.height * size.width * channels }

    /// The shape of an example: without channels where there is one.
    var shape: [Int] { [size.height, size.width] + (channels == 1 ? [] : [channels]) }

    /// A picture in this form.
    func apply(to raster: Raster) -> Raster { raster.with(channels: channels).covering(size) }
}
