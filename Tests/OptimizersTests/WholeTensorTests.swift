import Optimizers
import TensorEngine
import TestSupport
import Testing

/// Optimizers of whole tensors against their formulas, written out.
@Suite("Optimizers of whole tensors follow their formulas")
struct WholeTensorTests {
    /// Nobody asks.
    private struct Nothing: Landscape {
        func loss(at parameters: [Tensor]) -> Tensor { parameters[0].sum() }
        func gradient(at parameters: [Tensor]) -> [Tensor] { parameters }
        func gaussNewtonProduct(_ vector: [Tensor]) -> [Tensor] { vector }
        func hessianProduct(_ vector: [Tensor]) -> [Tensor] { vector }
        func layerStatistics(number: Tensor) -> [LayerStatistics] { [] }
    }

    /// The parameters after some steps.
    private func run(
        _ optimizer: any Optimizer, _ described: [Parameter], from start: [[Double]], gradients: [[[Double]]]
    ) -> [[Double]] {
        states(optimizer, described, from: start, gradients: gradients).parameters
    }

    /// The parameters after some steps, and what the optimizer remembers then.
    private func states(
        _ optimizer: any Optimizer, _ described: [Parameter], from start: [[Double]], gradients: [[[Double]]]
    ) -> (parameters: [[Double]], state: [[Double]]) {
        let state = optimizer.state(of: described)
        let shapes = described.map(\.shape)
        let plan = Plan<Double>(
            .tracing(
                shapes + shapes + state.map(\.shape) + (0..<optimizer.scheduleCount).map { _ in Shape.scalar }
            ) { inputs in
                var rest = inputs[...]
                func take(_ count: Int) -> [Tensor] {
                    defer { rest = rest.dropFirst(count) }
                    return Array(rest.prefix(count))
                }
                let (parameters, gradient) = (take(shapes.count), take(shapes.count))
                let updated = optimizer.update(
                    OptimizationPoint(
                        described: described, parameters: parameters, gradient: gradient, loss: gradient[0].sum(),
                        state: take(state.count), schedule: Array(rest), landscape: Nothing()), metaParameters: [])
                return updated.parameters + updated.state
            })
        var parameters = start
        var values = state.map { Array(repeating: $0.initial, count: $0.shape.count) }
        for (index, gradient) in gradients.enumerated() {
            let results = plan(
                parameters + gradient + values + optimizer.scheduleValues(step: index + 1).map { [$0] })
            parameters = Array(results.prefix(shapes.count))
            values = Array(results.dropFirst(shapes.count))
        }
        return (parameters, values)
    }

    private func drawn(_ shapes: [Shape], _ steps: Int) -> [[[Double]]] {
        var stream = RandomStream(RandomKey(seed: 11))
        return (0..<steps).map { _ in shapes.map { shape in (0..<shape.count).map { _ in stream.normal() } } }
    }

    /// By the authors' package, on fixed gradients.
    @Test(arguments: ["scheduleFreeSGD", "scheduleFreeAdamW"]) func scheduleFreeFollowsItsAuthors(_ name: String) throws
    {
        let figures = try ReferenceFigures("rules", in: .module)
        let given = try ReferenceFigures("optimizers", in: .module)
        let start = given["start"].numbers
        let gradients = given["gradients"].items.map(\.numbers)
        let rate = LearningRate(0.1, schedule: LearningRateSchedule(.constant, warmup: 4), steps: 10)
        let optimizer =
            name == "scheduleFreeSGD"
            ? ScheduleFree(learningRate: rate, weightDecay: 0.01, base: .gradientDescent)
            : ScheduleFree(learningRate: 0.01, weightDecay: 0.01, base: .adam(beta2: 0.999, epsilon: 1e-8))
        let described = [Parameter("w", [start.count], .denseKernel)]
        let expected = figures["trajectories"][name].items.map(\.numbers)
        let averages = figures["averages"][name].items.map(\.numbers)
        for steps in [1, 2, 5, 10] {
            let (parameters, state) = states(
                optimizer, described, from: [start], gradients: gradients.prefix(steps).map { [$0] })
            #expect(largestError(parameters, [expected[steps - 1]]) < 1e-9)
            let judged = Plan<Double>(
                .tracing([[start.count]] + state.map { _ in [start.count] }) { inputs in
                    optimizer.judged([inputs[0]], state: Array(inputs.dropFirst()))
                })
            #expect(largestError(judged(parameters + state), [averages[steps - 1]]) < 1e-9)
        }
        #expect(optimizer.isJudgedElsewhere)
    }

    /// By the formulas in NumPy, which the script that makes the figures holds against a published package.
    @Test(arguments: [1, 3]) func soapFollowsItsAuthors(frequency: Int) throws {
        let figures = try ReferenceFigures("rules", in: .module)["soap"]
        let described = [Parameter("w", [4, 4], .denseKernel), Parameter("b", [5], .denseBias)]
        let optimizer = RotatedAdam(
            learningRate: 0.01, beta1: 0.9, beta2: 0.95, shampooBeta: 0.8, weightDecay: 0.1, frequency: frequency)
        let gradients = figures["gradients"].items.map { $0.items.map(\.numbers) }
        let expected = figures["trajectories"]["\(frequency)"].items.map { $0.items.map(\.numbers) }
        for steps in [1, 2, 3, 5, 12] {
            let found = run(
                optimizer, described, from: [Array(repeating: 0.5, count: 16), Array(repeating: 0.5, count: 5)],
                gradients: Array(gradients.prefix(steps)))
            for (part, other) in zip(found, expected[steps - 1]) { #expect(largestError(part, other) < 1e-9) }
        }
    }

    /// A side that is too long is left alone, and a matrix with two such sides is Adam's but for the first step.
    @Test func soapLeavesLongSidesAlone() {
        let described = [Parameter("w", [4, 2], .denseKernel)]
        #expect(RotatedAdam(longestSide: 3).state(of: described).map(\.shape) == [[4, 2], [4, 2], [2, 2], [2, 2]])
        let gradients = drawn([[4, 2]], 4)
        let start = [Array(repeating: 0.5, count: 8)]
        let found = run(
            RotatedAdam(learningRate: 0.1, beta2: 0.9, weightDecay: 0, longestSide: 1), described, from: start,
            gradients: gradients)
        let adam = run(
            Adam(learningRate: 0.1, beta1: 0.95, beta2: 0.9), described, from: start,
            gradients: Array(gradients.dropFirst()))
        // Adam's ε stands beside the corrected root.
        #expect(largestError(found[0], adam[0]) < 1e-6)
    }

    /// G = diag(g): both roots are diagonal, so that a step is g / √(ε + Σ g²), as Adagrad's.
    @Test func shampooOnDiagonalsIsAdagrad() {
        let described = [Parameter("w", [3, 3], .denseKernel)]
        let diagonals = [[0.5, -1, 2], [1, 0.25, -0.5], [-0.1, 2, 1]]
        let gradients = diagonals.map { g in [[g[0], 0, 0, 0, g[1], 0, 0, 0, g[2]]] }
        let found = run(
            Shampoo(learningRate: 0.1, epsilon: 1e-2), described, from: [Array(repeating: 0, count: 9)],
            gradients: gradients)
        var (expected, sums) = ([0.0, 0, 0], [0.0, 0, 0])
        for g in diagonals {
            for index in 0..<3 {
                sums[index] += g[index] * g[index]
                expected[index] -= 0.1 * g[index] / (sums[index] + 1e-2).squareRoot()
            }
        }
        #expect(largestError([found[0][0], found[0][4], found[0][8]], expected) < 1e-6)
        #expect(abs(found[0][1]) < 1e-9)
    }

    /// One side too long: R^(-1/2) from the other side alone. With one column left, that is g / √(ε + |g|²).
    @Test func shampooLeavesLongSidesAlone() {
        let described = [Parameter("w", [4, 2], .denseKernel), Parameter("b", [5])]
        let optimizer = Shampoo(learningRate: 1.0, epsilon: 1e-3, longestSide: 3)
        #expect(optimizer.state(of: described).map(\.shape) == [[2, 2]])
        // Orthogonal columns of lengths 2 and 4, and a vector that is one long side.
        let columns: [Double] = [1, 2, 1, -2, 1, 2, 1, -2]
        let vector: [Double] = [1, 2, 3, 4, 5]
        let found = run(
            optimizer, described, from: [Array(repeating: 0, count: 8), Array(repeating: 0, count: 5)],
            gradients: [[columns, vector]])
        let expected = columns.enumerated().map { index, value in
            -value / ((index % 2 == 0 ? 4.0 : 16.0) + 1e-3).squareRoot()
        }
        #expect(largestError(found[0], expected) < 1e-6)
        #expect(found[1] == vector.map { -$0 })
    }

    /// First and last layers, biases and normalizations are Adam's; of the hidden matrix, the step's singular values come
    /// near 1, so its square is near the number of rows.
    @Test(arguments: [false, true]) func muonOrthogonalizesHiddenMatrices(_ isTall: Bool) {
        let hidden: Shape = isTall ? [8, 4] : [4, 8]
        let described = [
            Parameter("first", [3, 4], .denseKernel), Parameter("offset", [4], .normalizationOffset),
            Parameter("hidden", hidden, .denseKernel), Parameter("last", [8, 2], .denseKernel),
        ]
        let gradients = drawn(described.map(\.shape), 3)
        let start = described.map { Array(repeating: 0.5, count: $0.shape.count) }
        let adam = Adam(learningRate: 0.01)
        let muon = Muon(learningRate: 1.0, momentum: 0.9, rest: adam)
        let (before, after) = (
            run(muon, described, from: start, gradients: Array(gradients.prefix(2))),
            run(muon, described, from: start, gradients: gradients)
        )
        let alone = run(adam, described, from: start, gradients: gradients)
        for index in [0, 1, 3] { #expect(largestError(after[index], alone[index]) < 1e-12) }
        let changes: [Double] = zip(before[2], after[2]).map { $0 - $1 }
        let square = changes.reduce(0) { $0 + $1 * $1 } / (isTall ? 2 : 1)
        // The coefficients bring singular values between 0.68 and 1.14.
        #expect(square > 4 * 0.68 * 0.68 && square < 4 * 1.14 * 1.14)
    }
}
