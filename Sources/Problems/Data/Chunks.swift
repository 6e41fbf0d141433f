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
