import Testing

@testable import TensorEngine

@Suite("ReLU where a product is written")
struct RectifiedProductTests {
    /// Products of every kind that has a path of its own; a third input is a bias.
    static let products: [(name: String, shapes: [Shape], product: @Sendable ([Tensor]) -> Tensor)] = [
        ("layer", [[128, 30], [30, 20], [20]], { $0[0].matrixProduct($0[1]) + $0[2] }),
        ("two rows", [[2, 30], [30, 500], [2, 1]], { $0[0].matrixProduct($0[1]) + $0[2] }),
        ("deep", [[40, 700], [700, 33]], { $0[0].matrixProduct($0[1]) }),
        ("long", [[32, 19], [19, 15_910], [32, 1]], { $0[0].matrixProduct($0[1]) + $0[2] }),
        (
            "parts", [[20, 12], [5, 64], [7, 64]],
            { $0[0].matrixProduct(Tensor.concatenating([$0[1].sine(), $0[2].sine()])) }
        ),
        (
            "convolution", [[4, 9, 9, 8], [2, 2, 8, 20], [20]],
            { $0[0].convolution($0[1]) + $0[2] }
        ),
        ("no depth", [[4, 0], [0, 6], [6]], { $0[0].matrixProduct($0[1]) + $0[2] }),
    ]

    private func values(_ shapes: [Shape]) -> [[Float]] {
        var stream = RandomStream(RandomKey(seed: 7))
        return shapes.map { shape in (0..<shape.count).map { _ in Float(stream.normal()) } }
    }

    private func maxima(_ graph: Graph) -> Int {
        let rewritten = RewrittenGraph(graph)
        return rewritten.nodes.indices.count {
            rewritten.needed[$0] && rewritten.products[$0] == nil
                && rewritten.nodes[$0].operation == .elementwise(.maximum)
        }
    }

    /// The sums themselves are an output of the other graph, so that there ReLU is a step of its own.
    @Test(arguments: products.indices) func hasTheBitsOfAStepOfItsOwn(_ index: Int) {
        let (name, shapes, product) = Self.products[index]
        let rectified = Graph.tracing(shapes) { [product($0).maximum(0)] }
        let apart = Graph.tracing(shapes) { [product($0).maximum(0), product($0)] }
        #expect(maxima(rectified) == (name == "no depth" ? 1 : 0), "\(name)")
        #expect(maxima(apart) == 1)
        let values = values(shapes)
        #expect(Plan<Float>(rectified)(values)[0] == Plan<Float>(apart)(values)[0], "\(name)")
    }

    @Test func gradientsPassThroughWhatIsAboveZero() {
        let shapes: [Shape] = [[64, 30], [30, 20], [20]]
        func loss(_ inputs: [Tensor]) -> Tensor {
            (inputs[0].matrixProduct(inputs[1]) + inputs[2]).maximum(0).squared().sum()
        }
        let graph = Graph.tracing(shapes) { gradient(of: loss($0), withRespectTo: $0) }
        #expect(maxima(graph) == 0)
        let values = values(shapes).map { $0.map(Double.init) }
        let expected = GraphInterpreter.run(graph, values)
        for (given, wanted) in zip(Plan<Double>(graph)(values), expected) {
            for (a, b) in zip(given, wanted) { #expect(abs(a - b) <= 1e-10 * (1 + abs(b))) }
        }
    }

    @Test func whatIsNoNumberStaysNone() {
        let graph = Graph.tracing([[2, 3], [3, 4]]) { [$0[0].matrixProduct($0[1]).maximum(0)] }
        #expect(maxima(graph) == 0)
        let result = Plan<Float>(graph)([[1, .nan, 1, -1, -1, -1], [Float](repeating: 1, count: 12)])[0]
        #expect(result[..<4].allSatisfy { $0.isNaN })
        #expect(result[4...].allSatisfy { $0 == 0 && $0.sign == .plus })
    }
}
