import TensorEngine
import Testing

/// Checks a traced function's derivatives against central differences in `Double`: the gradient, the tangent, the
/// gradient of a gradient, and a gradient by way of a tangent.
struct CentralDifferences {
    let shapes: [Shape]
    let values: [[Double]]
    let function: ([Tensor]) -> Tensor
    var step = 1e-5
    var tolerance = 1e-7

    /// Draws inputs with a stable stream; `map` moves them to where the function is smooth.
    init(
        _ shapes: [Shape], seed: UInt64 = 1, map: (Double) -> Double = { $0 }, function: @escaping ([Tensor]) -> Tensor
    ) {
        self.shapes = shapes
        self.function = function
        var stream = RandomStream(RandomKey(seed: seed))
        values = shapes.map { shape in (0..<shape.count).map { _ in map(stream.normal()) } }
    }

    /// A weighted sum of the results, so that the gradient sees every element differently.
    private func scalar(_ inputs: [Tensor]) -> Tensor {
        let result = function(inputs)
        var weights = result.constant(0, shape: result.shape)
        // Weights that differ from element to element, made of what graphs have: partial sums of ones.
        var axisValues = result.constant(0.3)
        for axis in 0..<result.shape.rank {
            let parts = (0..<result.shape[axis]).map { index -> Tensor in
                var sizes = [Int](repeating: 1, count: result.shape.rank)
                sizes[axis] = 1
                return result.constant(0.5 + 0.37 * Double(index + axis), shape: Shape(sizes))
            }
            axisValues = axisValues * Tensor.concatenating(parts, axis: axis)
        }
        weights = weights + axisValues
        return (result * weights).sum()
    }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let direction = directions()
        let value = Plan<Double>(.tracing(shapes) { [scalar($0)] })
        let first = Plan<Double>(.tracing(shapes) { gradient(of: scalar($0), withRespectTo: $0) })
        // The derivative of the gradient along a direction: by the gradient of a gradient, and by a tangent.
        let second = Plan<Double>(
            .tracing(shapes + shapes) { all in
                let inputs = Array(all.prefix(shapes.count))
                let gradients = gradient(of: scalar(inputs), withRespectTo: inputs)
                let along = zip(gradients, all.dropFirst(shapes.count)).map { ($0 * $1).sum() }
                return gradient(of: along.dropFirst().reduce(along[0], +), withRespectTo: inputs)
            })
        let tangent = Plan<Double>(
            .tracing(shapes + shapes) { all in
                let inputs = Array(all.prefix(shapes.count))
                let gradients = gradient(of: scalar(inputs), withRespectTo: inputs)
                let tangents = Array(all.dropFirst(shapes.count))
                return jacobianVectorProduct(
                    of: [scalar(inputs)] + gradients, variables: inputs, tangents: tangents)
            })

        let gradients = first(values)
        let seconds = second(values + direction)
        let tangents = tangent(values + direction)
        var slope = 0.0
        for input in values.indices {
            for element in values[input].indices {
                let (low, high) = moved(input, element)
                let difference = (value(high)[0][0] - value(low)[0][0]) / (2 * step)
                expectClose(gradients[input][element], difference, sourceLocation)
                slope += difference * direction[input][element]
                expectClose(seconds[input][element], tangents[1 + input][element], sourceLocation)
            }
        }
        expectClose(tangents[0][0], slope, sourceLocation)
        // The second derivative by differences of the gradient along the direction.
        let forward = first(along(direction, step))
        let backward = first(along(direction, -step))
        for input in values.indices {
            for element in values[input].indices {
                let difference = (forward[input][element] - backward[input][element]) / (2 * step)
                expectClose(seconds[input][element], difference, sourceLocation)
            }
        }
    }

    private func directions() -> [[Double]] {
        var stream = RandomStream(RandomKey(seed: 99))
        return values.map { $0.map { _ in stream.normal() } }
    }

    private func along(_ direction: [[Double]], _ length: Double) -> [[Double]] {
        zip(values, direction).map { zip($0, $1).map { $0 + length * $1 } }
    }

    private func moved(_ input: Int, _ element: Int) -> (low: [[Double]], high: [[Double]]) {
        var (low, high) = (values, values)
        low[input][element] -= step
        high[input][element] += step
        return (low, high)
    }

    private func expectClose(_ found: Double, _ expected: Double, _ sourceLocation: SourceLocation) {
        let scale = max(1, abs(found), abs(expected))
        #expect(abs(found - expected) <= tolerance * scale, sourceLocation: sourceLocation)
    }
}
