import Datasets
import TensorEngine

/// A split taken apart: at most a thousand examples at a time, and such that the last chunk is not much shorter than the
/// others.
struct Chunks: Hashable, Sendable {
    let examples: Int

    init(of examples: Int) {
        self.examples = examples
    }

    var count: Int { (examples + 999) / 1000 }

    /// Examples of one chunk; the last may be filled up.
    var length: Int { (examples + count - 1) / count }

    func range(_ index: Int) -> Range<Int> { index * length..<min((index + 1) * length, examples) }
}

extension Split {
    /// Writes examples of a chunk that may be filled up: label rows of zeros, which are those beyond, count for nothing.
    func fill<Scalar: TensorScalar>(
        _ indices: [Int], images: TensorElements<Scalar>, labels: TensorElements<Scalar>, classes: Int,
        brightest: Double = 1
    ) {
        fill(
            indices: indices, images: images.start, oneHot: labels.start, classes: classes, brightest: brightest)
        labels.slice(indices.count * classes..<labels.count).fill(0)
    }
}
