import TensorKernels
import Testing

/// Tables with fused multiply-add give the same bits, whatever the width of their vectors.
struct SameBitsTests {
    @Test
    func elementwise() {
        checkElementwise(Float.self)
        checkElementwise(Double.self)
    }

    func checkElementwise<Scalar: TensorScalar>(_: Scalar.Type) {
        guard let first = Scalar.fusedTables.first else { return }
        var random = TestRandom(41)
        let a: [Scalar] = random.values(1003, -90...90)
        let b: [Scalar] = random.values(1003, -5...5)
        let c: [Scalar] = random.values(1003)
        for operation in ElementwiseOperation.allCases {
            let expected = first.apply(operation, a, b, c)
            for other in Scalar.fusedTables.dropFirst() {
                #expect(haveSameBits(expected, other.apply(operation, a, b, c)), "\(Scalar.name) \(operation)")
            }
        }
    }

    @Test
    func reductions() {
        checkReductions(Float.self)
        checkReductions(Double.self)
    }

    func checkReductions<Scalar: TensorScalar>(_: Scalar.Type) {
        guard let first = Scalar.fusedTables.first else { return }
        var random = TestRandom(42)
        for (outer, reduced, inner) in [(3, 1003, 1), (2, 9, 1), (1, 130, 21)] {
            let input: [Scalar] = random.values(outer * reduced * inner)
            func sums(_ table: KernelTable<Scalar>) -> [Scalar] {
                var out = [Scalar](repeating: 0, count: outer * inner)
                table.sum(&out, input, outer, reduced, inner)
                return out
            }
            for other in Scalar.fusedTables.dropFirst() { #expect(haveSameBits(sums(first), sums(other))) }
        }
    }
}
