import TensorKernels
import Testing

struct ElementwiseTests {
    @Test(arguments: InstructionSet.runnable)
    func specialValues(_ instructionSet: InstructionSet) {
        checkSpecialValues(Float.kernels(for: instructionSet))
        checkSpecialValues(Double.kernels(for: instructionSet))
    }

    func checkSpecialValues<Scalar: TensorScalar>(_ table: KernelTable<Scalar>) {
        let infinity = Scalar.infinity
        let nan = Scalar.nan
        let huge = Scalar.greatestFiniteMagnitude
        let tiny = Scalar.leastNonzeroMagnitude
        func expect(_ operation: ElementwiseOperation, _ pairs: [(Scalar, Scalar)]) {
            let outputs = table.apply(operation, pairs.map(\.0))
            for (pair, output) in zip(pairs, outputs) {
                #expect(haveSameBits([output], [pair.1]), "\(table.name) \(operation)(\(pair.0)) gave \(output)")
            }
        }
        expect(
            .exponential,
            [
                (0, 1), (-0.0, 1), (infinity, infinity), (-infinity, 0), (nan, nan), (huge, infinity), (-huge, 0),
                (tiny, 1),
            ])
        expect(
            .logarithm,
            [
                (0, -infinity), (-0.0, -infinity), (1, 0), (infinity, infinity), (-infinity, nan), (-1, nan),
                (nan, nan),
                (-tiny, nan),
            ])
        expect(
            .tanh,
            [
                (0, 0), (-0.0, -0.0), (infinity, 1), (-infinity, -1), (nan, nan), (huge, 1), (-huge, -1), (tiny, tiny),
                (-tiny, -tiny),
            ])
        expect(.sigmoid, [(0, 0.5), (-0.0, 0.5), (infinity, 1), (-infinity, 0), (nan, nan), (huge, 1), (-huge, 0)])
        expect(.sine, [(0, 0), (-0.0, -0.0), (tiny, tiny), (infinity, nan), (-infinity, nan), (nan, nan)])
        expect(.cosine, [(0, 1), (-0.0, 1), (tiny, 1), (infinity, nan), (nan, nan)])
        expect(.squareRoot, [(0, 0), (-0.0, -0.0), (4, 2), (infinity, infinity), (-1, nan), (nan, nan)])
        expect(.sign, [(0, 0), (3, 1), (-2, -1), (infinity, 1), (-infinity, -1), (tiny, 1), (-tiny, -1), (nan, nan)])
        expect(.absolute, [(-2, 2), (-0.0, 0), (-infinity, infinity), (nan, nan)])
        expect(.negate, [(-2, 2), (0, -0.0), (-0.0, 0), (infinity, -infinity)])
    }

    @Test(arguments: InstructionSet.runnable)
    func arithmetic(_ instructionSet: InstructionSet) {
        checkArithmetic(Float.kernels(for: instructionSet))
        checkArithmetic(Double.kernels(for: instructionSet))
    }

    func checkArithmetic<Scalar: TensorScalar>(_ table: KernelTable<Scalar>) {
        var random = TestRandom(3)
        func wholeNumbers(_ count: Int) -> [Scalar] {
            (0..<count).map { _ in Scalar(random.integer(-4...4)) }
        }
        for count in [1, 3, 8, 16, 21, 64, 67] {
            let a = wholeNumbers(count)
            let b = wholeNumbers(count)
            let c: [Scalar] = random.values(count)
            func expect(_ operation: ElementwiseOperation, _ reference: (Int) -> Scalar) {
                let outputs = table.apply(operation, a, b, c)
                #expect(haveSameBits(outputs, (0..<count).map(reference)), "\(table.name) \(operation) of \(count)")
            }
            expect(.add) { a[$0] + b[$0] }
            expect(.subtract) { a[$0] - b[$0] }
            expect(.multiply) { a[$0] * b[$0] }
            expect(.divide) { a[$0] / b[$0] }
            expect(.maximum) { a[$0] > b[$0] ? a[$0] : b[$0] }
            expect(.minimum) { a[$0] < b[$0] ? a[$0] : b[$0] }
            expect(.greater) { a[$0] > b[$0] ? 1 : 0 }
            expect(.equal) { a[$0] == b[$0] ? 1 : 0 }
            expect(.select) { a[$0] != 0 ? b[$0] : c[$0] }
            // Powers of 2 and small whole numbers: nothing is rounded, fused or not.
            let halves = c.map { $0 > 0 ? Scalar(0.5) : Scalar(0.25) }
            for (operation, minuend) in [(ElementwiseOperation.sigmoidSlope, nil), (.tanhSlope, Scalar(1))] {
                let outputs = table.apply(operation, a, b, halves)
                let expected = (0..<count).map { a[$0] * b[$0] * ((minuend ?? halves[$0]) - halves[$0] * halves[$0]) }
                #expect(haveSameBits(outputs, expected), "\(table.name) \(operation) of \(count)")
            }
            let gates = table.apply(.sigmoid, a, a, a)
            func expectGate(_ fused: ElementwiseOperation, like apart: ElementwiseOperation) {
                let (found, expected) = (table.apply(fused, a, b, c), table.apply(apart, gates, b, c))
                #expect(haveSameBits(found, expected), "\(table.name) \(fused) of \(count)")
            }
            expectGate(.sigmoidMultiply, like: .multiply)
            expectGate(.sigmoidMultiplyAdd, like: .multiplyAdd)
            expect(.multiplyAdd) {
                table.name == "baseline" ? a[$0] * b[$0] + c[$0] : c[$0].addingProduct(a[$0], b[$0])
            }
        }
        let nan =
            table.apply(.maximum, [.nan, 1, .nan], [1, .nan, .nan]) + table.apply(.minimum, [.nan, 1], [1, .nan])
        #expect(nan.filter(\.isNaN).count == nan.count)
    }

    /// A tail gives the bits that the same element gives within a whole vector.
    @Test(arguments: InstructionSet.runnable, ElementwiseOperation.allCases)
    func tails(_ instructionSet: InstructionSet, _ operation: ElementwiseOperation) {
        checkTails(Float.kernels(for: instructionSet), operation)
        checkTails(Double.kernels(for: instructionSet), operation)
    }

    func checkTails<Scalar: TensorScalar>(_ table: KernelTable<Scalar>, _ operation: ElementwiseOperation) {
        var random = TestRandom(11)
        let a: [Scalar] = random.values(64, -5...5)
        let b: [Scalar] = random.values(64, -5...5)
        let c: [Scalar] = random.values(64, -5...5)
        let whole = table.apply(operation, a, b, c)
        for count in 0...40 {
            let part = table.apply(operation, Array(a.prefix(count)), Array(b.prefix(count)), Array(c.prefix(count)))
            #expect(haveSameBits(part, Array(whole.prefix(count))))
        }
    }

    @Test(arguments: InstructionSet.runnable)
    func outputMayBeAnyOperand(_ instructionSet: InstructionSet) {
        let table = Float.kernels(for: instructionSet)
        var random = TestRandom(12)
        let a: [Float] = random.values(37)
        let b: [Float] = random.values(37)
        let c: [Float] = random.values(37)
        let expected = table.apply(.multiplyAdd, a, b, c)
        let kernel = table.elementwise[Int(ElementwiseOperation.multiplyAdd.rawValue)].run
        for operand in 0..<3 {
            var memory = a + b + c
            memory.withUnsafeMutableBufferPointer { memory in
                let base = memory.baseAddress!
                kernel(base + 37 * operand, base, base + 37, base + 74, 37)
            }
            #expect(haveSameBits(Array(memory[37 * operand..<37 * (operand + 1)]), expected))
        }
    }
}
