import Testing

@testable import TensorEngine

@Suite("Contractions and windows")
struct ContractionTests {
    @Test func derivativesOfContractions() {
        CentralDifferences([[2, 3, 4], [3, 4, 5]]) { $0[0].contraction($0[1], depth: 2).squared() * 0.3 }.check()
        CentralDifferences([[2, 3], [3, 2, 2]]) { $0[0].contraction($0[1], depth: 1).sine() }.check()
        CentralDifferences([[2, 3, 2], [2, 2, 3]]) { $0[0].contraction($0[1], depth: 1, stack: 1).sine() }.check()
        CentralDifferences([[3], [2, 2]]) { $0[0].contraction($0[1], depth: 0).squared() }.check()
        CentralDifferences([[3, 2], [3, 2]]) { $0[0].sine().contraction($0[1], depth: 2).squared() * 0.2 }.check()
        CentralDifferences([[4, 3, 2], [5, 3, 2]]) {
            $0[0].contraction($0[1].transposed([1, 2, 0]), depth: 2).squared() * 0.2
        }.check()
    }

    @Test func derivativesOfWindowsAndFolds() {
        CentralDifferences([[2, 5, 4, 2]]) { $0[0].squared().windows([3, 2], strides: [2, 1]).sine() }.check()
        CentralDifferences([[2, 7, 2]]) { $0[0].squared().windows([3], strides: [2]).sine() }.check()
        CentralDifferences([[2, 2, 3, 3, 2, 2]]) {
            $0[0].squared().folded(strides: [2, 1], to: [2, 5, 4, 2]).sine()
        }.check()
        CentralDifferences([[2, 2, 2, 3, 2, 2]]) {
            $0[0].squared().folded(strides: [3, 2], to: [2, 6, 4, 2]).sine()
        }.check()
    }

    /// ⟨windows(x), y⟩ = ⟨x, fold(y)⟩, where the fold is of a stored value, of a contraction, or a view.
    @Test(arguments: 0..<60) func windowsAndFoldsAreAdjoint(_ seed: Int) {
        var stream = RandomStream(RandomKey(seed: UInt64(seed)))
        let window = (0..<2).map { _ in 1 + stream.index(below: 3) }
        let strides = (0..<2).map { _ in 1 + stream.index(below: 3) }
        let image = Shape([2] + window.map { $0 + stream.index(below: 6) } + [1 + stream.index(below: 3)])
        let boxes = Windows(sizes: window, strides: strides).shape(over: image)
        let positions = Shape(Array(boxes.sizes[..<3]) + [4])
        let filters = Shape([4] + boxes.sizes[3...])
        let plan = Plan<Double>(
            .tracing([image, boxes, positions, filters]) { inputs in
                let windows = inputs[0].windows(window, strides: strides)
                let product = inputs[2].contraction(inputs[3], depth: 1)
                return [
                    (windows * inputs[1]).sum(), (inputs[0] * inputs[1].folded(strides: strides, to: image)).sum(),
                    (windows * product).sum(), (inputs[0] * product.folded(strides: strides, to: image)).sum(),
                ]
            })
        let fused = Plan<Double>(
            .tracing([image, positions, filters]) { inputs in
                [(inputs[0] * inputs[1].contraction(inputs[2], depth: 1).folded(strides: strides, to: image)).sum()]
            })
        let values = [image, boxes, positions, filters].map { shape in (0..<shape.count).map { _ in stream.normal() } }
        let found = plan(values).map { $0[0] }
        #expect(abs(found[0] - found[1]) < 1e-10)
        #expect(abs(found[2] - found[3]) < 1e-10)
        #expect(abs(found[2] - fused([values[0], values[2], values[3]])[0][0]) < 1e-10)
    }

    /// What a product is added to may be a number for each row, for each column or for all, or a matrix: it is read where
    /// it lies.
    @Test(arguments: [[5, 7, 3], [1, 9, 4], [300, 20, 30], [20, 1100, 30]]) func productsAreAddedToWhatRepeats(
        _ sizes: [Int]
    ) {
        let (rows, columns, depth) = (sizes[0], sizes[1], sizes[2])
        var stream = RandomStream(RandomKey(seed: UInt64(rows)))
        func draw(_ count: Int) -> [Double] { (0..<count).map { _ in Double(stream.index(below: 9)) } }
        let (a, b) = (draw(rows * depth), draw(depth * columns))
        for (height, width) in [(rows, 1), (1, columns), (1, 1), (rows, columns)] {
            let addend = draw(height * width)
            let plan = Plan<Double>(
                .tracing([[rows, depth], [depth, columns], [height, width]]) {
                    [$0[2].broadcast(to: [rows, columns]) + $0[0].contraction($0[1], depth: 1)]
                })
            let found = plan([a, b, addend])[0]
            var wrong = 0
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum = addend[(height == 1 ? 0 : row) * width + (width == 1 ? 0 : column)]
                    for step in 0..<depth { sum += a[row * depth + step] * b[step * columns + column] }
                    if found[row * columns + column] != sum { wrong += 1 }
                }
            }
            #expect(wrong == 0, "[\(height), \(width)]")
        }
    }

    /// No dimension, or none with elements, is a case like others.
    @Test func emptyDimensions() {
        let plan = Plan<Double>(
            .tracing([[2, 0], [0, 3], [2, 3], [0, 3]]) {
                [
                    $0[0].contraction($0[1], depth: 1), $0[2] + $0[0].contraction($0[1], depth: 1),
                    $0[3].contraction($0[2].transposed(), depth: 1),
                ]
            })
        let addend: [Double] = [1, 2, 3, 4, 5, 6]
        #expect(plan([[], [], addend, []]) == [[Double](repeating: 0, count: 6), addend, []])
    }
}
