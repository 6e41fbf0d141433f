/// The kernels of one instruction set for one element type.
///
/// Tables of instruction sets with fused multiply-add give the same bits as each other: every output of a matrix
/// product is one chain of fused multiply-adds in the order of `depth`, and reductions add in an order that does not
/// depend on the width of the vectors.
public struct KernelTable<Scalar: Sendable>: Sendable {
    /// Applies one operation to `count` elements: (out, a, b, c, count). `out` may be any of the operands.
    public typealias Elementwise =
        @Sendable (
            UnsafeMutablePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafePointer<Scalar>, Int
        ) -> Void

    /// A function in an array would be wrapped in a closure of its own, which costs a reference count at every call; in
    /// a structure it is not.
    public struct ElementwiseKernel: Sendable {
        public let run: Elementwise
    }

    /// Reduces the middle one of three dimensions: (out, in, outer, reduced, inner); `in` is
    /// `[outer, reduced, inner]` and `out` is `[outer, inner]`, both contiguous.
    public typealias Reduction = @Sendable (UnsafeMutablePointer<Scalar>, UnsafePointer<Scalar>, Int, Int, Int) -> Void

    /// `baseline`, `avx2`, `avx512` or `neon`.
    public let name: String

    /// One kernel for each `ElementwiseOperation`, at its raw value.
    public let elementwise: [ElementwiseKernel]

    /// A matrix product; the second argument is scratch memory of `matrixProductScratch` elements or more.
    public let matrixProduct: @Sendable (MatrixProduct<Scalar>, UnsafeMutablePointer<Scalar>) -> Void

    /// How many elements of scratch memory a product of (rows, columns, depth) needs, whatever its strides.
    public let matrixProductScratch: @Sendable (Int, Int, Int) -> Int

    public let sum: Reduction
    public let maximum: Reduction

    /// Writes one value to `count` elements: (out, value, count).
    public let fill: @Sendable (UnsafeMutablePointer<Scalar>, Scalar, Int) -> Void

    /// Copies `count` elements that lie `stride` apart to contiguous memory: (out, in, stride, count).
    public let gather: @Sendable (UnsafeMutablePointer<Scalar>, UnsafePointer<Scalar>, Int, Int) -> Void

    /// Copies `rows` rows of `count` elements, each contiguous: (out, out row stride, in, in row stride, rows, count).
    public let copyRows: @Sendable (UnsafeMutablePointer<Scalar>, Int, UnsafePointer<Scalar>, Int, Int, Int) -> Void

    /// Transposes a contiguous matrix: (out, in, rows, columns); `in` is `[rows, columns]`, `out` `[columns, rows]`.
    public let transpose: @Sendable (UnsafeMutablePointer<Scalar>, UnsafePointer<Scalar>, Int, Int) -> Void

    /// Converts bytes and scales them: (out, in, scale, count).
    public let convertBytes: @Sendable (UnsafeMutablePointer<Scalar>, UnsafePointer<UInt8>, Scalar, Int) -> Void

    public let random: RandomTable

    /// Kernels that draw random numbers.
    public struct RandomTable: Sendable {
        /// Philox words: (out, first counter, its upper half, key, blocks), two words a block.
        public let words: @Sendable (UnsafeMutablePointer<UInt64>, UInt64, UInt64, UInt64, Int) -> Void
        /// Offsets from 1/2 of words: (out, words, count).
        public let offsets: @Sendable (UnsafeMutablePointer<Double>, UnsafePointer<UInt64>, Int) -> Void
        /// Multiples of 2^-53 of words: (out, words, count).
        public let shares: @Sendable (UnsafeMutablePointer<Double>, UnsafePointer<UInt64>, Int) -> Void
        /// Normal quantiles of offsets up to 0.425: (out, offsets, count).
        public let centralQuantiles: @Sendable (UnsafeMutablePointer<Double>, UnsafePointer<Double>, Int) -> Void

        @inlinable @inline(always)
        public init(
            words: @escaping @Sendable (UnsafeMutablePointer<UInt64>, UInt64, UInt64, UInt64, Int) -> Void,
            offsets: @escaping @Sendable (UnsafeMutablePointer<Double>, UnsafePointer<UInt64>, Int) -> Void,
            shares: @escaping @Sendable (UnsafeMutablePointer<Double>, UnsafePointer<UInt64>, Int) -> Void,
            centralQuantiles: @escaping @Sendable (UnsafeMutablePointer<Double>, UnsafePointer<Double>, Int) -> Void
        ) {
            self.words = words
            self.offsets = offsets
            self.shares = shares
            self.centralQuantiles = centralQuantiles
        }
    }

    /// It is not inlinable, so that the code that builds the array is compiled here and not in a thin module, where it
    /// would be a mergeable function with a faster instruction set.
    public init(
        name: String, elementwise: (ElementwiseOperation) -> Elementwise,
        matrixProduct: @escaping @Sendable (MatrixProduct<Scalar>, UnsafeMutablePointer<Scalar>) -> Void,
        matrixProductScratch: @escaping @Sendable (Int, Int, Int) -> Int,
        sum: @escaping Reduction, maximum: @escaping Reduction,
        fill: @escaping @Sendable (UnsafeMutablePointer<Scalar>, Scalar, Int) -> Void,
        gather: @escaping @Sendable (UnsafeMutablePointer<Scalar>, UnsafePointer<Scalar>, Int, Int) -> Void,
        copyRows: @escaping @Sendable (UnsafeMutablePointer<Scalar>, Int, UnsafePointer<Scalar>, Int, Int, Int) -> Void,
        transpose: @escaping @Sendable (UnsafeMutablePointer<Scalar>, UnsafePointer<Scalar>, Int, Int) -> Void,
        convertBytes: @escaping @Sendable (UnsafeMutablePointer<Scalar>, UnsafePointer<UInt8>, Scalar, Int) -> Void,
        random: RandomTable
    ) {
        self.name = name
        self.elementwise = ElementwiseOperation.allCases.map { ElementwiseKernel(run: elementwise($0)) }
        self.matrixProduct = matrixProduct
        self.matrixProductScratch = matrixProductScratch
        self.sum = sum
        self.maximum = maximum
        self.fill = fill
        self.gather = gather
        self.copyRows = copyRows
        self.transpose = transpose
        self.convertBytes = convertBytes
        self.random = random
    }
}

extension KernelTable {
    /// The kernels of one target. Thin modules call it with their own tags, under their own compiler flags.
    @inlinable @inline(always)
    public init<Target: KernelTarget>(_: Target.Type) where Target.Vector.Scalar == Scalar {
        self.init(
            name: Target.name,
            elementwise: { Self.elementwiseKernel($0, Target.self) },
            matrixProduct: { ProductKernel<Target>.run($0, $1) },
            matrixProductScratch: { ProductKernel<Target>.scratch(rows: $0, columns: $1, depth: $2) },
            sum: { SumReduction<Target>.run($0, $1, $2, $3, $4) },
            maximum: { MaximumReduction<Target>.run($0, $1, $2, $3, $4) },
            fill: { MemoryKernels<Target>.fill($0, $1, $2) },
            gather: { MemoryKernels<Target>.gather($0, $1, $2, $3) },
            copyRows: {
                MemoryKernels<Target>.copyRows($0, outStride: $1, $2, inputStride: $3, rows: $4, count: $5)
            },
            transpose: {
                MemoryKernels<Target>.transpose($0, outStride: $2, $1, inputStride: $3, rows: $2, columns: $3)
            },
            convertBytes: { MemoryKernels<Target>.convertBytes($0, $1, $2, $3) },
            random: RandomTable(
                words: { RandomKernels<Target>.words($0, counter: $1, high: $2, key: $3, blocks: $4) },
                offsets: { RandomKernels<Target>.offsets($0, $1, $2) },
                shares: { RandomKernels<Target>.shares($0, $1, $2) },
                centralQuantiles: { RandomKernels<Target>.centralQuantiles($0, $1, $2) }))
    }
}
