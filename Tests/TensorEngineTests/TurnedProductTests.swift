import Testing

@testable import TensorEngine

@Suite("Products made the other way round")
struct TurnedProductTests {
    /// The rows and columns of every product that a graph comes to.
    private func products(_ graph: Graph) -> [[Int]] {
        Lowering(RewrittenGraph(graph)).kernels.compactMap { kernel in
            guard case .product(let contraction) = kernel.code else { return nil }
            return contraction.result.shape.sizes
        }
    }

    private func values(_ graph: Graph) -> [[Float]] {
        var stream = RandomStream(RandomKey(seed: 5))
        return graph.inputShapes.map { shape in (0..<shape!.count).map { _ in Float(stream.normal()) } }
    }

    /// Gradients of weights that are read transposed, at several steps: 41 inputs by 80 gates come to fewer vectors
    /// than 80 by 41, and to the same bits.
    @Test func aTransposedSumOfProductsHasTheSameBits() {
        let shapes: [Shape] = [[80, 64], [41, 64], [80, 30], [41, 30], [80, 5], [41, 5]]
        func sum(_ inputs: [Tensor]) -> Tensor {
            let products = (0..<3).map { inputs[2 * $0].matrixProduct(inputs[2 * $0 + 1].transposed()) }
            return products[0] + products[1] + products[2]
        }
        let turned = Graph.tracing(shapes) { [sum($0).transposed() * 2] }
        let plain = Graph.tracing(shapes) { [sum($0)] }
        #expect(products(turned) == [[41, 80], [41, 80], [41, 80]])
        #expect(products(plain) == [[80, 41], [80, 41], [80, 41]])
        let (found, expected) = (Plan<Float>(turned)(values(turned))[0], Plan<Float>(plain)(values(plain))[0])
        for row in 0..<41 {
            for column in 0..<80 { #expect(found[row * 80 + column] == 2 * expected[column * 41 + row]) }
        }
    }

    @Test func whatIsReadAsItIsStays() {
        let shapes: [Shape] = [[80, 64], [64, 41]]
        #expect(
            products(.tracing(shapes) { [$0[0].matrixProduct($0[1]).transposed(), $0[0].matrixProduct($0[1])] })
                == [[80, 41]])
        #expect(
            products(
                .tracing(shapes) { inputs in
                    let product = inputs[0].matrixProduct(inputs[1])
                    return [(product + inputs[0].sliced(0..<41, axis: 1)).transposed()]
                }) == [[80, 41]])
    }

    /// One row fills vectors better than one column, and an eighth has to be won.
    @Test func whatWouldNotComeToFewerVectorsStays() {
        for (shape, columns) in [([1, 64], 20), ([80, 64], 23), ([64, 64], 48)] as [(Shape, Int)] {
            let graph = Graph.tracing([shape, [columns, 64]]) {
                [$0[0].matrixProduct($0[1].transposed()).transposed()]
            }
            #expect(products(graph) == [[shape[0], columns]])
        }
    }

    /// An operand that is transposed already is read as what it is the transpose of.
    @Test func transposedOperandsAreReadWhereTheyLie() {
        let graph = Graph.tracing([[30, 16], [30, 7]]) { [$0[0].transposed().matrixProduct($0[1]).transposed()] }
        #expect(products(graph) == [[7, 16]])
        let expected = GraphInterpreter.run(graph, values(graph).map { $0.map(Double.init) })[0]
        #expect(agree(Plan<Float>(graph)(values(graph))[0].map(Double.init), expected, within: 1e-5))
    }
}
