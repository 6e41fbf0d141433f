/// A step by its class, without counting references.
///
/// A call to a final class that is known goes straight to the code for the element type. Called through `PlanStep`, a
/// step would enter through generic code, which looks up types first: 1% of the time of an optimizer's small steps.
enum StepReference<Scalar: TensorScalar> {
    case program(Unmanaged<ProgramStep<Scalar>>)
    case product(Unmanaged<ContractionStep<Scalar>>)
    case copy(Unmanaged<CopyStep<Scalar>>)
    case reduction(Unmanaged<ReductionStep<Scalar>>)
    case fold(Unmanaged<FoldStep<Scalar>>)

    /// - Parameter step: outlives the reference.
    init(_ step: PlanStep<Scalar>) {
        switch step {
        case let step as ProgramStep<Scalar>: self = .program(.passUnretained(step))
        case let step as ContractionStep<Scalar>: self = .product(.passUnretained(step))
        case let step as CopyStep<Scalar>: self = .copy(.passUnretained(step))
        case let step as ReductionStep<Scalar>: self = .reduction(.passUnretained(step))
        case let step as FoldStep<Scalar>: self = .fold(.passUnretained(step))
        default: preconditionFailure("a step of a class that has no case")
        }
    }

    @inline(__always)
    func run(_ memory: PlanMemory<Scalar>, _ piece: Piece) {
        switch self {
        case .program(let step): step._withUnsafeGuaranteedRef { $0.run(memory, piece) }
        case .product(let step): step._withUnsafeGuaranteedRef { $0.run(memory, piece) }
        case .copy(let step): step._withUnsafeGuaranteedRef { $0.run(memory, piece) }
        case .reduction(let step): step._withUnsafeGuaranteedRef { $0.run(memory, piece) }
        case .fold(let step): step._withUnsafeGuaranteedRef { $0.run(memory, piece) }
        }
    }
}
