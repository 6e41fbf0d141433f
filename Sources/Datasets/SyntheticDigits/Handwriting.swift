import TensorEngine

/// How one hand writes one digit once: the strokes of a style, shaken, bent, slanted and brought to size.
enum Handwriting {
    /// The strokes of a digit as lines through points some pixel apart, on a page of 28 × 28 pixels.
    ///
    /// As in MNIST, the digit fits a square of 20 pixels, its center of mass in the middle of the page.
    static func strokes(ofDigit digit: Int, _ random: inout RandomStream) -> [[Point]] {
        let styles = DigitStyle.ofDigit[digit]
        let style = styles[random.index(below: styles.count)]
        let slant = Slant(&random)
        let warp = Warp(&random)
        let shaking = random.uniform(in: 0.02..<0.055)
        var strokes = style.strokes.map { points in
            // From a box of side 1 to one of side 2 around the origin, where the distortions are at home.
            let shaken = points.map { point in
                Point(2 * (point.x + shaking * random.normal()) - 1, 2 * (point.y + shaking * random.normal()) - 1)
            }
            return smoothCurve(through: shaken).map { slant.applied(to: warp.applied(to: $0)) }
        }
        bringToSize(
            &strokes, side: random.uniform(in: 18..<20.5),
            around: Point(
                14 + 0.5 * random.normal(), 14 + 0.5 * random.normal()))
        return strokes
    }

    /// A curve through all points with a continuous direction (Catmull and Rom), as a line through points of it.
    private static func smoothCurve(through points: [Point]) -> [Point] {
        let pieces = 6
        var curve = [points[0]]
        for start in 0..<(points.count - 1) {
            let before = points[max(start - 1, 0)]
            let first = points[start]
            let last = points[start + 1]
            let after = points[min(start + 2, points.count - 1)]
            for piece in 1...pieces {
                let t = Double(piece) / Double(pieces)
                func coordinate(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
                    b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
                }
                curve.append(
                    Point(
                        coordinate(before.x, first.x, last.x, after.x), coordinate(before.y, first.y, last.y, after.y)))
            }
        }
        return curve
    }

    /// Scales the strokes so that the larger side of their box is `side`, and moves their center of mass to `center`.
    private static func bringToSize(_ strokes: inout [[Point]], side: Double, around center: Point) {
        var low = strokes[0][0]
        var high = low
        var mass = 0.0
        var moment = Point(0, 0)
        for stroke in strokes {
            for (start, end) in zip(stroke, stroke.dropFirst()) {
                low = Point(min(low.x, start.x, end.x), min(low.y, start.y, end.y))
                high = Point(max(high.x, start.x, end.x), max(high.y, start.y, end.y))
                let across = end.x - start.x
                let down = end.y - start.y
                let length = (across * across + down * down).squareRoot()
                mass += length
                moment.x += length * (start.x + end.x) / 2
                moment.y += length * (start.y + end.y) / 2
            }
        }
        let scale = side / max(high.x - low.x, high.y - low.y)
        let middle = Point(moment.x / mass, moment.y / mass)
        for stroke in strokes.indices {
            for position in strokes[stroke].indices {
                let point = strokes[stroke][position]
                strokes[stroke][position] = Point(
                    center.x + scale * (point.x - middle.x), center.y + scale * (point.y - middle.y))
            }
        }
    }
}

/// A random linear map: narrower or wider, sheared to the right as most hands do, turned a little.
private struct Slant {
    private let xx, xy, yx, yy: Double

    init(_ random: inout RandomStream) {
        let width = random.uniform(in: 0.5..<0.95)
        let shear = 0.15 + 0.24 * random.normal()
        // The tangent of half the angle: it makes a rotation with no need for sines.
        let turn = 0.07 * random.normal()
        let cosine = (1 - turn * turn) / (1 + turn * turn)
        let sine = 2 * turn / (1 + turn * turn)
        xx = cosine * width
        xy = -cosine * shear - sine
        yx = sine * width
        yy = cosine - sine * shear
    }

    func applied(to point: Point) -> Point {
        Point(xx * point.x + xy * point.y, yx * point.x + yy * point.y)
    }
}

/// A random smooth distortion of the box of side 2 around the origin: polynomials of degree 3 in both coordinates.
private struct Warp {
    private let across: [Double]
    private let down: [Double]

    init(_ random: inout RandomStream) {
        let strength = random.uniform(in: 0.055..<0.18)
        across = (0..<7).map { _ in strength * random.normal() }
        down = (0..<7).map { _ in strength * random.normal() }
    }

    func applied(to point: Point) -> Point {
        let x = point.x
        let y = point.y
        func polynomial(_ c: [Double]) -> Double {
            c[0] * x * x + c[1] * x * y + c[2] * y * y + c[3] * x * x * x + c[4] * x * x * y + c[5] * x * y * y
                + c[6] * y * y * y
        }
        return Point(x + polynomial(across), y + polynomial(down))
    }
}
