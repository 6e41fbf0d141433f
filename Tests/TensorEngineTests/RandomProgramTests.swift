import TensorKernels
import Testing

@testable import TensorEngine

/// Programs made of primitives drawn at random, over random shapes.
struct RandomProgram {
    private var stream: RandomStream
    private(set) var shapes: [Shape] = []

    init(seed: UInt64) {
        stream = RandomStream(RandomKey(seed: seed))
        shapes = (0..<2 + stream.index(below: 3)).map { _ in
            Shape((0..<stream.index(below: 5)).map { _ in 1 + stream.index(below: 5) })
        }
    }

    mutating func values() -> [[Double]] {
        shapes.map { shape in (0..<shape.count).map { _ in stream.normal() } }
    }

    /// Draws steps, each on tensors that are there, and gives some of what came out, with gradients half of the time.
    mutating func trace(_ inputs: [Tensor]) -> [Tensor] {
        var tensors = inputs
        for _ in 0..<25 { tensors.append(next(tensors)) }
        var outputs = (0..<3).map { _ in tensors[stream.index(below: tensors.count)] } + [tensors.last!]
        if stream.index(below: 2) == 0 {
            let loss = outputs.map { $0.sine().sum() }.reduce(inputs[0].constant(0), +)
            outputs += gradient(of: loss, withRespectTo: inputs)
        }
        return outputs
    }

    private mutating func next(_ tensors: [Tensor]) -> Tensor {
        // Late tensors more often than early ones, so that chains grow long.
        let first = tensors[tensors.count - 1 - stream.index(below: min(tensors.count, 6))]
        let rank = first.shape.rank
        switch stream.index(below: 20) {
        case 0: return first.sigmoid()
        case 1: return first.hyperbolicTangent() * 2
        case 2: return (first.squared() + 0.1).squareRoot()
        case 3: return first.isGreater(than: first.filled(with: 0)).select(first * 0.5, first.sine())
        case 4, 5, 6:
            let fitting = tensors.filter { Shape.broadcasting($0.shape, first.shape).map { $0.count < 4000 } ?? false }
            let second = fitting.isEmpty ? first : fitting[stream.index(below: fitting.count)]
            switch stream.index(below: 6) {
            case 0: return first + second
            case 1: return first - second.sigmoid()
            case 2: return first * second.sine()
            case 3: return second.sigmoid() * first
            case 4: return first * second.sigmoid() + second.sine()
            default: return first.minimum(second) * 0.7 + first.maximum(second)
            }
        case 7 where rank > 0:
            let axis = stream.index(below: rank)
            let start = stream.index(below: first.shape[axis])
            return first.sliced(start..<start + 1 + stream.index(below: first.shape[axis] - start), axis: axis)
        case 8 where rank > 0:
            return first.transposed(stream.permutation(of: rank))
        case 9 where rank > 0:
            let axis = stream.index(below: rank)
            let parts = tensors.filter { other in
                other.shape.rank == rank && (0..<rank).allSatisfy { $0 == axis || other.shape[$0] == first.shape[$0] }
            }
            return Tensor.concatenating([first, parts[stream.index(below: parts.count)], first.sine()], axis: axis)
        case 10 where rank > 0:
            return first.sum(axes: (0..<rank).filter { _ in stream.index(below: 2) == 0 }) * 0.3
        case 11 where rank > 0:
            return first.maximum(axes: [stream.index(below: rank)])
        case 12: return first.reshaped([first.shape.count])
        case 13: return first.reshaped([1, first.shape.count, 1])
        case 14, 15:
            guard rank == 2 else { return first.exponential().minimum(3) }
            let fitting = tensors.filter { $0.shape.rank == 2 && $0.shape[0] == first.shape[1] }
            let second = fitting.isEmpty ? first.transposed() : fitting[stream.index(below: fitting.count)]
            let product = first.matrixProduct(second) * 0.2
            switch stream.index(below: 4) {
            case 0: return product
            case 1: return first.matrixProduct(second).maximum(0)
            case 2: return (product.sine() + first.matrixProduct(second)).maximum(0)
            default: return product + first.sine().matrixProduct(second)
            }
        case 16 where rank >= 3 && first.shape.count < 400:
            let (window, strides) = windows(over: first.shape)
            return first.windows(window, strides: strides)
        case 17 where rank >= 3:
            let (window, strides) = windows(over: first.shape)
            let boxes = first.windows(window, strides: strides)
            return (stream.index(below: 2) == 0 ? boxes : boxes.sine()).folded(strides: strides, to: first.shape) * 0.3
        case 18, 19:
            // Against its own windows or another tensor, over as many dimensions as fit.
            let depth = stream.index(below: rank + 1)
            let other = tensors.last { $0.shape.sizes.starts(with: first.shape.sizes.suffix(depth)) } ?? first
            let shared = first.shape.sizes.suffix(depth)
            let count = shared.reduce(first.shape.count * other.shape.count) { $0 / $1 / $1 }
            guard other.shape.sizes.starts(with: shared), count < 1000 else { return first.cosine() }
            return first.contraction(other.sine(), depth: depth) * 0.2
        default: return first.cosine()
        }
    }

    private mutating func windows(over shape: Shape) -> (sizes: [Int], strides: [Int]) {
        let sliding = shape.sizes.dropFirst().dropLast()
        return (sliding.map { 1 + stream.index(below: min($0, 3)) }, sliding.map { _ in 1 + stream.index(below: 3) })
    }
}

@Suite("Plans compute what their graphs say")
struct RandomProgramTests {
    @Test(arguments: 0..<300) func agreesWithTheInterpreter(_ seed: Int) {
        var program = RandomProgram(seed: UInt64(seed))
        let values = program.values()
        let shapes = program.shapes
        let graph = Graph.tracing(shapes) { program.trace($0) }
        let expected = GraphInterpreter.run(graph, values)
        let plan = Plan<Double>(graph)
        for run in 0..<2 {
            #expect(agree(plan(values), expected, within: 1e-9), "seed \(seed), run \(run)")
        }
    }

    /// A plan leaves its inputs alone, and a second run in the same memory gives the same bits.
    @Test func memoryIsUsedAgain() {
        let plan = Plan<Float>(
            .tracing([[7, 9], [9, 5]]) { [$0[0].matrixProduct($0[1]).logSoftmax(), ($0[0] * 2).sum(axes: [0])] })
        let memory = plan.makeMemory()
        let inputs = [ElementBuffer<Float>(count: 63), ElementBuffer<Float>(count: 45)]
        var stream = RandomStream(RandomKey(seed: 2))
        for input in inputs { stream.fillNormal(UnsafeMutableBufferPointer(start: input.start, count: input.count)) }
        let before = inputs.map(\.elements)
        let outputs = [ElementBuffer<Float>(count: 35), ElementBuffer<Float>(count: 9)]
        for index in 0..<2 {
            memory.bind(input: index, to: inputs[index].start)
            memory.bind(output: index, to: outputs[index].start)
        }
        plan.run(memory)
        let first = outputs.map(\.elements)
        plan.run(memory)
        #expect(outputs.map(\.elements) == first)
        #expect(inputs.map(\.elements) == before)
    }
}
