import TensorKernels
import Testing

/// A random product, with operands in any of the layouts that a kernel takes.
struct TestProduct<Scalar: TensorScalar> {
    let rows: Int, columns: Int, depth: Int
    let aIsTransposed: Bool, bIsTransposed: Bool, accumulates: Bool
    let padding: Int
    /// How far apart neighbouring elements of `a` lie.
    let aSpacing: Int
    /// Whether 0 takes the place of what is below it.
    var isRectified = false
    private(set) var a: [Scalar], b: [Scalar]
    let c: [Scalar]
    /// What the product is added to in place of `c`: how far apart its rows and columns are, and its elements.
    let start: (rowStride: Int, columnStride: Int, elements: [Scalar])?

    init(
        _ rows: Int, _ columns: Int, _ depth: Int, aIsTransposed: Bool, bIsTransposed: Bool, accumulates: Bool,
        padding: Int, aSpacing: Int = 1, startStrides: (row: Int, column: Int)? = nil, random: inout TestRandom
    ) {
        self.rows = rows
        self.columns = columns
        self.depth = depth
        self.aIsTransposed = aIsTransposed
        self.bIsTransposed = bIsTransposed
        self.accumulates = accumulates
        self.padding = padding
        self.aSpacing = aSpacing
        let aSize = aIsTransposed ? depth * (rows + padding) : rows * (depth + padding)
        let bSize = bIsTransposed ? columns * (depth + padding) : depth * (columns + padding)
        a = random.values(max(aSize * aSpacing, 1))
        b = random.values(max(bSize, 1))
        c = random.values(max(rows * (columns + padding), 1))
        start = startStrides.map {
            ($0.row, $0.column, random.values(max((rows - 1) * $0.row + (columns - 1) * $0.column + 1, 1)))
        }
    }

    /// Makes `a` zero in some twelve neighbouring rows at seven of ten steps, and here and there besides.
    mutating func sparse(_ random: inout TestRandom) {
        for step in 0..<depth {
            for first in stride(from: 0, to: rows, by: 12) {
                let areZero = random.integer(0...9) < 7
                for row in first..<min(first + 12, rows) where areZero || random.integer(0...3) == 0 {
                    a[row * aStrides.row + step * aStrides.column] = 0
                }
            }
        }
    }

    mutating func setB(_ step: Int, _ column: Int, _ value: Scalar) {
        b[step * bStrides.row + column * bStrides.column] = value
    }

    var cRowStride: Int { columns + padding }
    var aStrides: (row: Int, column: Int) {
        aIsTransposed ? (aSpacing, (rows + padding) * aSpacing) : ((depth + padding) * aSpacing, aSpacing)
    }
    var bStrides: (row: Int, column: Int) { bIsTransposed ? (1, depth + padding) : (columns + padding, 1) }

    /// The whole memory of `c` afterwards; scratch memory starts as NaN, so that a read of it shows.
    ///
    /// - Parameter cuts: at which depths both operands are taken apart; their parts then lie in memory the other way
    ///   round, with gaps.
    func run(_ table: KernelTable<Scalar>, cuts: [Int] = []) -> [Scalar] {
        let bounds = [0] + cuts + [depth]
        let parts = zip(bounds, bounds.dropFirst()).map { $0..<$1 }
        let (a, aStarts) = apart(self.a, parts, lines: rows, stride: aStrides.row, depthStride: aStrides.column)
        let (b, bStarts) = apart(self.b, parts, lines: columns, stride: bStrides.column, depthStride: bStrides.row)
        let later = parts.indices.dropFirst().map {
            MatrixProduct<Scalar>.DepthPart(
                aDistance: aStarts[$0] - aStarts[0], bDistance: bStarts[$0] - bStarts[0], count: parts[$0].count)
        }
        var out = c
        let guardElements = 16
        let needed = table.matrixProductScratch(rows, columns, depth)
        var scratch = [Scalar](repeating: .nan, count: needed + guardElements)
        for index in needed..<scratch.count { scratch[index] = 12345 }
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                later.withUnsafeBufferPointer { later in
                    (start?.elements ?? []).withUnsafeBufferPointer { elements in
                        let from = start.map {
                            MatrixProduct<Scalar>.Start(
                                pointer: elements.baseAddress!, rowStride: $0.rowStride, columnStride: $0.columnStride)
                        }
                        out.withUnsafeMutableBufferPointer { c in
                            table.matrixProduct(
                                MatrixProduct(
                                    rows: rows, columns: columns, depth: depth,
                                    a: a.baseAddress! + aStarts[0], aRowStride: aStrides.row,
                                    aColumnStride: aStrides.column,
                                    b: b.baseAddress! + bStarts[0], bRowStride: bStrides.row,
                                    bColumnStride: bStrides.column, c: c.baseAddress!, cRowStride: cRowStride,
                                    accumulates: accumulates, start: from, laterParts: later,
                                    isRectified: isRectified),
                                &scratch)
                        }
                    }
                }
            }
        }
        #expect(scratch[needed...].allSatisfy { $0 == 12345 }, "\(self.description) wrote beyond its scratch memory")
        return out
    }

    /// An operand with its parts of depth in memory of their own, and where they begin.
    private func apart(
        _ elements: [Scalar], _ parts: [Range<Int>], lines: Int, stride: Int, depthStride: Int
    ) -> (elements: [Scalar], starts: [Int]) {
        let gap = 5 + elements.count
        let starts = parts.indices.map { (parts.count - 1 - $0) * gap }
        var result = [Scalar](repeating: .nan, count: gap * parts.count)
        for (part, start) in zip(parts, starts) {
            for (index, step) in part.enumerated() {
                for line in 0..<lines {
                    result[start + index * depthStride + line * stride] = elements[step * depthStride + line * stride]
                }
            }
        }
        return (result, starts)
    }

    /// Three loops, one chain of multiply-adds an element.
    func reference(fused: Bool) -> [Scalar] {
        var out = c
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Scalar = accumulates ? c[row * cRowStride + column] : 0
                if let start { sum = start.elements[row * start.rowStride + column * start.columnStride] }
                for step in 0..<depth {
                    let left = a[row * aStrides.row + step * aStrides.column]
                    let right = b[step * bStrides.row + column * bStrides.column]
                    sum = fused ? sum.addingProduct(left, right) : sum + left * right
                }
                out[row * cRowStride + column] = rectified(sum)
            }
        }
        return out
    }

    /// A sum as it is written; an empty one stays as it is.
    func rectified(_ sum: Scalar) -> Scalar { !isRectified || depth == 0 || sum > 0 || sum.isNaN ? sum : 0 }

    var description: String {
        "\(Scalar.name) [\(rows), \(depth)] · [\(depth), \(columns)]\(aIsTransposed ? " aᵀ" : "")"
            + "\(bIsTransposed ? " bᵀ" : "")\(accumulates ? " accumulating" : "")\(isRectified ? " rectified" : "")"
    }
}

struct MatrixProductTests {
    static let shapes = [
        [1, 1, 1], [1, 64, 20], [3, 10, 20], [4, 16, 7], [5, 24, 2], [20, 80, 64], [7, 33, 80], [6, 5, 0], [0, 4, 4],
        [4, 0, 3], [13, 22, 300], [9, 129, 17], [16, 20, 33], [9, 10, 5], [70, 23, 90],
    ]

    /// Every kernel gives the bits of the naive loop, so all tables with fused multiply-add agree.
    @Test(arguments: InstructionSet.runnable, shapes)
    func smallProductsInEveryLayout(_ instructionSet: InstructionSet, _ shape: [Int]) {
        checkLayouts(Float.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
        checkLayouts(Double.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
    }

    /// Every height of tile with every remainder of rows, and every width with every remainder of columns.
    @Test(arguments: InstructionSet.runnable) func everyTile(_ instructionSet: InstructionSet) {
        for rows in Array(1...14) + [22, 27] {
            for columns in 1...34 {
                let shape = [rows, columns, 3]
                checkLayouts(Float.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
                checkLayouts(Double.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
                let strides = [(0, 1), (1, 0)][columns % 2]
                checkLayouts(Float.kernels(for: instructionSet), shape, strides, fused: instructionSet.isFused)
                checkLayouts(Double.kernels(for: instructionSet), shape, strides, fused: instructionSet.isFused)
            }
        }
    }

    /// A product that is added to something else than what it is written over: to the same for all rows, for all
    /// columns or for both, or to a matrix, in one block of depth and in several.
    @Test(
        arguments: InstructionSet.runnable,
        [[9, 20, 5], [7, 12, 300], [128, 20, 70], [20, 90, 41], [1, 17, 9], [4, 4, 0]])
    func productsWithAStart(_ instructionSet: InstructionSet, _ shape: [Int]) {
        for strides in [(0, 1), (1, 0), (0, 0), (2, 0), (shape[1] + 1, 1)] {
            checkLayouts(Float.kernels(for: instructionSet), shape, strides, fused: instructionSet.isFused)
            checkLayouts(Double.kernels(for: instructionSet), shape, strides, fused: instructionSet.isFused)
        }
    }

    func checkLayouts<Scalar: TensorScalar>(
        _ table: KernelTable<Scalar>, _ shape: [Int], _ startStrides: (row: Int, column: Int)? = nil, fused: Bool
    ) {
        var random = TestRandom(UInt64(shape[0] * 31 + shape[1]))
        for layout in 0..<8 {
            var product = TestProduct<Scalar>(
                shape[0], shape[1], shape[2], aIsTransposed: layout & 1 != 0, bIsTransposed: layout & 2 != 0,
                accumulates: layout & 4 != 0, padding: random.integer(0...3), startStrides: startStrides,
                random: &random)
            for isRectified in [false, true] {
                product.isRectified = isRectified
                #expect(
                    haveSameBits(product.run(table), product.reference(fused: fused)),
                    "\(table.name) \(product.description)")
            }
        }
    }

    /// Steps at which a tile's rows of `a` are all zero are passed over, to the same bits.
    @Test(
        arguments: InstructionSet.runnable,
        [[64, 20, 110], [70, 9, 230], [40, 130, 40], [33, 64, 65], [130, 40, 33], [35, 16, 300], [61, 33, 90]])
    func productsWithZeros(_ instructionSet: InstructionSet, _ shape: [Int]) {
        checkZeros(Float.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
        checkZeros(Double.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
    }

    /// 0 times what isn't finite is no number, also at steps that would be passed over.
    func checkZeros<Scalar: TensorScalar>(_ table: KernelTable<Scalar>, _ shape: [Int], fused: Bool) {
        var random = TestRandom(UInt64(shape[0] * 37 + shape[2]))
        for layout in 0..<16 {
            var product = TestProduct<Scalar>(
                shape[0], shape[1], shape[2], aIsTransposed: layout & 1 != 0, bIsTransposed: layout & 2 != 0,
                accumulates: layout & 4 != 0, padding: random.integer(0...3), aSpacing: layout & 8 != 0 ? 2 : 1,
                random: &random)
            product.isRectified = layout % 3 == 0
            product.sparse(&random)
            let result = product.run(table)
            #expect(haveSameBits(result, product.reference(fused: fused)), "\(table.name) \(product.description)")
            #expect(result.allSatisfy { $0.isFinite })
            for value in [Scalar.infinity, .nan] {
                product.setB(random.integer(0...(shape[2] - 1)), shape[1] - 1, value)
                let spoilt = product.run(table)
                #expect(haveSameBits(spoilt, product.reference(fused: fused)), "\(table.name) \(product.description)")
                #expect((0..<shape[0]).contains { spoilt[$0 * product.cRowStride + shape[1] - 1].isNaN })
            }
        }
    }

    /// Operands that lie in several places along depth give the same bits: where they are read as they lie, as by the
    /// first of these shapes, and where parts are added up.
    @Test(
        arguments: InstructionSet.runnable, [[20, 64, 23], [80, 48, 41], [5, 20, 12], [1, 17, 9], [90, 64, 300]])
    func operandsInSeveralPlaces(_ instructionSet: InstructionSet, _ shape: [Int]) {
        checkPlaces(Float.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
        checkPlaces(Double.kernels(for: instructionSet), shape, fused: instructionSet.isFused)
    }

    func checkPlaces<Scalar: TensorScalar>(_ table: KernelTable<Scalar>, _ shape: [Int], fused: Bool) {
        var random = TestRandom(UInt64(shape[2]))
        for layout in 0..<8 {
            var product = TestProduct<Scalar>(
                shape[0], shape[1], shape[2], aIsTransposed: layout & 1 != 0, bIsTransposed: layout & 2 != 0,
                accumulates: layout & 4 != 0, padding: random.integer(0...1), random: &random)
            product.isRectified = layout % 3 == 0
            for cuts in [[1], [2, shape[2] - 1], [shape[2] / 2, shape[2] / 2, shape[2] - 2]] {
                #expect(
                    haveSameBits(product.run(table, cuts: cuts), product.reference(fused: fused)),
                    "\(table.name) \(product.description) cut at \(cuts)")
            }
        }
    }

    /// Large enough for blocks of depth, of rows and of columns. The reference is one table's small products.
    @Test(
        arguments: InstructionSet.runnable,
        [
            [131, 100, 530], [260, 801, 270], [70, 97, 300], [140, 20, 784], [129, 100, 300], [2, 3000, 30],
            [3, 1500, 41],
        ])
    func blockedProducts(_ instructionSet: InstructionSet, _ shape: [Int]) {
        for (isSparse, isRectified) in [(false, false), (true, false), (false, true), (true, true)] {
            checkBlocked(
                Float.kernels(for: instructionSet), shape, isSparse, isRectified, fused: instructionSet.isFused)
            checkBlocked(
                Double.kernels(for: instructionSet), shape, isSparse, isRectified, fused: instructionSet.isFused)
        }
    }

    /// A row, a column or a step more or less than blocks have: the last of each is often a block of its own.
    @Test(arguments: InstructionSet.runnable, [127, 128, 129, 130, 131, 257])
    func boundsOfBlocks(_ instructionSet: InstructionSet, _ rows: Int) {
        for columns in [63, 64, 65, 97, 130, 160, 769] {
            for depth in [40, 257] {
                let shape = [rows, columns, depth]
                let isSparse = (rows + columns) % 2 == 0
                checkBlocked(
                    Float.kernels(for: instructionSet), shape, isSparse, false, fused: instructionSet.isFused)
                checkBlocked(
                    Double.kernels(for: instructionSet), shape, isSparse, true, fused: instructionSet.isFused)
            }
        }
    }

    func checkBlocked<Scalar: TensorScalar>(
        _ table: KernelTable<Scalar>, _ shape: [Int], _ isSparse: Bool, _ isRectified: Bool, fused: Bool
    ) {
        var random = TestRandom(UInt64(shape[0] * 31 + shape[1] + shape[2]))
        let layout = random.integer(0...3)
        var product = TestProduct<Scalar>(
            shape[0], shape[1], shape[2], aIsTransposed: layout & 1 != 0, bIsTransposed: layout & 2 != 0,
            accumulates: shape[1] == 97, padding: 1, random: &random)
        if isSparse { product.sparse(&random) }
        product.isRectified = isRectified
        let result = product.run(table)
        for sample in 0..<500 {
            // The last row and the last column often.
            let row = sample % 4 == 0 ? shape[0] - 1 : random.integer(0...(shape[0] - 1))
            let column = sample % 5 == 0 ? shape[1] - 1 : random.integer(0...(shape[1] - 1))
            var sum: Scalar = product.accumulates ? product.c[row * product.cRowStride + column] : 0
            for step in 0..<shape[2] {
                let left = product.a[row * product.aStrides.row + step * product.aStrides.column]
                let right = product.b[step * product.bStrides.row + column * product.bStrides.column]
                sum = fused ? sum.addingProduct(left, right) : sum + left * right
            }
            #expect(result[row * product.cRowStride + column] == product.rectified(sum))
        }
    }
}
