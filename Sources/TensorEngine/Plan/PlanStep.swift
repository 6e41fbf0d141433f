import TensorKernels

/// One kernel of a plan with all its places known.
class PlanStep<Scalar: TensorScalar>: @unchecked Sendable {
    /// How many elements of scratch memory a piece of the step uses.
    var scratchCount: Int { 0 }

    /// Into how many pieces the step is worth cutting, for as many threads. 1: not worth the handing out.
    var pieceCount: Int { 1 }

    /// Runs one of `count` pieces of the step. Results don't depend on how many there are.
    func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        preconditionFailure("a step of a plan must say how it runs")
    }

    /// How many pieces are worth it for some number of multiply-adds or the like.
    static func pieces(work: Int, atMost: Int) -> Int {
        max(1, min(work / 250_000, atMost, PlanMemory<Scalar>.mostPieces))
    }
}

/// A matrix product, or a stack of them.
final class ProductStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    struct Operand {
        let place: Place
        let batchStride: Int
        let rowStride: Int
        let columnStride: Int

        init(_ reference: Reference, _ place: Place) {
            let rank = reference.shape.rank
            self.place = place
            batchStride = rank == 3 ? reference.strides[0] : 0
            var row = reference.strides[rank - 2]
            var column = reference.strides[rank - 1]
            // A dimension of size 1 may have any stride; the kernels want one stride to be 1.
            if reference.shape[rank - 1] == 1, row != 1 { column = 1 }
            if reference.shape[rank - 2] == 1, column != 1 { row = 1 }
            rowStride = row
            columnStride = column
        }
    }

    private let batch: Int
    private let rows: Int
    private let columns: Int
    private let depth: Int
    private let a: Operand
    private let b: Operand
    private let result: Place
    private let accumulates: Bool
    private let addend: Addend

    /// Where what a product is added to comes from.
    private enum Addend {
        case none
        case inPlace
        case copied(StridedSource)
    }

    init(
        a: Operand, b: Operand, batch: Int, rows: Int, depth: Int, columns: Int, result: Place, addend: StridedSource?
    ) {
        self.a = a
        self.b = b
        self.batch = batch
        self.rows = rows
        self.depth = depth
        self.columns = columns
        self.result = result
        self.addend =
            if let addend { addend.isContiguous(at: result) ? .inPlace : .copied(addend) } else { .none }
        accumulates = addend != nil
    }

    override var scratchCount: Int { Scalar.kernels.matrixProductScratch(rows, columns, depth) }

    /// Pieces are groups of four rows, the height of a tile: each element of the result is made in one piece, by the
    /// same chain of multiply-adds.
    override var pieceCount: Int { Self.pieces(work: rows * columns * depth * batch, atMost: rows / 16) }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let rows = piece.range(of: self.rows, multiple: 4)
        let a = memory.pointer(a.place) + rows.lowerBound * self.a.rowStride
        let b = memory.pointer(b.place)
        for index in 0..<batch {
            let start = (index * self.rows + rows.lowerBound) * columns
            let product = memory.pointer(result) + start
            if case .copied(let source) = addend {
                source.load(start..<start + rows.count * columns, to: product, memory)
            }
            memory.kernels.matrixProduct(
                MatrixProduct(
                    rows: rows.count, columns: columns, depth: depth,
                    a: a + index * self.a.batchStride, aRowStride: self.a.rowStride,
                    aColumnStride: self.a.columnStride,
                    b: b + index * self.b.batchStride, bRowStride: self.b.rowStride,
                    bColumnStride: self.b.columnStride,
                    c: product, cRowStride: columns, accumulates: accumulates),
                memory.scratch(piece))
        }
    }
}

/// The sum or the maximum over the middle of three dimensions.
final class ReductionStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    private let isSum: Bool
    private let operand: Place
    private let result: Place
    private let outer: Int
    private let reduced: Int
    private let inner: Int

    init(isSum: Bool, operand: Place, result: Place, outer: Int, reduced: Int, inner: Int) {
        self.isSum = isSum
        self.operand = operand
        self.result = result
        self.outer = outer
        self.reduced = reduced
        self.inner = inner
    }

    override var pieceCount: Int { Self.pieces(work: outer * reduced * inner, atMost: outer) }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let kernel = isSum ? memory.kernels.sum : memory.kernels.maximum
        let range = piece.range(of: outer, multiple: 1)
        kernel(
            memory.pointer(result) + range.lowerBound * inner,
            memory.pointer(operand) + range.lowerBound * reduced * inner, range.count, reduced, inner)
    }
}

/// Copies elements, or a constant, to a box of a result.
final class CopyStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    enum Source {
        case strided(StridedSource)
        case constant(Double)
    }

    private let source: Source
    private let base: Place
    private let baseCount: Int
    private let destination: Place
    private let pattern: AccessPattern
    private let zeroesFirst: Bool

    init(
        source: Source, destination: Place, pattern: AccessPattern, base: Place, baseCount: Int, zeroesFirst: Bool
    ) {
        self.source = source
        self.destination = destination
        self.pattern = pattern
        self.base = base
        self.baseCount = baseCount
        self.zeroesFirst = zeroesFirst
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let table = memory.kernels
        if zeroesFirst { table.fill(memory.pointer(base), 0, baseCount) }
        let target = memory.pointer(destination)
        let run = pattern.sizes.last ?? 1
        let innerStride = pattern.strides.last ?? 1
        let count = pattern.sizes.reduce(1, *)
        var position = 0
        while position < count {
            let out = target + pattern.outerOffset(position / run)
            switch source {
            case .constant(let value):
                if innerStride == 1 {
                    table.fill(out, Scalar(value), run)
                } else {
                    for index in 0..<run { out[index * innerStride] = Scalar(value) }
                }
            case .strided(let source):
                if innerStride == 1 {
                    source.load(position..<position + run, to: out, memory)
                } else {
                    for index in 0..<run {
                        source.load(position + index..<position + index + 1, to: out + index * innerStride, memory)
                    }
                }
            }
            position += run
        }
    }
}

extension AccessPattern {
    /// The offset in memory at which a run of the innermost loop begins.
    func outerOffset(_ index: Int) -> Int {
        var (rest, offset) = (index, 0)
        for axis in stride(from: sizes.count - 2, through: 0, by: -1) {
            offset += rest % sizes[axis] * strides[axis]
            rest /= sizes[axis]
        }
        return offset
    }
}
