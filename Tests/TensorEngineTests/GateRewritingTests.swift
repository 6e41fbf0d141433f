import Testing

@testable import TensorEngine

@Suite("Gates as one operation")
struct GateRewritingTests {
    /// A recurrent cell: its new state and what it puts out.
    private func cell(_ inputs: [Tensor]) -> (state: Tensor, output: Tensor, gates: [Tensor]) {
        let gates = inputs[0..<3].map { $0.sigmoid() }
        let state = gates[0] * inputs[4] + inputs[3].hyperbolicTangent() * gates[1]
        return (state, state.hyperbolicTangent() * gates[2], gates)
    }

    private let shapes: [Shape] = Array(repeating: [20, 37], count: 5)

    private func operations(_ graph: Graph) -> [String] {
        let rewritten = RewrittenGraph(graph)
        return rewritten.nodes.indices.compactMap { id in
            guard rewritten.needed[id], case .elementwise(let operation) = rewritten.nodes[id].operation
            else { return nil }
            return "\(operation)"
        }.sorted()
    }

    @Test func sigmoidsThatNothingElseReadsAreFused() {
        let fused = Graph.tracing(shapes) { [cell($0).state, cell($0).output] }
        #expect(operations(fused) == ["sigmoidMultiply", "sigmoidMultiply", "sigmoidMultiplyAdd", "tanh", "tanh"])
        let kept = Graph.tracing(shapes) { [cell($0).state, cell($0).output] + cell($0).gates }
        let apart = ["multiply", "multiply", "multiplyAdd", "sigmoid", "sigmoid", "sigmoid", "tanh", "tanh"]
        #expect(operations(kept) == apart)
    }

    @Test func theyGiveTheSameBits() {
        var stream = RandomStream(RandomKey(seed: 7))
        let values = shapes.map { shape in (0..<shape.count).map { _ in Float(3 * stream.normal()) } }
        let fused = Plan<Float>(Graph.tracing(shapes) { [cell($0).state, cell($0).output] })(values)
        let kept = Plan<Float>(Graph.tracing(shapes) { [cell($0).state, cell($0).output] + cell($0).gates })(values)
        #expect(fused[0] == kept[0])
        #expect(fused[1] == kept[1])
    }
}
