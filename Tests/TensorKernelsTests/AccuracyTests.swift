import Foundation
import TensorKernels
import Testing

#if arch(x86_64)
    typealias Reference = Float80
#else
    typealias Reference = Double
#endif

/// An elementary function, where it is tested, and how far it may be off.
struct Accuracy: Sendable, CustomTestStringConvertible {
    let operation: ElementwiseOperation
    let ulps: Double
    let range: ClosedRange<Double>
    let reference: @Sendable (Reference) -> Reference

    var testDescription: String { "\(operation) on \(range)" }

    static let ofBothTypes = [
        Accuracy(operation: .exponential, ulps: 2, range: -87...88) { exp($0) },
        Accuracy(operation: .exponential, ulps: 2, range: -104...(-87)) { exp($0) },
        Accuracy(operation: .exponential, ulps: 2, range: -0.01...0.01) { exp($0) },
        Accuracy(operation: .logarithm, ulps: 2, range: 0...1e-37) { log($0) },
        Accuracy(operation: .logarithm, ulps: 2, range: 0...10) { log($0) },
        Accuracy(operation: .logarithm, ulps: 2, range: 0.99...1.01) { log($0) },
        Accuracy(operation: .logarithm, ulps: 2, range: 0...1e38) { log($0) },
        Accuracy(operation: .tanh, ulps: 4, range: -12...12) { tanh($0) },
        Accuracy(operation: .tanh, ulps: 4, range: -1e-3...1e-3) { tanh($0) },
        Accuracy(operation: .tanh, ulps: 4, range: -1e-38...1e-38) { tanh($0) },
        Accuracy(operation: .sigmoid, ulps: 4, range: -100...100) { 1 / (1 + exp(-$0)) },
        Accuracy(operation: .sigmoid, ulps: 4, range: -3...3) { 1 / (1 + exp(-$0)) },
        Accuracy(operation: .sine, ulps: 4, range: -3...3) { sin($0) },
        Accuracy(operation: .cosine, ulps: 4, range: -1.5...1.5) { cos($0) },
        Accuracy(operation: .squareRoot, ulps: 0.5, range: 0...100) { $0.squareRoot() },
    ]

    static let ofDouble = [
        Accuracy(operation: .exponential, ulps: 2, range: -745...709) { exp($0) },
        Accuracy(operation: .logarithm, ulps: 2, range: 0...1e-307) { log($0) },
        Accuracy(operation: .logarithm, ulps: 2, range: 0...1e300) { log($0) },
        Accuracy(operation: .tanh, ulps: 4, range: -25...25) { tanh($0) },
        Accuracy(operation: .sigmoid, ulps: 4, range: -740...740) { 1 / (1 + exp(-$0)) },
    ]

    /// The largest error in units of the last place of the exact value.
    func largestError<Scalar: TensorScalar>(_ table: KernelTable<Scalar>) -> Double {
        var random = TestRandom(UInt64(operation.rawValue))
        let inputs: [Scalar] = random.values(5_000, range)
        let outputs = table.apply(operation, inputs)
        var largest = 0.0
        for (input, output) in zip(inputs, outputs) {
            let exact = reference(Reference(input))
            // Infinity where it is right.
            if Reference(output) == exact { continue }
            let error = abs(Reference(output) - exact) / Reference(Scalar(exact).ulp)
            if error.isNaN { return .infinity }
            largest = max(largest, Double(error))
        }
        return largest
    }
}

struct AccuracyTests {
    @Test(arguments: Accuracy.ofBothTypes, InstructionSet.runnable)
    func float(_ accuracy: Accuracy, _ instructionSet: InstructionSet) {
        let error = accuracy.largestError(Float.kernels(for: instructionSet))
        #expect(error <= accuracy.ulps)
    }

    @Test(arguments: Accuracy.ofBothTypes + Accuracy.ofDouble, InstructionSet.runnable)
    func double(_ accuracy: Accuracy, _ instructionSet: InstructionSet) {
        let error = accuracy.largestError(Double.kernels(for: instructionSet))
        #expect(error <= accuracy.ulps)
    }

    /// Reduced by multiples of π/2, so the error is measured against 1 and not against the value.
    @Test(arguments: InstructionSet.runnable)
    func sineAndCosineOfLargeArguments(_ instructionSet: InstructionSet) {
        var random = TestRandom(5)
        let inputs: [Float] = random.values(5_000, -1e5...1e5)
        let table = Float.kernels(for: instructionSet)
        for (input, (sine, cosine)) in zip(inputs, zip(table.apply(.sine, inputs), table.apply(.cosine, inputs))) {
            #expect(abs(Double(sine) - sin(Double(input))) <= 2 * Double(Float(1).ulp))
            #expect(abs(Double(cosine) - cos(Double(input))) <= 2 * Double(Float(1).ulp))
        }
        let beyond = table.apply(.sine, [1e9, -3e38, .infinity])
        #expect(abs(beyond[0]) <= 1.001 && abs(beyond[1]) <= 1.001 && beyond[2].isNaN)
    }
}
