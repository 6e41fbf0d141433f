import TensorKernels

/// Adds elements to a view of zeroed memory that may overlap itself, in the order of the elements.
final class FoldStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    private let source: Place
    private let destination: Place
    private let destinationCount: Int
    private let loops: [ProductLoops.Loop]
    /// How many neighbouring elements are added at once.
    private let run: Int

    /// - Parameters:
    ///   - destinationCount: how many elements the destination's memory has.
    ///   - shape: of the elements that are added; the last dimension is contiguous in both memories.
    init(
        source: Place, destination: Place, destinationCount: Int, shape: Shape, sourceStrides: [Int],
        destinationStrides: [Int]
    ) {
        self.source = source
        self.destination = destination
        self.destinationCount = destinationCount
        var loops = ProductLoops.merged(
            shape.sizes.indices.map {
                .init(count: shape[$0], a: sourceStrides[$0], b: 0, c: destinationStrides[$0])
            })
        if let last = loops.last, last.a == 1, last.c == 1 {
            run = last.count
            loops.removeLast()
        } else {
            run = 1
        }
        self.loops = loops
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>) {
        let target = memory.pointer(destination)
        memory.kernels.fill(target, 0, destinationCount)
        let kernel = memory.elementwise[Int(ElementwiseOperation.add.rawValue)]
        loops.withUnsafeBufferPointer { add($0[...], memory.pointer(source), target, kernel) }
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func add(
        _ loops: Slice<UnsafeBufferPointer<ProductLoops.Loop>>, _ source: UnsafeMutablePointer<Scalar>,
        _ target: UnsafeMutablePointer<Scalar>, _ kernel: KernelTable<Scalar>.Elementwise
    ) {
        guard let loop = loops.first else { return kernel(target, target, source, source, run) }
        for index in 0..<loop.count {
            add(loops.dropFirst(), source + index * loop.a, target + index * loop.c, kernel)
        }
    }
}
