import Foundation
import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

/// A quadratic whose data and start are given.
private struct GivenQuadratic: Problem {
    let matrix: [Double]
    let target: [Double]
    let start: [Double]

    private let shape = Quadratic(batchSize: 2, dimensions: 4)

    init(_ figures: ReferenceFigures) {
        matrix = figures["W"].tensor.values
        target = figures["y"].tensor.values
        start = figures["theta0"].tensor.values
    }

    var parameters: [Parameter] { shape.parameters }
    var hasFreshData: Bool { false }
    var finalExamples: Int? { nil }
    var test: (any TestSplit)? { nil }
    func dataShapes(examples: Int?) -> [Shape] { shape.dataShapes(examples: examples) }
    func loss(_ parameters: [Tensor], data: [Tensor]) -> Tensor { shape.loss(parameters, data: data) }

    func initialize<Scalar: TensorScalar>(_ parameters: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        for (index, value) in start.enumerated() { parameters[index] = Scalar(value) }
    }

    func fill<Scalar: TensorScalar>(
        _ data: [UnsafeMutablePointer<Scalar>], batch: Batch, examples: Int?, key: RandomKey
    ) {
        for (index, value) in matrix.enumerated() { data[0][index] = Scalar(value) }
        for (index, value) in target.enumerated() { data[1][index] = Scalar(value) }
    }
}

@Suite("Unrolls agree with float64 figures")
struct ReferenceUnrollTests {
    private static let names = [
        "lstm1.weight", "lstm1.bias", "lstm2.weight", "lstm2.bias", "linear.weight", "linear.bias",
    ]

    private func check<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, tolerance: Double, lambda: Double = 0,
        _ make: (any Problem, any Optimizer) -> any MetaGradientEstimator<Scalar>
    ) throws {
        let figures = try ReferenceFigures("lstm-optimizer", in: .module)
        let optimizer = RecurrentOptimizer(
            layers: [3, 2], inputs: .logAndSign(k: 5), outputScale: 0.1, feedback: .fixed(lambda))
        let values = Self.names.flatMap { figures["parameters"][$0].tensor.values }
        let metaParameters = ElementBuffer(values.map { Scalar($0) })
        let metaGradient = ElementBuffer<Scalar>(count: values.count)
        let unroll = make(GivenQuadratic(figures), optimizer)
        unroll.start(key: RandomKey(seed: 1))
        let metaLoss = unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: SerialPieces())
        let expected = figures["cases"][name]
        #expect(abs(metaLoss - expected["metaLoss"].number) < tolerance * expected["metaLoss"].number)
        let gradient = Self.names.flatMap { expected["metaGradient"][$0].tensor.values }
        #expect(largestError(metaGradient.elements.map(Double.init), gradient) < tolerance)
    }

    @Test func blockedFirstOrder() throws {
        try check("firstOrder", as: Double.self, tolerance: 1e-9) {
            BlockedUnroll($0, $1, steps: 5, secondDerivatives: false)
        }
        try check("firstOrder", as: Float.self, tolerance: 1e-4) {
            BlockedUnroll($0, $1, steps: 5, secondDerivatives: false)
        }
    }

    @Test func blockedSecondDerivatives() throws {
        try check("secondDerivatives", as: Double.self, tolerance: 1e-9) {
            BlockedUnroll($0, $1, steps: 5, secondDerivatives: true)
        }
        try check("secondDerivatives", as: Float.self, tolerance: 1e-4) {
            BlockedUnroll($0, $1, steps: 5, secondDerivatives: true)
        }
    }

    @Test func blockedFixedLambda() throws {
        try check("fixedLambda", as: Double.self, tolerance: 1e-9, lambda: 0.01) {
            BlockedUnroll($0, $1, steps: 5, secondDerivatives: false)
        }
        try check("fixedLambda", as: Float.self, tolerance: 1e-4, lambda: 0.01) {
            BlockedUnroll($0, $1, steps: 5, secondDerivatives: false)
        }
    }

    @Test func wholeFixedLambda() throws {
        try check("fixedLambda", as: Double.self, tolerance: 1e-9, lambda: 0.01) {
            WholeUnroll($0, $1, steps: 5, secondDerivatives: false)
        }
    }

    @Test func wholeFirstOrder() throws {
        try check("firstOrder", as: Double.self, tolerance: 1e-9) {
            WholeUnroll($0, $1, steps: 5, secondDerivatives: false)
        }
    }

    @Test func wholeSecondDerivatives() throws {
        try check("secondDerivatives", as: Double.self, tolerance: 1e-9) {
            WholeUnroll($0, $1, steps: 5, secondDerivatives: true)
        }
        try check("secondDerivatives", as: Float.self, tolerance: 1e-4) {
            WholeUnroll($0, $1, steps: 5, secondDerivatives: true)
        }
    }
}
