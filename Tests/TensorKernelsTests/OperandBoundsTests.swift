import TensorKernels
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Elements that end where a page begins that nobody may read: to read one element too many ends the process.
private struct FencedElements<Scalar: TensorScalar> {
    let start: UnsafeMutablePointer<Scalar>
    private let pages: UnsafeMutableRawPointer
    private let byteCount: Int

    init(_ elements: [Scalar]) {
        let page = Int(getpagesize())
        let size = elements.count * MemoryLayout<Scalar>.stride
        let readable = (size + page - 1) / page * page
        byteCount = readable + page
        pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
        precondition(pages != MAP_FAILED && mprotect(pages + readable, page, PROT_NONE) == 0)
        start = (pages + (readable - size)).bindMemory(to: Scalar.self, capacity: elements.count)
        start.update(from: elements, count: elements.count)
    }

    func deallocate() { munmap(pages, byteCount) }
}

/// Kernels read whole vectors where a row of an operand ends within one, but never past the operand.
struct OperandBoundsTests {
    @Test(arguments: InstructionSet.runnable)
    func productsReadNothingPastTheirOperands(_ instructionSet: InstructionSet) {
        check(Float.kernels(for: instructionSet))
        check(Double.kernels(for: instructionSet))
    }

    private func check<Scalar: TensorScalar>(_ table: KernelTable<Scalar>) {
        var random = TestRandom(17)
        for columns in Array(1...26) + [39, 47, 60, 71] {
            for (rows, depth) in [(1, 3), (5, 1), (4, 2), (6, 20), (130, 260)] {
                let a = FencedElements<Scalar>(random.values(rows * depth))
                let b = FencedElements<Scalar>(random.values(depth * columns))
                var scratch = [Scalar](repeating: .nan, count: table.matrixProductScratch(rows, columns, depth))
                var result = [Scalar](repeating: 0, count: rows * columns)
                table.matrixProduct(
                    MatrixProduct(
                        rows: rows, columns: columns, depth: depth, a: a.start, aRowStride: depth, aColumnStride: 1,
                        b: b.start, bRowStride: columns, bColumnStride: 1, c: &result, cRowStride: columns,
                        accumulates: false), &scratch)
                #expect(!result.contains { $0.isNaN }, "\(table.name) [\(rows), \(depth)] · [\(depth), \(columns)]")
                a.deallocate()
                b.deallocate()
            }
        }
    }

    /// To look for zeros in `a`, and for what isn't finite in `b`, reads nothing past them either: in one place, and in two.
    @Test(arguments: InstructionSet.runnable)
    func lookingForZerosReadsNothingPastTheOperands(_ instructionSet: InstructionSet) {
        checkZeros(Float.kernels(for: instructionSet))
        checkZeros(Double.kernels(for: instructionSet))
    }

    private func checkZeros<Scalar: TensorScalar>(_ table: KernelTable<Scalar>) {
        var random = TestRandom(18)
        let (rows, columns, depth) = (100, 64, 120)
        for firstDepth in [depth, 40] {
            let a = FencedElements<Scalar>((0..<rows * depth).map { $0 % 97 == 0 ? 1 : 0 })
            let b = FencedElements<Scalar>(random.values(firstDepth * columns))
            let rest = FencedElements<Scalar>(random.values(max(depth - firstDepth, 1) * columns))
            let distance = (UnsafeRawPointer(rest.start) - UnsafeRawPointer(b.start)) / MemoryLayout<Scalar>.stride
            let parts: [MatrixProduct<Scalar>.DepthPart] =
                firstDepth == depth
                ? [] : [.init(aDistance: firstDepth, bDistance: distance, count: depth - firstDepth)]
            var scratch = [Scalar](repeating: .nan, count: table.matrixProductScratch(rows, columns, depth))
            var result = [Scalar](repeating: 0, count: rows * columns)
            parts.withUnsafeBufferPointer { parts in
                table.matrixProduct(
                    MatrixProduct(
                        rows: rows, columns: columns, depth: depth, a: a.start, aRowStride: depth, aColumnStride: 1,
                        b: b.start, bRowStride: columns, bColumnStride: 1, c: &result, cRowStride: columns,
                        accumulates: false, laterParts: parts), &scratch)
            }
            for row in 0..<rows {
                var expected = Scalar(0)
                for step in 0..<depth where (row * depth + step) % 97 == 0 {
                    expected += step < firstDepth ? b.start[step * columns] : rest.start[(step - firstDepth) * columns]
                }
                #expect(result[row * columns] == expected, "\(table.name) row \(row)")
            }
            for memory in [a, b, rest] { memory.deallocate() }
        }
    }
}
