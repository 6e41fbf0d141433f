import TensorKernels
import Testing

struct MemoryTests {
    @Test(arguments: InstructionSet.runnable)
    func movesElements(_ instructionSet: InstructionSet) {
        check(Float.kernels(for: instructionSet))
        check(Double.kernels(for: instructionSet))
    }

    func check<Scalar: TensorScalar>(_ table: KernelTable<Scalar>) {
        var random = TestRandom(31)
        for count in [0, 1, 7, 16, 45] {
            var out = [Scalar](repeating: 0, count: count + 1)
            table.fill(&out, 3, count)
            #expect(out == [Scalar](repeating: 3, count: count) + [0])

            let input: [Scalar] = random.values(count * 5 + 1)
            table.gather(&out, input, 5, count)
            #expect(out == (0..<count).map { input[$0 * 5] } + [0])

            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
            let scale: Scalar = 1 / 255
            table.convertBytes(&out, bytes, scale, count)
            #expect(out == bytes.map { Scalar($0) * scale } + [0])
        }
        for (rows, count) in [(0, 3), (3, 0), (4, 1), (3, 7), (5, 16), (2, 21), (3, 64)] {
            let input: [Scalar] = random.values(max(rows * (count + 3), 1))
            var out = [Scalar](repeating: 9, count: rows * (count + 2) + 1)
            var expected = out
            for index in 0..<rows * count {
                let (row, column) = (index / count, index % count)
                expected[row * (count + 2) + column] = input[row * (count + 3) + column]
            }
            table.copyRows(&out, count + 2, input, count + 3, rows, count)
            #expect(out == expected)
        }
        for (rows, columns) in [(1, 1), (3, 5), (4, 4), (8, 12), (17, 9), (2, 40)] {
            let input: [Scalar] = random.values(rows * columns)
            var out = [Scalar](repeating: 0, count: rows * columns)
            table.transpose(&out, input, rows, columns)
            for row in 0..<rows {
                for column in 0..<columns { #expect(out[column * rows + row] == input[row * columns + column]) }
            }
        }
    }
}
