import TensorEngine

/// Pictures mirrored and shifted in place.
struct PictureMove {
    let height: Int
    let width: Int
    let channels: Int

    /// - Parameter shape: of one picture, `[height, width]` or `[height, width, channels]`.
    init(_ shape: [Int]) {
        precondition(shape.count == 2 || shape.count == 3, "images of shape \(shape) have no height and width")
        (height, width, channels) = (shape[0], shape[1], shape.count == 3 ? shape[2] : 1)
    }

    /// How many numbers a picture has.
    var features: Int { height * width * channels }

    /// Mirrors a picture left to right, if so, and then moves it down by `rows` and right by `columns`.
    ///
    /// - Parameter picture: `[height, width, channels]`, changed in place; what is shifted in is 0.
    func apply<Scalar: TensorScalar>(
        to picture: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, isMirrored: Bool
    ) {
        if isMirrored { mirror(picture) }
        if rows != 0 || columns != 0 { shift(picture, rows: rows, columns: columns) }
    }

    private func mirror<Scalar: TensorScalar>(_ picture: UnsafeMutablePointer<Scalar>) {
        for y in 0..<height {
            let row = picture + y * width * channels
            for x in 0..<width / 2 {
                let (left, right) = (row + x * channels, row + (width - 1 - x) * channels)
                for channel in 0..<channels { (left[channel], right[channel]) = (right[channel], left[channel]) }
            }
        }
    }

    private func shift<Scalar: TensorScalar>(_ picture: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int) {
        let length = width * channels
        let moved = min(abs(columns), width) * channels
        for step in 0..<height {
            // From the side that it is moved to, so that no row is written before it is read.
            let y = rows > 0 ? height - 1 - step : step
            let row = picture + y * length
            guard y - rows >= 0, y - rows < height else {
                row.update(repeating: 0, count: length)
                continue
            }
            let source = row - rows * length
            if columns >= 0 {
                (row + moved).update(from: source, count: length - moved)
                row.update(repeating: 0, count: moved)
            } else {
                row.update(from: source + moved, count: length - moved)
                (row + length - moved).update(repeating: 0, count: moved)
            }
        }
    }
}
