/// The means of resamples of up to eight samples of one size, drawn together.
///
/// Each sample's means are what they would be if it were drawn alone: all meet the same random numbers.
struct ResampledMeans {
    /// How many samples are drawn together.
    static let lanes = 8

    private let means: [SIMD8<Double>]

    /// Draws the resamples of `samples`, at most ``lanes`` of them.
    init(of samples: [[Double]], resamples: Int, seed: UInt64) {
        let count = samples.first?.count ?? 0
        precondition(samples.count <= Self.lanes && samples.allSatisfy { $0.count == count }, "samples of one size")
        let values = (0..<count).map { position in
            samples.enumerated().reduce(into: SIMD8<Double>.zero) { $0[$1.offset] = $1.element[position] }
        }
        var random = CounterRandom(seed: seed)
        means = values.withUnsafeBufferPointer { values in
            (0..<resamples).map { _ in
                var sum = SIMD8<Double>.zero
                for _ in 0..<count { sum += values[random.next(below: count)] }
                return sum / Double(count)
            }
        }
    }

    /// The means of one of the samples, in the order in which they were drawn.
    func means(of sample: Int) -> [Double] { means.map { $0[sample] } }
}

extension [Double] {
    /// The one of these resampled figures below which a share of them lies.
    mutating func resampled(at share: Double) -> Double {
        let rank = Int((share * Double(count + 1)).rounded(.down))
        return element(ofRank: Swift.min(Swift.max(rank - 1, 0), count - 1))
    }

    /// The element that would be at this place if all were sorted; none is NaN. Moves elements, and takes time
    /// proportional to their number (Hoare 1961, "Algorithm 65: Find").
    mutating func element(ofRank rank: Int) -> Double {
        withUnsafeMutableBufferPointer { elements in
            var (low, high) = (0, elements.count - 1)
            while low < high {
                let pivot = elements[low + (high - low) / 2]
                var (left, right) = (low, high)
                while left <= right {
                    while elements[left] < pivot { left += 1 }
                    while elements[right] > pivot { right -= 1 }
                    guard left <= right else { break }
                    elements.swapAt(left, right)
                    left += 1
                    right -= 1
                }
                if rank <= right {
                    high = right
                } else if rank >= left {
                    low = left
                } else {
                    break
                }
            }
            return elements[rank]
        }
    }
}
