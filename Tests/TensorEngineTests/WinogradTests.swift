import Foundation
import Testing

@testable import TensorEngine

/// One random convolution that is worth transforming.
private struct WinogradCase: CustomTestStringConvertible {
    let images: Shape
    let filters: Shape
    let padding: Padding

    init(_ seed: Int) {
        var stream = RandomStream(RandomKey(seed: UInt64(seed)).derived("transformed"))
        let window = (0..<2).map { _ in 3 + stream.index(below: 3) }
        let channels = 32 + stream.index(below: 9)
        images = Shape([4 + stream.index(below: 4)] + window.map { $0 + 7 + stream.index(below: 6) } + [channels])
        filters = Shape(window + [channels, 32 + stream.index(below: 9)])
        padding = stream.index(below: 2) == 0 ? .same : .valid
    }

    var testDescription: String { "\(images) with \(filters), \(padding)" }

    func bySums(_ inputs: [Tensor]) -> Tensor {
        inputs[0].convolutionBySums(inputs[1], strides: [1, 1], padding: padding)
    }

    func values(seed: UInt64) -> [[Double]] {
        var stream = RandomStream(RandomKey(seed: seed))
        return [images, filters].map { shape in (0..<shape.count).map { _ in Double(Float(stream.normal())) } }
    }
}

@Suite("Convolutions by transformed tiles")
struct WinogradTests {
    private func sizeOfError(_ found: [Double], _ expected: [Double]) -> Double {
        func size(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        guard found.count == expected.count else { return .infinity }
        return size(zip(found, expected).map { $0 - $1 }) / size(expected)
    }

    /// A value, its gradients, and the gradients of these along a direction, as the sums have them.
    @Test(arguments: 0..<12) func agreeWithTheSums(_ seed: Int) throws {
        let test = WinogradCase(seed)
        try #require(
            WinogradConvolution(images: test.images, filters: test.filters, strides: [1, 1], padding: test.padding)
                != nil)
        func plan(_ convolution: @escaping ([Tensor]) -> Tensor) -> Plan<Double> {
            Plan(
                .tracing([test.images, test.filters, test.images, test.filters]) { all in
                    let inputs = Array(all.prefix(2))
                    let convolved = convolution(inputs)
                    let gradients = gradient(of: convolved.sine().sum(), withRespectTo: inputs)
                    let along = (gradients[0] * all[2]).sum() + (gradients[1] * all[3]).sum()
                    return [convolved] + gradients + gradient(of: along, withRespectTo: inputs)
                })
        }
        let values = test.values(seed: 1) + test.values(seed: 2)
        let transformed = plan { $0[0].convolution($0[1], padding: test.padding) }
        let (found, expected) = (transformed(values), plan(test.bySums)(values))
        #expect(found.count == 5 && expected.count == 5)
        for (found, expected) in zip(found, expected) { #expect(sizeOfError(found, expected) < 1e-13) }
    }

    /// Rounding in single precision: two to four times that of the sums.
    @Test(arguments: 3...5) func roundingErrorsAreSmall(_ size: Int) {
        let shapes: [Shape] = [[2, 16, 16, 64], [size, size, 64, 64]]
        func graph(_ convolution: @escaping ([Tensor]) -> Tensor) -> Graph {
            .tracing(shapes) { inputs in
                let result = convolution(inputs)
                return [result] + pullback(of: [result], cotangents: [result], withRespectTo: inputs)
            }
        }
        let bySums = graph { $0[0].convolutionBySums($0[1], strides: [1, 1], padding: .same) }
        var stream = RandomStream(RandomKey(seed: 3))
        let values = shapes.map { shape in (0..<shape.count).map { _ in Float(stream.normal()) } }
        let expected = Plan<Double>(bySums)(values.map { $0.map(Double.init) })
        let sums = Plan<Float>(bySums)(values).map { $0.map(Double.init) }
        let found = Plan<Float>(graph { $0[0].convolution($0[1]) })(values).map { $0.map(Double.init) }
        for index in expected.indices {
            let error = sizeOfError(found[index], expected[index])
            #expect(error < 4 * sizeOfError(sums[index], expected[index]), "output \(index)")
            #expect(found[index] != sums[index], "output \(index) is not transformed")
        }
    }

    /// More images than are transformed at once, and a last block with fewer.
    @Test func imagesInBlocks() {
        let shapes: [Shape] = [[12, 20, 20, 64], [5, 5, 64, 32]]
        var stream = RandomStream(RandomKey(seed: 4))
        let values = shapes.map { shape in (0..<shape.count).map { _ in stream.normal() } }
        func gradients(_ convolution: @escaping ([Tensor]) -> Tensor) -> [[Double]] {
            Plan<Double>(
                .tracing(shapes) { inputs in
                    let result = convolution(inputs)
                    return [result] + gradient(of: result.squared().sum(), withRespectTo: inputs)
                })(values)
        }
        let expected = gradients { $0[0].convolutionBySums($0[1], strides: [1, 1], padding: .same) }
        let found = gradients { $0[0].convolution($0[1]) }
        #expect(found.count == 3 && expected.count == 3)
        for (found, expected) in zip(found, expected) { #expect(sizeOfError(found, expected) < 1e-13) }
    }

    /// Filtering along one dimension, as a sum by its definition.
    @Test(arguments: WinogradTransform.filterSizes) func filterOneDimension(_ size: Int) {
        let transform = WinogradTransform(filterSize: size)
        var stream = RandomStream(RandomKey(seed: 5))
        let taps = (0..<size).map { _ in stream.normal() }
        let inputs = (0..<WinogradTransform.tileSize).map { _ in stream.normal() }
        func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
            matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        let products = zip(product(transform.filter, taps), product(transform.input, inputs)).map { $0 * $1 }
        let found = product(transform.output, products)
        #expect(found.count == 7 - size)
        for (position, output) in found.enumerated() {
            let sum = taps.indices.reduce(0) { $0 + taps[$1] * inputs[position + $1] }
            #expect(abs(output - sum) < 1e-13)
        }
    }

    /// Only where it saves half of the multiplications, and its transforms cost little beside them.
    @Test func whereItIsDone() {
        func isDone(_ images: Shape, _ filters: Shape, strides: [Int] = [1, 1]) -> Bool {
            WinogradConvolution(images: images, filters: filters, strides: strides, padding: .same) != nil
        }
        #expect(isDone([64, 16, 16, 64], [5, 5, 64, 64]))
        #expect(isDone([64, 8, 8, 32], [3, 3, 32, 32]))
        #expect(!isDone([64, 16, 16, 64], [5, 5, 64, 64], strides: [2, 2]))
        #expect(!isDone([64, 16, 16, 16], [5, 5, 16, 64]))
        #expect(!isDone([64, 32, 32, 3], [5, 5, 3, 64]))
        #expect(!isDone([64, 16, 16, 64], [7, 7, 64, 64]))
        #expect(!isDone([64, 16, 16, 64], [1, 1, 64, 64]))
        #expect(!isDone([64, 16, 64], [5, 64, 64], strides: [1]))
        #expect(!isDone([1, 4, 4, 64], [3, 3, 64, 64]), "transforming the filters would take most of the time")
        #expect(!isDone([64, 5, 5, 64], [3, 3, 64, 64]), "most of the tiles would lie outside of the images")
        #expect(!isDone([0, 16, 16, 64], [3, 3, 64, 64]))
    }
}
