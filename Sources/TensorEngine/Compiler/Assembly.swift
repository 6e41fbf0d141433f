import TensorKernels

/// Puts kernels and places together to the steps that a plan runs.
struct Assembly<Scalar: TensorScalar> {
    private let lowering: Lowering
    private let storage: StoragePlan
    private(set) var constants: [Double: Place]
    private(set) var arenaCount: Int
    private(set) var slotCount = 0

    init(_ lowering: Lowering, _ storage: StoragePlan) {
        self.lowering = lowering
        self.storage = storage
        arenaCount = storage.arenaCount
        constants = storage.constants
    }

    mutating func step(_ kernel: Kernel) -> PlanStep<Scalar> {
        switch kernel.code {
        case .program(let nodes, let count):
            var builder = ProgramBuilder<Scalar>(lowering, storage)
            let step = builder.build(nodes, count: count) { constant($0) }
            slotCount = max(slotCount, step.slotCount)
            return step
        case .product(let product):
            let start: ContractionStep<Scalar>.Start =
                switch product.start {
                case .nothing: .nothing
                case .zeros: .zeros
                case .addend(let addend): .addend(source(addend))
                }
            return ContractionStep(
                ProductLoops(product), a: storage.place(product.a), b: storage.place(product.b),
                laterRows: product.laterRows.map { .init(place: storage.place($0), count: $0.shape[0]) },
                result: storage.place(product.result), resultCount: lowering.counts[product.result.base]!, start: start,
                isRectified: product.isRectified)
        case .fold(let source, let destination):
            return FoldStep(
                source: storage.place(source), destination: storage.place(destination),
                destinationCount: lowering.counts[destination.base]!, shape: source.shape,
                sourceStrides: source.strides, destinationStrides: destination.strides)
        case .reduction(let isSum, let operand, let outer, let reduced, let inner):
            let result = Reference(base: kernel.writes[0], shape: [outer, inner])
            return ReductionStep(
                isSum: isSum, operand: storage.place(operand), result: storage.place(result), outer: outer,
                reduced: reduced, inner: inner)
        case .copy(let source, let destination, let zeroesFirst):
            let base = Reference(base: destination.base, shape: [lowering.counts[destination.base]!])
            let copied: CopyStep<Scalar>.Source =
                switch source {
                case .value(let reference): .strided(self.source(reference))
                case .constant(let value): .constant(Scalar(value))
                }
            return CopyStep(
                source: copied, destination: storage.place(destination), pattern: destination.pattern,
                base: storage.place(base), baseCount: base.shape.count, zeroesFirst: zeroesFirst)
        }
    }

    private func source(_ reference: Reference) -> StridedSource {
        StridedSource(place: storage.place(reference), pattern: reference.pattern)
    }

    /// The place of a tile of one constant, filled when memory is made.
    private mutating func constant(_ value: Double) -> Place {
        if let place = constants[value] { return place }
        let place = Place(region: 0, offset: arenaCount)
        arenaCount += ElementTile.longest
        constants[value] = place
        return place
    }
}
