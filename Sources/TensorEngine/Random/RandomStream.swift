public import KernelTemplates
import TensorKernels

/// The random numbers of one key, in order: the same key always gives the same numbers, bit for bit.
///
/// Everything here is integer arithmetic, IEEE basic operations and square roots, which have one right answer on
/// every machine; no C library's `log` or `cos` decides a bit. The numbers are frozen: tests hold some of them.
///
/// A stream is a value: a copy goes on from where the original was. A key has 2^65 numbers of 64 bits.
public struct RandomStream: Sendable {
    @usableFromInline let key: RandomKey
    @usableFromInline var counter: UInt64 = 0
    @usableFromInline var upperHalf: UInt64 = 0
    @usableFromInline var hasUpperHalf = false

    /// The stream of a key, at its start.
    @inlinable
    public init(_ key: RandomKey) {
        self.key = key
    }

    /// Sixty-four random bits. Costs half a Philox block (some 10 ns).
    @inlinable
    public mutating func nextUInt64() -> UInt64 {
        if hasUpperHalf {
            hasUpperHalf = false
            return upperHalf
        }
        let block = Philox4x32.block(low: counter, high: key.stream, key: key.key)
        counter &+= 1
        upperHalf = block.high
        hasUpperHalf = true
        return block.low
    }

    /// A multiple of 2^-53 in [0, 1), all of them equally likely.
    @inlinable
    public mutating func uniform() -> Double {
        Double(nextUInt64() &>> 11) * 0x1p-53
    }

    /// A number in `range`, its upper bound excluded.
    ///
    /// - Precondition: `range` is finite and not empty.
    @inlinable
    public mutating func uniform(in range: Range<Double>) -> Double {
        precondition(!range.isEmpty, "an empty range has no number to draw")
        let value = range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
        // The sum may round up to the bound.
        return value < range.upperBound ? value : range.upperBound.nextDown
    }

    /// A standard normal number, of mean 0 and variance 1, by the inverse of the distribution function.
    ///
    /// One 64-bit draw each, some 40 ns (200 ns in a debug build). Symmetric, at most 8.3 in absolute value, and fine
    /// in the tails: there the probabilities it inverts are odd multiples of 2^-54. The inverse is accurate to about
    /// one part in 10^16.
    @inlinable
    public mutating func normal() -> Double {
        // A signed odd multiple of 2^-54 in (-1/2, 1/2): exact, never zero, and as likely as its negative.
        let bits = Int64(bitPattern: nextUInt64()) &>> 11
        return normalQuantile(centeredProbability: (Double(bits) + 0.5) * 0x1p-53)
    }

    /// An integer in 0 ..< `bound`, all of them equally likely (Lemire, "Fast Random Integer Generation in an
    /// Interval", 2019: a rejection, and hence a second draw, comes about once in 2^64 / `bound` calls).
    ///
    /// - Precondition: `bound` is at least 1.
    @inlinable
    public mutating func index(below bound: Int) -> Int {
        Self.index(below: bound) { nextUInt64() }
    }

    /// The same of words from elsewhere.
    @inlinable @inline(__always)
    static func index(below bound: Int, _ nextWord: () -> UInt64) -> Int {
        precondition(bound > 0, "there is no index below \(bound)")
        let bound = UInt64(bound)
        var product = nextWord().multipliedFullWidth(by: bound)
        if product.low < bound {
            let rejected = (0 &- bound) % bound
            while product.low < rejected {
                product = nextWord().multipliedFullWidth(by: bound)
            }
        }
        return Int(product.high)
    }

    /// The integers 0 ..< `count` in random order (Fisher and Yates). Costs one draw an element, of those that are drawn
    /// many at a time.
    ///
    /// - Precondition: `count` is not negative.
    public mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        order.withUnsafeMutableBufferPointer { order in
            var last = count - 1
            // At least as many words are wanted as elements are left, so that none is drawn in vain.
            while last > 0 {
                let drawn = min(last, Self.pieceLength)
                withWords(drawn) { stream, words in
                    var next = 0
                    while next < drawn {
                        let other = Self.index(below: last + 1) {
                            defer { next += 1 }
                            return next < drawn ? words[next] : stream.nextUInt64()
                        }
                        order.swapAt(last, other)
                        last -= 1
                    }
                }
            }
        }
        return order
    }

    /// Fills memory with normal numbers: the same ones, in the same order, as calls of `normal()`.
    ///
    /// Drawn in `Double` and then rounded, so that single and double precision see the same numbers. Costs some 5 ns each.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public mutating func fillNormal<Scalar: BinaryFloatingPoint>(
        _ buffer: UnsafeMutableBufferPointer<Scalar>, mean: Double = 0, deviation: Double = 1
    ) {
        forEachPiece(buffer, { $0.drawNormals($1) }) { Scalar(mean + deviation * $0) }
    }

    /// Fills memory with numbers of `range`: those that calls of `uniform(in:)` give, rounded down where rounding to
    /// nearest would reach the upper bound.
    ///
    /// - Precondition: `range` is finite, not empty, and wide enough to hold a number of type `Scalar`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public mutating func fillUniform<Scalar: BinaryFloatingPoint>(
        _ buffer: UnsafeMutableBufferPointer<Scalar>, in range: Range<Double> = 0..<1
    ) {
        precondition(!range.isEmpty, "an empty range has no number to draw")
        let upperBound = Scalar(range.upperBound)
        forEachPiece(buffer, { $0.drawUniforms($1) }) { share in
            let inside = range.lowerBound + (range.upperBound - range.lowerBound) * share
            let value = Scalar(inside < range.upperBound ? inside : range.upperBound.nextDown)
            return value < upperBound ? value : upperBound.nextDown
        }
    }

    /// Fills memory with what calls of `uniform()` give, rounded to nearest: in single precision, 1 may be among them.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public mutating func fillRoundedUniform<Scalar: BinaryFloatingPoint>(_ buffer: UnsafeMutableBufferPointer<Scalar>) {
        forEachPiece(buffer, { $0.drawUniforms($1) }) { Scalar($0) }
    }

    /// Fills memory with what is made of numbers that are drawn many at a time.
    @inline(__always)
    private mutating func forEachPiece<Scalar: BinaryFloatingPoint>(
        _ buffer: UnsafeMutableBufferPointer<Scalar>,
        _ draw: (inout RandomStream, UnsafeMutableBufferPointer<Double>) -> Void, _ make: (Double) -> Scalar
    ) {
        guard !buffer.isEmpty else { return }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: min(buffer.count, Self.pieceLength)) { numbers in
            var start = 0
            while start < buffer.count {
                let count = min(numbers.count, buffer.count &- start)
                draw(&self, UnsafeMutableBufferPointer(rebasing: numbers[..<count]))
                var index = 0
                while index < count {
                    buffer[start &+ index] = make(numbers[index])
                    index &+= 1
                }
                start &+= count
            }
        }
    }

    /// Numbers that are drawn at once: they stay in the first-level cache.
    private static var pieceLength: Int { 512 }

    /// Draws normal numbers, at most a piece.
    private mutating func drawNormals(_ out: UnsafeMutableBufferPointer<Double>) {
        let random = Double.kernels.random
        withWords(out.count) { _, words in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: out.count) { offsets in
                guard let start = out.baseAddress, let offset = offsets.baseAddress else { return }
                random.offsets(offset, words, out.count)
                random.centralQuantiles(start, offset, out.count)
                for index in 0..<out.count where abs(offset[index]) > 0.425 {
                    start[index] = normalQuantile(centeredProbability: offset[index])
                }
            }
        }
    }

    /// Draws multiples of 2^-53 in [0, 1), at most a piece.
    private mutating func drawUniforms(_ out: UnsafeMutableBufferPointer<Double>) {
        withWords(out.count) { _, words in
            if let start = out.baseAddress { Double.kernels.random.shares(start, words, out.count) }
        }
    }

    /// Hands over the next words.
    private mutating func withWords(
        _ count: Int, _ body: (_ stream: inout RandomStream, _ words: UnsafePointer<UInt64>) -> Void
    ) {
        // What is left of a block, and then whole blocks, of which the last may leave its upper half.
        let held = hasUpperHalf && count > 0 ? 1 : 0
        let blocks = (count - held + 1) / 2
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: held + 2 * blocks + 1) { words in
            guard let start = words.baseAddress else { return }
            start.initialize(repeating: 0, count: words.count)
            if held == 1 {
                start[0] = upperHalf
                hasUpperHalf = false
            }
            Double.kernels.random.words(start + held, counter, key.stream, key.key, blocks)
            counter &+= UInt64(blocks)
            if held + 2 * blocks > count {
                upperHalf = start[count]
                hasUpperHalf = true
            }
            body(&self, start)
        }
    }
}
