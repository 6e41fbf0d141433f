/// Bilinear resampling: each new pixel is a mean of old ones, weighted by a triangle as wide as two pixels, the old or the
/// new ones, whichever are larger, so that nothing is left out where a picture becomes smaller.
///
/// In IEEE basic operations on `Double`, so to the same bytes on every machine.
struct Resampling {
    /// The old pixels along one axis that a new one is made of.
    private struct Window {
        let first: Int
        let weights: [Double]
    }

    private let windows: [Window]

    /// - Parameters:
    ///   - old: how many pixels there are.
    ///   - scaled: how many they become.
    ///   - kept: which of those are wanted.
    init(_ old: Int, to scaled: Int, keeping kept: Range<Int>) {
        let ratio = Double(old) / Double(scaled)
        let reach = max(1, ratio)
        windows = kept.map { pixel in
            let center = (Double(pixel) + 0.5) * ratio
            let first = max(0, Int((center - reach).rounded(.down)))
            let last = min(old - 1, Int((center + reach).rounded(.up)))
            let weights = (first...last).map { max(0, 1 - abs((Double($0) + 0.5 - center) / reach)) }
            let sum = weights.reduce(0, +)
            return Window(first: first, weights: weights.map { $0 / sum })
        }
    }

    /// Resamples the middle axis of values of shape [outer, old, inner].
    func apply(to values: [Double], outer: Int, old: Int, inner: Int) -> [Double] {
        var out = [Double](repeating: 0, count: outer * windows.count * inner)
        for row in 0..<outer {
            for (new, window) in windows.enumerated() {
                for (position, weight) in window.weights.enumerated() {
                    let source = (row * old + window.first + position) * inner
                    let target = (row * windows.count + new) * inner
                    for index in 0..<inner { out[target + index] += weight * values[source + index] }
                }
            }
        }
        return out
    }
}

extension Raster {
    /// The picture scaled, its proportions kept, so that it just covers a size, and the middle of it cut out.
    func covering(_ size: PictureSize) -> Raster {
        guard (height, width) != (size.height, size.width) else { return self }
        // The side that is shorter by what is wanted of it fits; the other has at least as much.
        let isHeightFitted = height * size.width <= width * size.height
        func scaled(_ side: Int, by wanted: Int, over fitted: Int) -> Int {
            Int((Double(side) * Double(wanted) / Double(fitted)).rounded())
        }
        let newHeight = isHeightFitted ? size.height : max(size.height, scaled(height, by: size.width, over: width))
        let newWidth = isHeightFitted ? max(size.width, scaled(width, by: size.height, over: height)) : size.width
        let (top, left) = ((newHeight - size.height) / 2, (newWidth - size.width) / 2)
        let across = Resampling(width, to: newWidth, keeping: left..<left + size.width)
        let down = Resampling(height, to: newHeight, keeping: top..<top + size.height)
        let narrowed = across.apply(to: pixels.map(Double.init), outer: height, old: width, inner: channels)
        let values = down.apply(to: narrowed, outer: 1, old: height, inner: size.width * channels)
        return Raster(
            height: size.height, width: size.width, channels: channels,
            pixels: values.map { UInt8(max(0, min(255, ($0 + 0.5).rounded(.down)))) })
    }
}
