/// Points of a long curve, as many as a picture can show.
enum Thinning {
    /// The runs of finite points; what is not finite parts them.
    static func pieces(_ points: [Chart.Point]) -> [ArraySlice<Chart.Point>] {
        points.split { !$0.isFinite }
    }

    /// Of the points that share one of `count` columns, in which points stand in a row, the first, the lowest, the
    /// highest and the last, as far as they differ. All where there are not many.
    static func thinned(_ points: [(x: Double, y: Double)], columns: Int) -> [(x: Double, y: Double)] {
        guard points.count > 4 * columns, columns > 0 else { return points }
        let length = (points.count + columns - 1) / columns
        var kept: [(x: Double, y: Double)] = []
        kept.reserveCapacity(2 * columns + 2)
        for start in stride(from: 0, to: points.count, by: length) {
            let column = start..<min(start + length, points.count)
            var (lowest, highest) = (start, start)
            for index in column {
                if points[index].y < points[lowest].y { lowest = index }
                if points[index].y > points[highest].y { highest = index }
            }
            let ends = start == 0 ? [start] : column.upperBound == points.count ? [column.upperBound - 1] : []
            for index in Set(ends + [lowest, highest]).sorted() { kept.append(points[index]) }
        }
        return kept
    }
}
