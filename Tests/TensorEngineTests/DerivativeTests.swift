import TensorEngine
import Testing

@Suite("Derivatives agree with central differences")
struct DerivativeTests {
    /// Away from 0, where absolute values and roots have no derivative.
    private static func positive(_ x: Double) -> Double { abs(x) + 0.3 }
    private static func awayFromZero(_ x: Double) -> Double { x < 0 ? x - 0.2 : x + 0.2 }

    @Test func unaryOperations() {
        let shape: Shape = [3, 4]
        CentralDifferences([shape]) { -$0[0] }.check()
        CentralDifferences([shape], map: Self.awayFromZero) { $0[0].absoluteValue() }.check()
        CentralDifferences([shape], map: Self.awayFromZero) { $0[0].sign() * $0[0] }.check()
        CentralDifferences([shape]) { $0[0].exponential() }.check()
        CentralDifferences([shape], map: Self.positive) { $0[0].logarithm() }.check()
        CentralDifferences([shape]) { $0[0].hyperbolicTangent() }.check()
        CentralDifferences([shape]) { $0[0].sigmoid() }.check()
        CentralDifferences([shape], map: Self.positive) { $0[0].squareRoot() }.check()
        CentralDifferences([shape]) { $0[0].sine() }.check()
        CentralDifferences([shape]) { $0[0].cosine() }.check()
    }

    /// |x| and √(x²) have the same derivatives everywhere, all of them finite.
    @Test func rootsOfSquaresHaveDerivativesAtZero() {
        let plan = Plan<Double>(
            .tracing([[3]]) { inputs in
                var results: [Tensor] = []
                for value in [inputs[0].absoluteValue(), inputs[0].squared().squareRoot()] {
                    let first = gradient(of: value.sum(), withRespectTo: inputs)[0]
                    results += [first, gradient(of: first.sum(), withRespectTo: inputs)[0]]
                }
                return results
            })
        let (slopes, curvatures) = ([1.0, 0, -1], [0.0, 0, 0])
        #expect(plan([[2, 0, -0.5]]) == [slopes, curvatures, slopes, curvatures])
    }

    @Test func nothingHasNoDerivative() {
        let plan = Plan<Double>(.tracing([[2]]) { pullback(of: [], cotangents: [], withRespectTo: $0) })
        #expect(plan([[3, 4]]) == [[0, 0]])
    }

    @Test func binaryOperations() {
        let shapes: [Shape] = [[3, 4], [3, 4]]
        CentralDifferences(shapes) { $0[0] + $0[1] * $0[0] }.check()
        CentralDifferences(shapes) { $0[0] - $0[1].squared() }.check()
        CentralDifferences(shapes, map: Self.positive) { $0[0] / $0[1] }.check()
        CentralDifferences(shapes, seed: 4) { $0[0].squared().maximum($0[1]) }.check()
        CentralDifferences(shapes, seed: 4) { $0[0].minimum($0[1].sine()) }.check()
        CentralDifferences(shapes, seed: 4) { $0[0].isGreater(than: $0[1]) * $0[0].exponential() }.check()
        CentralDifferences(shapes, seed: 4) { $0[0].isEqual(to: $0[1]) + $0[0] }.check()
        CentralDifferences(shapes, seed: 4) {
            $0[0].isGreater(than: $0[1]).select($0[0].sine(), $0[0] * $0[1])
        }.check()
    }

    @Test func broadcasting() {
        CentralDifferences([[3, 4], [4]]) { $0[0] * $0[1] }.check()
        CentralDifferences([[3, 1], [1, 4]]) { $0[0] / ($0[1].squared() + 1) }.check()
        CentralDifferences([[2, 3, 4], .scalar]) { $0[0].squared() * $0[1].exponential() }.check()
    }

    @Test func shapes() {
        CentralDifferences([[3, 4]]) { $0[0].squared().reshaped([2, 6]) * 2 }.check()
        CentralDifferences([[2, 3, 4]]) { $0[0].transposed([2, 0, 1]).exponential() }.check()
        CentralDifferences([[5, 4]]) { $0[0].sliced(1..<4).squared() }.check()
        CentralDifferences([[5, 4]]) { $0[0].sine().sliced(1..<3, axis: 1).squared() }.check()
        CentralDifferences([[2, 4], [3, 4]]) { Tensor.concatenating([$0[0].sine(), $0[1].squared()]) }.check()
        CentralDifferences([[3, 2], [3, 1]]) {
            Tensor.concatenating([$0[0].sine(), $0[1], $0[1].squared()], axis: 1).exponential()
        }.check()
    }

    @Test func slicesThatAreJoinedAgain() {
        CentralDifferences([[6, 3]]) { inputs in
            let rows = (0..<3).map { inputs[0].sine().sliced(2 * $0..<2 * $0 + 2) }
            return rows[0] * rows[1] + rows[2].exponential() * rows[0]
        }.check()
    }

    @Test func reductions() {
        CentralDifferences([[2, 3, 4]]) { $0[0].squared().sum(axes: [1]) }.check()
        CentralDifferences([[2, 3, 4]]) { $0[0].squared().sum(axes: [0, 2]).exponential() }.check()
        CentralDifferences([[2, 3, 4]]) { $0[0].sine().sum() * $0[0].mean() }.check()
        CentralDifferences([[3, 5]]) { ($0[0] * 2).maximum(axes: [1]).squared() }.check()
        CentralDifferences([[3, 5]]) { $0[0].logSoftmax() }.check()
    }

    @Test func matrixProducts() {
        CentralDifferences([[3, 4], [4, 2]]) { $0[0].matrixProduct($0[1]).squared() }.check()
        CentralDifferences([[4, 3], [4, 2]]) { $0[0].transposed().sine().matrixProduct($0[1]).squared() }.check()
        CentralDifferences([[3, 4], [2, 4]]) { $0[0].matrixProduct($0[1].transposed()).exponential() * 0.1 }.check()
        CentralDifferences([[5, 3, 4], [5, 4, 2]]) { $0[0].matrixProduct($0[1]).sine() }.check()
        CentralDifferences([[1, 4], [4, 3]]) { $0[0].matrixProduct($0[1]).squared() }.check()
    }

    @Test func sumsOfProducts() {
        CentralDifferences([[3, 4], [4, 2], [2]]) {
            $0[0].matrixProduct($0[1]) + $0[2] + $0[0].sine().matrixProduct($0[1].squared())
        }.check()
    }

    /// No rewrite may step over a tensor that a derivative is asked by. (The first tensor is part of the last.)
    @Test func derivativesByIntermediateTensors() {
        let plan = Plan<Double>(
            .tracing([[2, 3]]) { inputs in
                let reshaped = inputs[0].reshaped([6])
                let transposed = inputs[0].transposed()
                let negated = -inputs[0]
                let padded = inputs[0].reshaped([6]).reshaped([1, 6])
                let loss =
                    (reshaped.reshaped([3, 2]) * 2).sum() + (transposed.transposed() * 3).sum()
                    + (-negated * 4).sum() + (padded.reshaped([6]) * 5).sum()
                return gradient(of: loss, withRespectTo: [reshaped, transposed, negated, padded])
            })
        let results = plan([[1, 2, 3, 4, 5, 6]])
        #expect(results.map { $0[0] } == [7, 3, -4, 5])
    }

    @Test func stoppedGradients() {
        let plan = Plan<Double>(
            .tracing([[3]]) { inputs in
                let x = inputs[0]
                return gradient(of: (x.stoppingGradient() * x).sum(), withRespectTo: [x])
            })
        #expect(plan([[1, 2, 3]]) == [[1, 2, 3]])
    }

    /// The derivatives of a sine are known to any order; each is one more transform.
    @Test func gradientsComposeToAnyOrder() {
        let plan = Plan<Double>(
            .tracing([.scalar]) { inputs in
                var derivatives: [Tensor] = []
                var current = inputs[0].sine()
                for _ in 0..<6 {
                    current = gradient(of: current, withRespectTo: inputs)[0]
                    derivatives.append(current)
                }
                return derivatives
            })
        let results = plan([[0.7]]).map { $0[0] }
        let (s, c) = (0.644217687237691, 0.764842187284489)
        #expect(agree(results, [c, -s, -c, s, c, -s], within: 1e-12))
    }
}
