import TensorKernels

/// Adds elements to a view of zeroed memory that may overlap itself, in the order of the elements.
final class FoldStep<Scalar: TensorScalar>: PlanStep<Scalar>, @unchecked Sendable {
    private let source: Place
    private let destination: Place
    private let destinationCount: Int
    private let loops: FixedList<ProductLoops.Loop>
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
        self.loops = FixedList(loops)
    }

    deinit {
        loops.deallocate()
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    override func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        let target = memory.pointer(destination)
        memory.kernels.fill(target, 0, destinationCount)
        let kernel = memory.elementwise[Int(ElementwiseOperation.add.rawValue)].run
        add(0, memory.pointer(source), target, kernel)
    }

    /// Runs the loops from `index` on.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func add(
        _ index: Int, _ source: UnsafeMutablePointer<Scalar>, _ target: UnsafeMutablePointer<Scalar>,
        _ kernel: KernelTable<Scalar>.Elementwise
    ) {
        guard index < loops.elements.count else { return kernel(target, target, source, source, run) }
        let loop = loops.elements[index]
        for step in 0..<loop.count {
            add(index + 1, source + step * loop.a, target + step * loop.c, kernel)
        }
    }
}
