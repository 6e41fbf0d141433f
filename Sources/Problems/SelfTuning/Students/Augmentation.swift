import TensorEngine

/// Pictures as a camera might also have seen them: a strength a from 0 to 1 shifts by up to 4a pixels in both directions,
/// and mirrors with probability a/2 those that have colours. (A mirrored digit is none.)
struct Augmentation {
    let height: Int
    let width: Int
    let channels: Int

    private static let mostPixels = 4.0

    /// - Parameters:
    ///   - picture: `[height, width, channels]`, changed in place; what is shifted in is 0.
    ///   - scratch: as many elements.
    func apply<Scalar: TensorScalar>(
        to picture: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>, strength: Double,
        _ stream: inout RandomStream
    ) {
        // Uniform, so that every strength above 0 shifts some pictures; a strength of 0 shifts none.
        let reach = Self.mostPixels * strength + 0.5
        let rows = Int((stream.uniform(in: -reach..<reach)).rounded())
        let columns = Int((stream.uniform(in: -reach..<reach)).rounded())
        let isMirrored = channels > 1 && stream.uniform() < strength / 2
        guard rows != 0 || columns != 0 || isMirrored else { return }
        scratch.update(from: picture, count: height * width * channels)
        for y in 0..<height {
            for x in 0..<width {
                let source = (y: y - rows, x: isMirrored ? width - 1 - x + columns : x - columns)
                let isInside = source.y >= 0 && source.y < height && source.x >= 0 && source.x < width
                let (to, from) = ((y * width + x) * channels, (source.y * width + source.x) * channels)
                for channel in 0..<channels { picture[to + channel] = isInside ? scratch[from + channel] : 0 }
            }
        }
    }
}
