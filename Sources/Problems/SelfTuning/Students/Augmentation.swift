import TensorEngine

/// Pictures as a camera might also have seen them: a strength a from 0 to 1 shifts by up to 4a pixels in both directions,
/// and mirrors with probability a/2 those that have colours. (A mirrored digit is none.)
struct Augmentation {
    private let move: PictureMove

    private static let mostPixels = 4.0

    /// - Parameter shape: of one picture, `[height, width]` or `[height, width, channels]`.
    init(_ shape: [Int]) {
        move = PictureMove(shape)
    }

    /// - Parameter picture: `[height, width, channels]`, changed in place; what is shifted in is 0.
    func apply<Scalar: TensorScalar>(
        to picture: UnsafeMutablePointer<Scalar>, strength: Double, _ stream: inout RandomStream
    ) {
        // Uniform, so that every strength above 0 shifts some pictures; a strength of 0 shifts none.
        let reach = Self.mostPixels * strength + 0.5
        let rows = Int((stream.uniform(in: -reach..<reach)).rounded())
        let columns = Int((stream.uniform(in: -reach..<reach)).rounded())
        let isMirrored = move.channels > 1 && stream.uniform() < strength / 2
        move.apply(to: picture, rows: rows, columns: columns, isMirrored: isMirrored)
    }
}
