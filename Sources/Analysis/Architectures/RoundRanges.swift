import Foundation

/// Ranges between round numbers that part whole numbers into groups of about equal size.
enum RoundRanges {
    /// More groups than these would be more than a reader takes in at a glance.
    static let mostGroups = 5
    /// It takes six pairs to reach p < 0.05 in a signed-rank test.
    static let usualGroup = 6

    /// Adjacent ranges of which each holds some of `values`, and together all.
    ///
    /// There are as many as there are sixes of values, but at least two, if two values differ, and at most five. Equal
    /// values are never parted, so there may be fewer. The ranges depend on the values alone, not on their order.
    static func parting(_ values: [Int]) -> [Range<Int>] {
        let sorted = values.sorted()
        guard let least = sorted.first, let most = sorted.last else { return [] }
        let inner = cuts(sorted).map { roundest(above: sorted[$0 - 1], upTo: sorted[$0]) }
        let outer = (unit(of: least), unit(of: most))
        let bounds = [least / outer.0 * outer.0] + inner + [(most / outer.1 + 1) * outer.1]
        return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    }

    /// The same for numbers of any kind: they are counted in units of which ten make the least difference of two of
    /// them, unless that were more units than a `Double` can count.
    static func parting(_ values: [Double]) -> [Range<Double>] {
        let distinct = Set(values).sorted()
        guard let least = distinct.first, let most = distinct.last else { return [] }
        let differences = zip(distinct, distinct.dropFirst()).map { $1 - $0 }
        let largest = max(most - least, most.magnitude, least.magnitude)
        let finest = max(differences.min() ?? 1, largest / 1e12)
        var scale = 1.0
        while scale * finest < 10, scale < 1e18 { scale *= 10 }
        while scale * largest > 1e15 { scale /= 10 }
        // Counted from a round number below all, so that none is negative.
        let origin = least < 0 ? -pow(10, log10(-least).rounded(.up)) : 0
        // Decimals times a power of ten are whole up to rounding, which is not to bring them to the unit below.
        let units = values.map { Int((($0 - origin) * scale + 1e-3).rounded(.down)) }
        return parting(units).map { range in
            let low = Double(range.lowerBound) / scale + origin
            let isFirst = low > least && low - least < 1 / scale
            return (isFirst ? least : low)..<Double(range.upperBound) / scale + origin
        }
    }

    /// The positions at which new groups begin, each where the value changes nearest to an even division.
    private static func cuts(_ sorted: [Int]) -> [Int] {
        let changes = sorted.indices.dropFirst().filter { sorted[$0 - 1] < sorted[$0] }
        let groups = min(max(2, sorted.count / usualGroup), mostGroups)
        let nearest = (1..<groups).compactMap { group in
            changes.min { abs($0 * groups - group * sorted.count) < abs($1 * groups - group * sorted.count) }
        }
        return Set(nearest).sorted()
    }

    /// The number with the fewest digits other than zeros at its end; of several, the one nearest to the middle.
    static func roundest(above low: Int, upTo high: Int) -> Int {
        var unit = 1
        while high / (unit * 10) * (unit * 10) > low { unit *= 10 }
        let middle = (low + high + unit) / 2 / unit * unit
        return min(max(middle, (low / unit + 1) * unit), high / unit * unit)
    }

    /// The unit in which a number is written with two digits.
    private static func unit(of value: Int) -> Int {
        var unit = 1
        while value / unit >= 100 { unit *= 10 }
        return unit
    }
}
