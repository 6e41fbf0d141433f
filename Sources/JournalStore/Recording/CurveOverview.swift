import Foundation

/// A curve seen from afar: its lowest and highest values and its mean over buckets of equally many points.
///
/// It is made while the points come: when there are too many buckets, each two become one. The last may be partly full.
public struct CurveOverview: Sendable, Equatable {
    /// One stretch of the curve.
    public struct Bucket: Sendable, Equatable {
        public var firstStep: Int
        /// The lowest and the highest value, infinite where one is; NaN where one is not a number.
        public var low: Float
        public var high: Float
        public var mean: Float
    }

    /// More buckets than this are never kept.
    static let capacity = 128
    /// Curves of fewer points need no overview.
    static let threshold = 256

    public private(set) var buckets: [Bucket] = []
    public private(set) var pointCount = 0
    public private(set) var lastStep = 0
    /// Of all buckets but the last, how many points each has.
    private var width = 1
    /// Of the last bucket.
    private var count = 0
    private var sum = 0.0

    init() {}

    /// Takes the next point of the curve, as a 32-bit float: so that points at hand and points read back from their decimals
    /// give the same.
    mutating func add(step: Int, value: Double) {
        let rounded = Float(value)
        if count == width || buckets.isEmpty {
            if buckets.count == Self.capacity {
                halve()
            }
            // Having halved, the last bucket is full too, as the capacity is even.
            buckets.append(Bucket(firstStep: step, low: rounded, high: rounded, mean: rounded))
            count = 1
            sum = Double(rounded)
        } else {
            let last = buckets.count - 1
            sum += Double(rounded)
            count += 1
            buckets[last].low = value.isNaN ? .nan : min(buckets[last].low, rounded)
            buckets[last].high = value.isNaN ? .nan : max(buckets[last].high, rounded)
            buckets[last].mean = Float(sum / Double(count))
        }
        pointCount += 1
        lastStep = step
    }

    private mutating func halve() {
        buckets = stride(from: 0, to: buckets.count, by: 2).map { index in
            let (one, other) = (buckets[index], buckets[index + 1])
            return Bucket(
                firstStep: one.firstStep, low: Self.either(one.low, other.low, Swift.min),
                high: Self.either(one.high, other.high, Swift.max), mean: (one.mean + other.mean) / 2)
        }
        width *= 2
        count = width
    }

    private static func either(_ one: Float, _ other: Float, _ choice: (Float, Float) -> Float) -> Float {
        one.isNaN || other.isNaN ? .nan : choice(one, other)
    }
}

extension CurveOverview {
    private static let bucketBytes = 20

    /// The buckets as the journal keeps them.
    var bytes: Data {
        var data = Data(capacity: buckets.count * Self.bucketBytes)
        func add(_ bits: some FixedWidthInteger) {
            withUnsafeBytes(of: bits.littleEndian) { data.append(contentsOf: $0) }
        }
        for bucket in buckets {
            add(Int64(bucket.firstStep))
            for value in [bucket.low, bucket.high, bucket.mean] { add(value.bitPattern) }
        }
        return data
    }

    /// What the journal keeps; nil where it is none.
    init?(bytes: UnsafeRawBufferPointer, pointCount: Int, lastStep: Int) {
        guard bytes.count.isMultiple(of: Self.bucketBytes) else { return nil }
        func value(_ place: Int) -> Float {
            Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
        }
        buckets = stride(from: 0, to: bytes.count, by: Self.bucketBytes).map { place in
            let step = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self))
            return Bucket(
                firstStep: Int(step), low: value(place + 8), high: value(place + 12), mean: value(place + 16))
        }
        self.pointCount = pointCount
        self.lastStep = lastStep
    }
}
