import Foundation

/// A mapping of a range of numbers to 0 … 1, linear or logarithmic, with round numbers as ticks.
struct AxisScale: Sendable, Equatable {
    let low: Double
    let high: Double
    let isLogarithmic: Bool

    /// Positive numbers whose largest is this many times the smallest ask for a logarithmic axis.
    private static let logarithmicRatio = 10.0

    /// The scale that shows all of `values`, those that are not finite left out; nil where none is finite.
    ///
    /// It ends on round numbers. It is logarithmic where no value is negative and the positive ones span a factor of
    /// ten; zeros then lie on the lower edge. Where `scale` asks for a logarithmic one, it is one if any value is
    /// positive, and all others lie on the lower edge. `ceiling` bounds it from above.
    init?(showing values: [Double], ceiling: Double = .infinity, scale: Chart.Axis.Scale = .automatic) {
        let finite = values.filter(\.isFinite).map { Self.withinReach(min($0, ceiling)) }
        guard let smallest = finite.min(), let largest = finite.max() else { return nil }
        if scale != .linear, let floor = finite.filter({ $0 > 0 }).min(),
            scale == .logarithmic || smallest >= 0 && largest / floor >= Self.logarithmicRatio
        {
            isLogarithmic = true
            let ends = (low: Self.rounded(floor, up: false), high: Self.rounded(largest, up: true))
            low = ends.low < ends.high ? ends.low : ends.low / 2
            high = ends.low < ends.high ? ends.high : ends.high * 2
            return
        }
        isLogarithmic = false
        guard smallest < largest else {
            let margin = smallest == 0 ? 1 : abs(smallest) / 2
            low = smallest - margin
            high = largest + margin
            return
        }
        // Zero belongs on the axis where it is near by.
        let bottom = smallest > 0 && smallest < (largest - smallest) / 4 ? 0 : smallest
        let step = Self.step(spanning: largest - bottom, count: 8)
        low = (bottom / step).rounded(.down) * step
        high = (largest / step).rounded(.up) * step
    }

    /// The scale from `low` to `high`, as they are.
    init(low: Double, high: Double, isLogarithmic: Bool = false) {
        self.low = low
        self.high = high
        self.isLogarithmic = isLogarithmic
    }

    /// Where `value` lies: 0 at the low end, 1 at the high end; beyond them, at the end itself.
    func position(of value: Double) -> Double { min(max(share(of: value), 0), 1) }

    /// Where `value` lies, beyond the ends too; on a logarithmic axis no lower than the low end.
    func share(of value: Double) -> Double {
        isLogarithmic
            ? (log(max(value, low)) - log(low)) / (log(high) - log(low))
            : (value - low) / (high - low)
    }

    /// The number at a share of the axis: the inverse of ``share(of:)``.
    func value(at share: Double) -> Double {
        isLogarithmic ? exp(log(low) + share * (log(high) - log(low))) : low + share * (high - low)
    }

    /// Round numbers on the axis, at most about `count`, in ascending order.
    func ticks(count: Int) -> [Double] {
        guard isLogarithmic else {
            let step = Self.step(spanning: high - low, count: count)
            let first = Int((low / step - 1e-9).rounded(.up))
            let last = Int((high / step + 1e-9).rounded(.down))
            guard first <= last else { return [] }
            // So close together, two may be one number.
            return (first...last).map { Double($0) * step }.reduce(into: []) { ticks, tick in
                if ticks.last != tick { ticks.append(tick) }
            }
        }
        let bottom = Int(log10(low).rounded(.down))
        let top = Int(log10(high).rounded(.up))
        for digits in [[1.0, 2, 5], [1, 5], [1]] {
            let ticks = (bottom...top).flatMap { power in digits.map { $0 * pow(10, Double(power)) } }.filter(contains)
            if ticks.count <= count {
                return ticks
            }
        }
        let every = max(1, Int((Double(top - bottom) / Double(max(count - 1, 1))).rounded(.up)))
        let ticks = stride(from: bottom, through: top, by: every).map { pow(10, Double($0)) }.filter(contains)
        guard ticks.count < 2 else { return ticks }
        // None of the row may lie inside.
        let (first, last) = (Int(log10(low).rounded(.up)), Int(log10(high).rounded(.down)))
        return first < last ? [first, last].map { pow(10, Double($0)) } : ticks
    }

    /// `value` without the extremes whose powers of ten or differences are beyond `Double`.
    private static func withinReach(_ value: Double) -> Double {
        abs(value) < 1e-300 ? 0 : min(max(value, -1e300), 1e300)
    }

    private func contains(_ value: Double) -> Bool {
        value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
    }

    /// The nearest of 1, 2 and 5 times a power of ten, up or down.
    private static func rounded(_ value: Double, up: Bool) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        let leading = value / power
        let digits = [1.0, 2, 5, 10]
        let digit = up ? digits.first { $0 >= leading - 1e-9 } : digits.last { $0 <= leading + 1e-9 }
        return (digit ?? 1) * power
    }

    /// A step of 1, 2 or 5 times a power of ten that divides `span` into at most about `count` parts.
    private static func step(spanning span: Double, count: Int) -> Double {
        rounded(span / Double(max(count, 1)), up: true)
    }
}
