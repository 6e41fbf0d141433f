/// A confidence interval of a mean, by resampling.
///
/// The interval is the bias-corrected and accelerated one (BCa; Efron 1987, "Better bootstrap confidence intervals",
/// equation 2.3; Efron and Tibshirani 1993, chapter 14): the endpoints are the resampled means at the shares
///
///     Φ(z₀ + (z₀ + z) / (1 − a (z₀ + z)))   for z = Φ⁻¹(α/2) and Φ⁻¹(1 − α/2)
///
/// where z₀ = Φ⁻¹(share of resampled means below the mean, ties counting half) corrects for bias, and the
/// acceleration a = Σd³ / (6 (Σd²)^(3/2)), with d the deviations from the mean, corrects for skewness.
///
/// Of more than ``largestResampled`` values the resampled means are not drawn: their distribution is so near to a
/// normal one that its Edgeworth expansion (``EdgeworthExpansion``) says where the same endpoints are, closer than
/// 10,000 resamples would. Where it does not, as for values of which a few outweigh all others, they are drawn as ever.
///
/// It is a function of the multiset of values alone: the resamples come from a counter-based generator with a fixed
/// seed, and the values are sorted first, so the same values in any order give the same bits.
public struct BootstrapInterval: Sendable, Equatable {
    /// The lower endpoint.
    public let low: Double
    /// The upper endpoint.
    public let high: Double

    /// How the resampled means were found.
    public let method: Method

    /// Where the distribution of the resampled means comes from; the names are what results show.
    public enum Method: String, Sendable {
        case resampling = "BCa bootstrap"
        case expansion = "BCa bootstrap by Edgeworth expansion"
        /// ``pigeonhole(_:)``.
        case pigeonhole = "pigeonhole bootstrap"
    }

    /// Up to so many values, resamples are drawn.
    public static let largestResampled = 2000
    /// How many resamples an interval rests on.
    public static let resamples = 10_000
    /// The share of such intervals that contain the true mean.
    public static let confidence = 0.95

    static let seed: UInt64 = 0x6A6F_7572_6E61_6C21

    /// The 95% interval of the mean of `values`, from 10,000 resamples; nil for fewer than two values, which say
    /// nothing about their spread, and where a value is not finite.
    ///
    /// Values that are all equal give an interval of no width. The cost is 10,000 times the number of values, up to
    /// ``largestResampled`` of them.
    public init?(ofMean values: [Double]) {
        guard let interval = Self.intervals(ofMeans: [values])[0] else { return nil }
        self = interval
    }

    /// The intervals of the means of several samples, each as it is by itself. Samples of one size meet the same
    /// random numbers, so those that are worked out together are drawn together, at a fraction of the cost.
    static func intervals(ofMeans samples: [[Double]]) -> [BootstrapInterval?] {
        var intervals = [BootstrapInterval?](repeating: nil, count: samples.count)
        var resampled: [Int: [(index: Int, sorted: [Double])]] = [:]
        for (index, values) in samples.enumerated() where values.count >= 2 && values.allSatisfy(\.isFinite) {
            let sorted = values.sorted()
            if sorted[0] == sorted[sorted.count - 1] {
                intervals[index] = Self(low: sorted[0], high: sorted[0], method: .resampling)
            } else if sorted.count > largestResampled, let expanded = Self(expanding: sorted) {
                intervals[index] = expanded
            } else {
                resampled[sorted.count, default: []].append((index, sorted))
            }
        }
        for samples in resampled.values {
            for start in stride(from: 0, to: samples.count, by: ResampledMeans.lanes) {
                let together = samples[start..<min(start + ResampledMeans.lanes, samples.count)]
                let means = ResampledMeans(of: together.map(\.sorted), resamples: resamples, seed: seed)
                for (lane, sample) in together.enumerated() {
                    intervals[sample.index] = Self(resampling: sample.sorted, means: means.means(of: lane))
                }
            }
        }
        return intervals
    }

    init(low: Double, high: Double, method: Method) {
        self.low = low
        self.high = high
        self.method = method
    }

    /// By the Edgeworth expansion; nil where it is not close enough.
    init?(expanding values: [Double]) {
        let expansion = EdgeworthExpansion(ofMean: values)
        // To its order the bias correction of a mean is its acceleration.
        let acceleration = expansion.skewness / 6
        let ends = Self.tails.map { Self.adjusted($0, bias: acceleration, acceleration: acceleration) }
        guard let low = expansion.quantile(at: ends[0]), let high = expansion.quantile(at: ends[1]) else { return nil }
        self.init(low: low, high: high, method: .expansion)
    }

    /// By drawing the resamples.
    init(resampling sorted: [Double]) {
        let means = ResampledMeans(of: [sorted], resamples: Self.resamples, seed: Self.seed)
        self.init(resampling: sorted, means: means.means(of: 0))
    }

    /// By resampled means, in the order in which they were drawn.
    private init(resampling sorted: [Double], means: [Double]) {
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        let bias = Self.biasCorrection(of: means, around: mean)
        let acceleration = Self.acceleration(of: sorted, around: mean)
        var means = means
        let ends = Self.tails.map { tail in
            let share = NormalDistribution.cumulative(
                Self.adjusted(tail, bias: bias, acceleration: acceleration))
            return means.resampled(at: share)
        }
        self.init(low: ends[0], high: ends[1], method: .resampling)
    }

    /// The normal quantiles at which an interval without corrections ends.
    private static let tails: [Double] = {
        let tail = NormalDistribution.quantile((1 - confidence) / 2)
        return [tail, -tail]
    }()

    /// The normal quantile at which the corrected interval ends.
    ///
    /// |a| is at most 1/6, and |z₀ + z| below 6 by the bounds put on z₀: the denominator stays positive.
    private static func adjusted(_ z: Double, bias: Double, acceleration: Double) -> Double {
        bias + (bias + z) / (1 - acceleration * (bias + z))
    }

    private static func biasCorrection(of means: [Double], around mean: Double) -> Double {
        var (below, equal) = (0, 0)
        for resampled in means {
            if resampled < mean { below += 1 }
            if resampled == mean { equal += 1 }
        }
        let share = (Double(below) + Double(equal) / 2) / Double(resamples)
        let smallest = 0.5 / Double(resamples)
        return NormalDistribution.quantile(min(max(share, smallest), 1 - smallest))
    }

    private static func acceleration(of values: [Double], around mean: Double) -> Double {
        // Deviations in units of the largest, so that no power of them over- or underflows.
        let largest = values.reduce(0) { max($0, abs($1 - mean)) }
        var squares = 0.0
        var cubes = 0.0
        for value in values {
            let deviation = (value - mean) / largest
            squares += deviation * deviation
            cubes += deviation * deviation * deviation
        }
        return cubes / (6 * squares * squares.squareRoot())
    }
}
