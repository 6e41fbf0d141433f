import TensorEngine

/// What is done to pictures on their way from a dataset to a student.
public struct PicturePreparation: Hashable, Sendable {
    /// How the pictures of minibatches are varied. Those that are scored stay as they are.
    public enum Augmentation: String, Sendable, CaseIterable {
        /// Padded with 4 zeros on each side, cropped at random to the old size, and mirrored left to right with
        /// probability 1/2 (He et al. 2016, "Deep residual learning", section 4.2).
        case cifar
    }

    /// How the values of pictures are brought to one range, in place of the 0 ... 1 that pixels have.
    public enum Standardization: String, Sendable, CaseIterable {
        /// Each picture by itself: x less its mean, divided by its standard deviation, which counts as at least 1/√n for
        /// n values from 0 to 255 (`per_image_standardization` of TensorFlow).
        case image
    }

    public let augmentation: Augmentation?
    public let standardization: Standardization?

    public init(augmentation: Augmentation? = nil, standardization: Standardization? = nil) {
        self.augmentation = augmentation
        self.standardization = standardization
    }

    /// Whether pictures stay as they are.
    public var isNone: Bool { self == PicturePreparation() }

    /// What a pixel of 255 is while pictures are prepared: whole numbers are what standardization starts from.
    var brightest: Double { standardization == nil ? 1 : 255 }
}

extension PicturePreparation {
    /// Varies the pictures of a minibatch.
    ///
    /// - Parameters:
    ///   - pictures: `[count, features]`, changed in place.
    ///   - shape: of one picture, `[height, width]` or `[height, width, channels]`.
    ///   - key: the trial's.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func augment<Scalar: TensorScalar>(
        _ pictures: UnsafeMutablePointer<Scalar>, count: Int, shape: [Int], step: Int, key: RandomKey
    ) {
        guard augmentation == .cifar else { return }
        let move = PictureMove(shape)
        var stream = RandomStream(key.derived("picture augmentation", UInt64(step)))
        for picture in 0..<count {
            // A crop at 0 ... 8 of the padded picture is a shift by 4 less that.
            let (rows, columns) = (4 - stream.index(below: 9), 4 - stream.index(below: 9))
            move.apply(
                to: pictures + picture * move.features, rows: rows, columns: columns,
                isMirrored: stream.index(below: 2) == 1)
        }
    }

    /// Standardizes pictures whose values are whole numbers from 0 to 255, so that sums over them are exact.
    ///
    /// - Parameter pictures: `[count, features]`, changed in place.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func standardize<Scalar: TensorScalar>(_ pictures: UnsafeMutablePointer<Scalar>, count: Int, features: Int) {
        guard standardization == .image else { return }
        let size = Double(features)
        for picture in 0..<count {
            let values = pictures + picture * features
            var (sum, squares) = (0.0, 0.0)
            for index in 0..<features {
                let value = Double(values[index])
                sum += value
                squares += value * value
            }
            let mean = sum / size
            let deviation = (size * squares - sum * sum).squareRoot() / size
            let divisor = max(deviation, 1 / size.squareRoot())
            for index in 0..<features { values[index] = Scalar((Double(values[index]) - mean) / divisor) }
        }
    }
}
