/// The share of so many runs that have a value of at most x, over x, with its interval.
struct Staircase {
    private let points: [Chart.Point]
    private let band: [Chart.Interval]

    /// - Parameters:
    ///   - values: of those that have one.
    ///   - count: of all.
    init(_ values: [Double], of count: Int, from start: Double, to end: Double) {
        var points: [Chart.Point] = []
        var band: [Chart.Interval] = []
        func stand(_ reached: Int, at x: Double) {
            points.append(Chart.Point(x, Double(reached) / Double(max(count, 1))))
            let interval = Self.wilson(reached, of: count)
            band.append(Chart.Interval(x, interval.lowerBound, interval.upperBound))
        }
        stand(0, at: start)
        for (index, value) in values.sorted().enumerated() {
            stand(index, at: value)
            stand(index + 1, at: value)
        }
        stand(values.count, at: end)
        self.points = points
        self.band = band
    }

    /// - Parameter mirrored: whether the values were given with the other sign.
    func layers(_ name: String, note: String, mirrored: Bool) -> [Chart.Layer] {
        let sign = mirrored ? -1.0 : 1
        return [
            Chart.Layer(name, .band(band.map { Chart.Interval(sign * $0.x, $0.low, $0.high) })),
            Chart.Layer(
                name, .line(points.map { Chart.Point(sign * $0.x, $0.y) }, .plain), note: note, value: points.last?.y),
        ]
    }

    /// Wilson's 95% interval of a share: it holds for few runs, and for none and all of them.
    static func wilson(_ reached: Int, of count: Int) -> ClosedRange<Double> {
        guard count > 0 else { return 0...1 }
        let (n, z) = (Double(count), 1.959963984540054)
        let share = Double(reached) / n
        let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        let reach = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return max(0, middle - reach)...min(1, middle + reach)
    }
}
