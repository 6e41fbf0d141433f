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

    /// The same for elements that are moved, each of which takes as long as some multiply-adds.
    static func pieces(moving elements: Int, atMost: Int) -> Int { pieces(work: 8 * elements, atMost: atMost) }
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
        case constant(Scalar)
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

    /// Pieces take their shares of the outermost dimension; where the rest is zeros, of the whole memory too.
    override var pieceCount: Int {
        guard let outermost = pattern.sizes.first, !zeroesFirst || outermost * pattern.strides[0] == baseCount else {
            return 1
        }
        return Self.pieces(moving: pattern.sizes.reduce(1, *), atMost: outermost / shareMultiple)
    }

    /// A single run is shared out in whole kibibytes.
    private var shareMultiple: Int { pattern.sizes.count == 1 ? 1024 / MemoryLayout<Scalar>.stride : 1 }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let table = memory.kernels
        let outermost = pattern.sizes.first ?? 1
        let share = piece.range(of: outermost, multiple: shareMultiple)
        if zeroesFirst {
            let cleared = piece.count == 1 ? 0..<baseCount : share.scaled(by: baseCount / outermost)
            table.fill(memory.pointer(base) + cleared.lowerBound, 0, cleared.count)
        }
        let innerStride = pattern.strides.last ?? 1
        let isSingleRun = pattern.sizes.count <= 1
        let run = isSingleRun ? share.count : pattern.sizes[pattern.sizes.count - 1]
        let target = memory.pointer(destination) + (isSingleRun ? share.lowerBound * innerStride : 0)
        let inner = pattern.sizes.dropFirst().reduce(1, *)
        let count = share.upperBound * inner
        var position = share.lowerBound * inner
        if innerStride == 1, case .strided(let source) = source, source.pattern.isContiguous {
            let elements = memory.pointer(source.place)
            while position < count {
                let (following, rowStride) = pattern.rows(from: position / run) ?? (1, 0)
                let rows = min(following, (count - position) / run)
                table.copyRows(
                    target + pattern.outerOffset(position / run), rowStride, elements + position, run, rows, run)
                position += rows * run
            }
        }
        while position < count {
            let out = target + pattern.outerOffset(position / run)
            switch source {
            case .constant(let value):
                if innerStride == 1 {
                    table.fill(out, value, run)
                } else {
                    for index in 0..<run { out[index * innerStride] = value }
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
    /// How many runs of the innermost loop follow each other at one distance from run `index` on, and the distance.
    /// Nil where there is a single run.
    func rows(from index: Int) -> (count: Int, stride: Int)? {
        guard sizes.count > 1 else { return nil }
        let size = sizes[sizes.count - 2]
        return (size - index % size, strides[sizes.count - 2])
    }

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
