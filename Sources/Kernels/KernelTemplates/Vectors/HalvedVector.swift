/// A vector whose halves are vectors too: a tail is read and written as whole halves as far as it goes, in place of lane
/// by lane.
public protocol HalvedVector: KernelVector {
    associatedtype Half: KernelVector where Half.Scalar == Scalar

    init(low: Half, high: Half)
    var low: Half { get }
    var high: Half { get }
}

extension HalvedVector {
    @inlinable @inline(always)
    public static func load(_ pointer: UnsafePointer<Scalar>, count: Int, padding: Scalar) -> Self {
        guard count >= Half.laneCount else {
            return Self(low: Half.load(pointer, count: count, padding: padding), high: Half(repeating: padding))
        }
        return Self(
            low: Half.load(pointer),
            high: Half.load(pointer + Half.laneCount, count: count &- Half.laneCount, padding: padding))
    }

    @inlinable @inline(always)
    public func store(_ pointer: UnsafeMutablePointer<Scalar>, count: Int) {
        guard count >= Half.laneCount else { return low.store(pointer, count: count) }
        low.store(pointer)
        high.store(pointer + Half.laneCount, count: count &- Half.laneCount)
    }
}
