import Foundation
import Testing

@testable import TensorEngine

/// One random case of a window over images.
private struct WindowCase: CustomTestStringConvertible {
    let images: Shape
    let window: [Int]
    let strides: [Int]
    let padding: Padding
    let filters: Int
    let values: [Double]
    let weights: [Double]

    init(_ seed: Int) {
        var stream = RandomStream(RandomKey(seed: UInt64(seed)).derived("windows"))
        let (window, channels) = ((0..<2).map { _ in 1 + stream.index(below: 4) }, 1 + stream.index(below: 4))
        padding = stream.index(below: 2) == 0 ? .same : .valid
        images = Shape([1 + stream.index(below: 3)] + window.map { $0 + stream.index(below: 5) } + [channels])
        strides = (0..<2).map { _ in 1 + stream.index(below: 3) }
        filters = 1 + stream.index(below: 3)
        values = (0..<images.count).map { _ in stream.normal() }
        weights = (0..<window[0] * window[1] * channels * filters).map { _ in stream.normal() }
        self.window = window
    }

    var testDescription: String { "\(images), window \(window), strides \(strides), \(padding), \(filters) filters" }
    var filterShape: Shape { [window[0], window[1], images[3], filters] }

    var positions: [Int] {
        (0..<2).map { axis in
            padding == .same
                ? (images[1 + axis] + strides[axis] - 1) / strides[axis]
                : (images[1 + axis] - window[axis]) / strides[axis] + 1
        }
    }

    /// The elements of one channel that a window finds, nil where it is outside of the image.
    func elements(image: Int, position: [Int], channel: Int) -> [Double?] {
        let before = (0..<2).map { axis -> Int in
            guard padding == .same else { return 0 }
            return max((positions[axis] - 1) * strides[axis] + window[axis] - images[1 + axis], 0) / 2
        }
        return (0..<window[0] * window[1]).map { place in
            let row = position[0] * strides[0] + place / window[1] - before[0]
            let column = position[1] * strides[1] + place % window[1] - before[1]
            guard 0..<images[1] ~= row, 0..<images[2] ~= column else { return nil }
            return values[((image * images[1] + row) * images[2] + column) * images[3] + channel]
        }
    }

    /// `element` at every image, position and one of `count` last indices.
    func each(_ count: Int, _ element: (Int, [Int], Int) -> Double) -> [Double] {
        (0..<images[0]).flatMap { image in
            (0..<positions[0]).flatMap { row in
                (0..<positions[1]).flatMap { column in (0..<count).map { element(image, [row, column], $0) } }
            }
        }
    }

    func pool(_ combine: ([Double]) -> Double) -> [Double] {
        each(images[3]) { combine(elements(image: $0, position: $1, channel: $2).compactMap { $0 }) }
    }

    func convolve() -> [Double] {
        each(filters) { image, position, filter in
            var sum = 0.0
            for channel in 0..<images[3] {
                for (place, element) in elements(image: image, position: position, channel: channel).enumerated() {
                    sum += (element ?? 0) * weights[(place * images[3] + channel) * filters + filter]
                }
            }
            return sum
        }
    }
}

@Suite("Layers of convolutional networks")
struct LayerTests {
    private func expectClose(_ found: [Double], _ expected: [Double], _ tolerance: Double, _ comment: String) {
        #expect(found.count == expected.count)
        for (x, y) in zip(found, expected) { #expect(abs(x - y) <= tolerance * max(1, abs(y)), "\(comment)") }
    }

    @Test(arguments: 0..<60) func agreeWithPlainLoops(_ seed: Int) {
        let test = WindowCase(seed)
        let graph = Graph.tracing([test.images, test.filterShape]) {
            [
                $0[0].convolution($0[1], strides: test.strides, padding: test.padding),
                $0[0].maximumPooling(test.window, strides: test.strides, padding: test.padding),
                $0[0].averagePooling(test.window, strides: test.strides, padding: test.padding),
            ]
        }
        let expected = [test.convolve(), test.pool { $0.max()! }, test.pool { $0.reduce(0, +) / Double($0.count) }]
        let inputs = [test.values, test.weights]
        let single = Plan<Float>(graph)(inputs.map { $0.map(Float.init) }).map { $0.map(Double.init) }
        for (index, found) in Plan<Double>(graph)(inputs).enumerated() {
            expectClose(found, expected[index], 1e-12, "output \(index) of \(test.testDescription)")
            expectClose(single[index], expected[index], 1e-4, "output \(index) of \(test.testDescription) in Float")
        }
    }

    @Test(arguments: 0..<8) func derivativesOfConvolutions(_ seed: Int) {
        let test = WindowCase(seed)
        CentralDifferences([test.images, test.filterShape]) {
            $0[0].convolution($0[1], strides: test.strides, padding: test.padding).sine()
        }.check()
    }

    @Test(arguments: 0..<8) func derivativesOfPooling(_ seed: Int) {
        let test = WindowCase(seed)
        CentralDifferences([test.images], seed: 7) {
            $0[0].maximumPooling(test.window, strides: test.strides, padding: test.padding).squared()
        }.check()
        CentralDifferences([test.images]) {
            $0[0].averagePooling(test.window, strides: test.strides, padding: test.padding).squared()
        }.check()
    }

    @Test func derivativesOfBatchNormalization() {
        CentralDifferences([[3, 2, 2, 2], [2], [2]]) {
            $0[0].batchNormalized(scale: $0[1], offset: $0[2]).sine()
        }.check()
        CentralDifferences([[5, 3]]) { $0[0].batchNormalized(epsilon: 1e-1).squared() }.check()
    }

    /// As other libraries have it, and not shared among equals.
    @Test func theFirstOfEqualLargestElementsHasTheDerivative() {
        let plan = Plan<Double>(
            .tracing([[1, 2, 4, 1]]) { [gradient(of: $0[0].maximumPooling([2, 2]).sum(), withRespectTo: $0)[0]] })
        #expect(plan([[0, 1, 2, 2, 1, 1, 2, 2]]) == [[0, 1, 1, 0, 0, 0, 0, 0]])
    }

    @Test func batchNormalizationGivesItsOffsetAndScale() {
        let plan = Plan<Double>(
            .tracing([[40, 3], [3], [3]]) { [$0[0].batchNormalized(scale: $0[1], offset: $0[2], epsilon: 0)] })
        var stream = RandomStream(RandomKey(seed: 5))
        let normalized = plan([(0..<120).map { _ in 3 + 2 * stream.normal() }, [1, 2, 3], [-1, 0, 1]])[0]
        for channel in 0..<3 {
            let values = stride(from: channel, to: 120, by: 3).map { normalized[$0] }
            let mean = values.reduce(0, +) / 40
            let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 40
            expectClose(
                [mean, variance.squareRoot()], [Double(channel - 1), Double(channel + 1)], 1e-12, "\(channel)")
        }
    }
}
