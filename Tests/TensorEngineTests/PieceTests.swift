import Dispatch
import Testing

@testable import TensorEngine

@Suite("Pieces of steps")
struct PieceTests {
    private struct Concurrent: PieceExecutor {
        var hasHelpers: Bool { true }

        func run(pieces count: Int, _ body: @Sendable (Int) -> Void) {
            DispatchQueue.concurrentPerform(iterations: count, execute: body)
        }
    }

    /// A layer large enough to be cut, its gradients, and a sum of products that is added to in place.
    @Test func piecesGiveTheSameBits() {
        let shapes: [Shape] = [
            [6, 12, 13, 16], [3, 3, 16, 32], [300, 70], [70, 90], [8, 30, 31, 40], [4, 9, 9, 70], [5, 5, 70, 16],
            [4, 15, 14, 48], [5, 3, 48, 32], [16, 12], [16, 5007],
            [12, 1], [1, 90],
        ]
        let plan = Plan<Float>(
            .tracing(shapes) { inputs in
                let convolved = inputs[0].convolution(inputs[1]).sine()
                let product = inputs[2].matrixProduct(inputs[3]) + inputs[2].sine().matrixProduct(inputs[3].squared())
                // Windows that overlap, in a fold of its own and within padding.
                let pooled = inputs[4].padded(starts: [0, 1, 2, 0], shape: [8, 33, 34, 40])
                    .maximumPooling([3, 3], strides: [2, 2]).sine()
                // Whose filters' gradient is cut along the filters' rows and the images' channels.
                let wide = inputs[5].convolution(inputs[6]).sine()
                let transformed = inputs[7].convolution(inputs[8]).sine()
                // Many columns, a few of them beside the last whole tile.
                let columns = inputs[9].transposed().matrixProduct(inputs[10]).sine()
                // The same added to what repeats itself along them, and rows to what does so along those.
                let based = (inputs[9].sine().transposed().matrixProduct(inputs[10]) + inputs[11]).sine()
                let layer = (inputs[2].squared().matrixProduct(inputs[3]) + inputs[12]).sine()
                let loss =
                    columns.sum() + based.sum() + layer.sum() + wide.sum() + transformed.sum()
                    + convolved.squared().sum() + product.sine().sum()
                    + pooled.sum()
                return [convolved, product] + gradient(of: loss, withRespectTo: inputs)
            })
        func outputs(_ run: (PlanMemory<Float>) -> Void) -> [[Float]] {
            var stream = RandomStream(RandomKey(seed: 4))
            let memory = plan.makeMemory()
            let inputs = shapes.map { shape in
                ElementBuffer<Float>((0..<shape.count).map { _ in Float(stream.normal()) })
            }
            let outputs = plan.outputShapes.map { ElementBuffer<Float>(count: $0.count) }
            for (index, input) in inputs.enumerated() { memory.bind(input: index, to: input.start) }
            for (index, output) in outputs.enumerated() { memory.bind(output: index, to: output.start) }
            return withExtendedLifetime(inputs) {
                run(memory)
                return outputs.map(\.elements)
            }
        }
        let whole = outputs { plan.run($0) }
        #expect(outputs { plan.run($0, on: SerialPieces()) } == whole)
        #expect(outputs { plan.run($0, on: Concurrent()) } == whole)
    }

    @Test func wideProductsAreCutAlongTheirColumns() throws {
        func cut(rows: Int, columns: Int) throws -> ProductLoops.Cut? {
            let product = ProductLoops(
                Contraction(
                    a: Reference(base: 0, shape: [rows, 12]), b: Reference(base: 1, shape: [12, columns]),
                    result: Reference(base: 2, shape: [rows, columns]), stack: 0, depth: 1, start: .nothing))
            return product.cut(resultCount: rows * columns, overwrites: true)
        }
        guard case .columns = try cut(rows: 16, columns: 5007) else { throw Unexpected() }
        guard case .columns = try cut(rows: 1, columns: 5007) else { throw Unexpected() }
        guard case .rows = try cut(rows: 1000, columns: 5007) else { throw Unexpected() }
        guard case .rows = try cut(rows: 16, columns: 1000) else { throw Unexpected() }
    }

    private struct Unexpected: Error {}

    /// Which loops of a convolution and of its gradients may be shared out.
    @Test func cutsOfAConvolution() {
        func reference(_ shape: Shape) -> Reference { Reference(base: 0, shape: shape) }
        let windows = Windows(sizes: [3, 3], strides: [1, 1])
        let forward = ProductLoops(
            Contraction(
                a: reference([6, 14, 15, 16]).windows(windows), b: reference([3, 3, 16, 32]),
                result: reference([6, 12, 13, 32]), stack: 0, depth: 3, start: .nothing))
        #expect(forward.loops.map(\.count) == [6, 3, 12])
        #expect([forward.rows.count, forward.depth.count, forward.columns.count] == [13, 48, 32])
        guard case .units(let images) = forward.cut(resultCount: 6 * 12 * 13 * 32, overwrites: true),
            images.loops == 0..<1
        else {
            Issue.record("the images are shared out")
            return
        }
        let folded = ProductLoops(
            Contraction(
                a: reference([6, 12, 13, 32]), b: reference([32, 3, 3, 16]),
                result: reference([6, 14, 15, 16]).windows(windows), stack: 0, depth: 1, start: .zeros))
        #expect([folded.rows.count, folded.depth.count, folded.columns.count] == [13, 32, 16])
        guard case .units(let images) = folded.cut(resultCount: 6 * 14 * 15 * 16, overwrites: false),
            images.loops == 0..<1
        else {
            Issue.record("the images are shared out")
            return
        }
    }

    private static let filtersGradient = Graph.tracing([[8, 16, 16, 64], [5, 5, 64, 64], [8, 16, 16, 64]]) { inputs in
        let convolved = inputs[0].convolutionBySums(inputs[1], strides: [1, 1], padding: .same)
        return pullback(of: [convolved], cotangents: [inputs[2]], withRespectTo: [inputs[1]])
    }

    /// The 25 places of the filters, each in three groups of channels: 75 units make pieces of nine or ten.
    @Test func aFiltersGradientIsCutEvenly() throws {
        let lowering = Lowering(RewrittenGraph(Self.filtersGradient))
        let storage = StoragePlan(lowering)
        var assembly = Assembly<Float>(lowering, storage)
        let counts = lowering.kernels.map { assembly.step($0).pieceCount }
        #expect(counts.max() == 8)
    }

    /// A filters' gradient adds up rows of an image, here of 16 places each: eight at once, of which the result is read
    /// and written once.
    @Test func rowsOfAnImageMakeOneProduct() throws {
        let products = Lowering(RewrittenGraph(Self.filtersGradient)).kernels.compactMap { kernel in
            if case .product(let contraction) = kernel.code { ProductLoops(contraction) } else { nil }
        }
        let gradient = try #require(products.last)
        #expect([gradient.rows.count, gradient.depth.count, gradient.columns.count] == [64, 16, 64])
        #expect(gradient.joined.count == 8)
        #expect(gradient.loops.map(\.count) == [8, 5, 5, 2])
        #expect(gradient.work == 8 * 16 * 16 * 25 * 64 * 64)
    }
}
