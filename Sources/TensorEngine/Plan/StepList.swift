import TensorKernels

/// The steps of a plan, in order. Walking them counts no references.
final class StepList<Scalar: TensorScalar>: @unchecked Sendable {
    private let steps: [PlanStep<Scalar>]
    private let unowned: FixedList<Unmanaged<PlanStep<Scalar>>>

    init(_ steps: [PlanStep<Scalar>]) {
        self.steps = steps
        unowned = FixedList(steps.map { .passUnretained($0) })
    }

    deinit {
        unowned.deallocate()
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(_ memory: PlanMemory<Scalar>) {
        for step in unowned.elements { step._withUnsafeGuaranteedRef { $0.run(memory) } }
    }
}
