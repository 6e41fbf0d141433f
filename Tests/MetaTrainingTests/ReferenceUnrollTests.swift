import Foundation
import Optimizers
import Problems
import TensorEngine
import TestSupport
import Testing

@testable import MetaTraining

/// A quadratic whose data and start are given.
private struct GivenQuadratic: Objective, DataSource {
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
    var isLossConvex: Bool { true }
    func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs { shape.outputs(inputs) }
    func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { shape.loss(outputs, batch: batch) }
    func shapes(of batch: Batch) -> [Shape] { shape.shapes(of: batch) }

    func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        parameters[0].set(start)
    }

    func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        tensors[0].set(matrix)
        tensors[1].set(target)
    }
}

@Suite("Unrolls agree with float64 figures")
struct ReferenceUnrollTests {
    private static let names = [
        "lstm1.weight", "lstm1.bias", "lstm2.weight", "lstm2.bias", "linear.weight", "linear.bias",
    ]

    private func check<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type, tolerance: Double, lambda: Double = 0,
        _ make: (Problem, any Optimizer) -> any MetaGradientEstimator<Scalar>
    ) throws {
        let figures = try ReferenceFigures("lstm-optimizer", in: .module)
        let optimizer = RecurrentOptimizer(
            layers: [3, 2], inputs: .logAndSign(k: 5), outputScale: 0.1, feedback: .fixed(lambda))
        let values = Self.names.flatMap { figures["parameters"][$0].tensor.values }
        let metaParameters = ElementBuffer(values.map { Scalar($0) })
        let metaGradient = ElementBuffer<Scalar>(count: values.count)
        let unroll = make(Problem(GivenQuadratic(figures)), optimizer)
        unroll.start(key: RandomKey(seed: 1))
        let metaLoss = unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: SerialPieces())
        let expected = figures["cases"][name]
        #expect(abs(metaLoss - expected["metaLoss"].number) < tolerance * expected["metaLoss"].number)
        let gradient = Self.names.flatMap { expected["metaGradient"][$0].tensor.values }
        #expect(largestError(metaGradient.elements.map(Double.init), gradient) < tolerance)
    }

    @Test func blockedFirstOrder() throws {
        try check("firstOrder", as: Double.self, tolerance: 1e-9) {
            BlockedUnroll($0, $1, Unroll(5), secondDerivatives: false)
        }
        try check("firstOrder", as: Float.self, tolerance: 1e-4) {
            BlockedUnroll($0, $1, Unroll(5), secondDerivatives: false)
        }
    }

    @Test func blockedSecondDerivatives() throws {
        try check("secondDerivatives", as: Double.self, tolerance: 1e-9) {
            BlockedUnroll($0, $1, Unroll(5), secondDerivatives: true)
        }
        try check("secondDerivatives", as: Float.self, tolerance: 1e-4) {
            BlockedUnroll($0, $1, Unroll(5), secondDerivatives: true)
        }
    }

    @Test func blockedFixedLambda() throws {
        try check("fixedLambda", as: Double.self, tolerance: 1e-9, lambda: 0.01) {
            BlockedUnroll($0, $1, Unroll(5), secondDerivatives: false)
        }
        try check("fixedLambda", as: Float.self, tolerance: 1e-4, lambda: 0.01) {
            BlockedUnroll($0, $1, Unroll(5), secondDerivatives: false)
        }
    }

    @Test func wholeFixedLambda() throws {
        try check("fixedLambda", as: Double.self, tolerance: 1e-9, lambda: 0.01) {
            GeneralUnroll($0, $1, Unroll(5), secondDerivatives: false)
        }
    }

    @Test func wholeFirstOrder() throws {
        try check("firstOrder", as: Double.self, tolerance: 1e-9) {
            GeneralUnroll($0, $1, Unroll(5), secondDerivatives: false)
        }
    }

    @Test func wholeSecondDerivatives() throws {
        try check("secondDerivatives", as: Double.self, tolerance: 1e-9) {
            GeneralUnroll($0, $1, Unroll(5), secondDerivatives: true)
        }
        try check("secondDerivatives", as: Float.self, tolerance: 1e-4) {
            GeneralUnroll($0, $1, Unroll(5), secondDerivatives: true)
        }
    }
}
