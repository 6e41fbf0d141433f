import TensorKernels
import Testing

struct ReductionTests {
    static let shapes = [
        [1, 1, 1], [3, 5, 1], [2, 16, 1], [2, 37, 1], [5, 1000, 1], [3, 4, 7], [1, 128, 20], [2, 3, 64], [1, 6, 107],
        [2, 0, 3], [2, 0, 1],
    ]

    @Test(arguments: InstructionSet.runnable, shapes)
    func sumAndMaximum(_ instructionSet: InstructionSet, _ shape: [Int]) {
        check(Float.kernels(for: instructionSet), shape)
        check(Double.kernels(for: instructionSet), shape)
    }

    func check<Scalar: TensorScalar>(_ table: KernelTable<Scalar>, _ shape: [Int]) {
        var random = TestRandom(21)
        let (outer, reduced, inner) = (shape[0], shape[1], shape[2])
        let input: [Scalar] = random.values(max(outer * reduced * inner, 1))
        var sums = [Scalar](repeating: .nan, count: outer * inner)
        var maxima = sums
        table.sum(&sums, input, outer, reduced, inner)
        table.maximum(&maxima, input, outer, reduced, inner)
        for first in 0..<outer {
            for last in 0..<inner {
                let elements = (0..<reduced).map { input[(first * reduced + $0) * inner + last] }
                let sum = elements.reduce(0.0) { $0 + Double($1) }
                let bound = Double(Scalar.ulpOfOne) * elements.reduce(1.0) { $0 + Double(abs($1)) }
                #expect(abs(Double(sums[first * inner + last]) - sum) <= bound)
                #expect(maxima[first * inner + last] == elements.max() ?? -Scalar.infinity)
            }
        }
    }

    @Test(arguments: InstructionSet.runnable)
    func maximumPropagatesNaN(_ instructionSet: InstructionSet) {
        let table = Float.kernels(for: instructionSet)
        for position in 0..<40 {
            var input = [Float](repeating: 1, count: 40)
            input[position] = .nan
            var out: [Float] = [0]
            table.maximum(&out, input, 1, 40, 1)
            #expect(out[0].isNaN)
            var columns = [Float](repeating: 0, count: 10)
            table.maximum(&columns, input, 1, 4, 10)
            #expect(columns[position % 10].isNaN)
        }
    }
}
