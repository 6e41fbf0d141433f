import TensorKernels

/// A contraction, as loops around a matrix product.
final class ContractionStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    /// See `Contraction.Start`.
    enum Start {
        case nothing
        case zeros
        case addend(StridedSource)
    }

    private let loops: ProductLoops
    private let a: Place
    private let b: Place
    private let result: Place
    private let resultCount: Int
    private let start: Start

    /// - Parameter resultCount: how many elements the result's memory has.
    init(_ loops: ProductLoops, a: Place, b: Place, result: Place, resultCount: Int, start: Start) {
        self.loops = loops
        self.a = a
        self.b = b
        self.result = result
        self.resultCount = resultCount
        self.start = start
    }

    override var scratchCount: Int {
        Scalar.kernels.matrixProductScratch(loops.rows.count, loops.columns.count, loops.depth.count)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>) {
        let c = memory.pointer(result)
        var accumulates = true
        switch start {
        case .nothing: accumulates = false
        case .zeros: memory.kernels.fill(c, 0, resultCount)
        case .addend(let addend): addend.load(0..<resultCount, to: c, memory)
        }
        if loops.isEmptySum {
            if !accumulates { memory.kernels.fill(c, 0, resultCount) }
            return
        }
        let (rows, depth, columns) = (loops.rows, loops.depth, loops.columns)
        let product = MatrixProduct(
            rows: rows.count, columns: columns.count, depth: depth.count,
            a: memory.pointer(a), aRowStride: rows.a, aColumnStride: depth.a,
            b: memory.pointer(b), bRowStride: depth.b, bColumnStride: columns.b,
            c: c, cRowStride: rows.c, accumulates: accumulates)
        let kernel = memory.kernels.matrixProduct
        loops.loops.withUnsafeBufferPointer { run($0[...], product, kernel, memory.scratch) }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func run(
        _ loops: Slice<UnsafeBufferPointer<ProductLoops.Loop>>, _ product: MatrixProduct<Scalar>,
        _ kernel: (MatrixProduct<Scalar>, UnsafeMutablePointer<Scalar>) -> Void, _ scratch: UnsafeMutablePointer<Scalar>
    ) {
        guard let loop = loops.first else { return kernel(product, scratch) }
        var product = product
        for _ in 0..<loop.count {
            run(loops.dropFirst(), product, kernel, scratch)
            product.a += loop.a
            product.b += loop.b
            product.c += loop.c
            if loop.isDepth { product.accumulates = true }
        }
    }
}
