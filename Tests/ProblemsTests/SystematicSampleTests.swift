import TensorEngine
import TestSupport
import Testing

@testable import Problems

@Suite("Systematic samples")
struct SystematicSampleTests {
    private func classes(_ probabilities: [Double], examples: Int, number: Double) -> [[Double]] {
        let count = probabilities.count
        let plan = Plan<Double>(
            .tracing([[examples, count], .scalar]) {
                [SystematicSample(examples: examples, number: $0[1]).classes($0[0])]
            })
        let found = plan([(0..<examples).flatMap { _ in probabilities }, [number]])[0]
        return (0..<examples).map { Array(found[$0 * count..<($0 + 1) * count]) }
    }

    /// Of equal probabilities p, n examples have a class n p times, rounded up or down, whatever the number.
    @Test(arguments: [0, 0.25, 0.618, 0.999_999_9]) func countsAreThoseOfTheProbabilities(number: Double) {
        let probabilities = [0.125, 0.5, 0, 0.3, 0.075]
        let found = classes(probabilities, examples: 37, number: number)
        #expect(found.allSatisfy { $0.filter { $0 == 1 }.count == 1 && $0.filter { $0 == 0 }.count == 4 })
        for (index, probability) in probabilities.enumerated() {
            let count = found.reduce(0) { $0 + $1[index] }
            #expect(abs(count - 37 * probability) < 1)
        }
    }

    /// Over the numbers of many steps, each single example has the model's frequencies.
    @Test func eachExampleHasTheFrequenciesOfTheModel() {
        let probabilities = [0.1, 0.6, 0.3]
        var sums = [[Double]](repeating: [0, 0, 0], count: 5)
        for step in 1...1000 {
            let turns = Double(step) * 0.618_033_988_749_894_9
            let found = classes(probabilities, examples: 5, number: turns - turns.rounded(.down))
            for (example, row) in found.enumerated() {
                for index in row.indices { sums[example][index] += row[index] / 1000 }
            }
        }
        for row in sums {
            for (found, expected) in zip(row, probabilities) { #expect(abs(found - expected) < 0.005) }
        }
    }

    /// Rounding leaves nobody without a class, and a single class is everybody's.
    @Test func edges() {
        let third = 1.0 / 3
        #expect(classes([third, third, third - 1e-9], examples: 1, number: 1 - 1e-12) == [[0, 0, 1]])
        #expect(classes([1], examples: 3, number: 0.7) == [[1], [1], [1]])
    }

    /// With all classes as probable, the mean of g gᵀ is the outputs' Fisher matrix itself: I/K − 1/K² of a softmax, the
    /// identity of squared error.
    @Test(arguments: [ClassificationLoss.crossEntropy, .squaredError])
    func slopesHaveTheFisherMatrixAsTheirSecondMoment(_ loss: ClassificationLoss) {
        let plan = Plan<Double>(
            .tracing([[8, 4], .scalar]) {
                let slopes = loss.sampledSlopes(logits: $0[0], number: $0[1])
                return [slopes.transposed().matrixProduct(slopes) * (1 / 8)]
            })
        let found = plan([[Double](repeating: 0.5, count: 32), [0.4]])[0]
        let expected = (0..<16).map { index in
            let isDiagonal = index % 5 == 0
            return loss == .squaredError ? (isDiagonal ? 1 : 0) : (isDiagonal ? 0.25 : 0) - 0.0625
        }
        #expect(largestError(found, expected) < 1e-12)
    }
}
