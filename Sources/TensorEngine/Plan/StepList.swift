import TensorKernels

/// The steps of a plan, in order. Walking them counts no references.
final class StepList<Scalar: TensorScalar>: @unchecked Sendable {
    private let steps: [PlanStep<Scalar>]
    private let unowned: FixedList<StepReference<Scalar>>

    init(_ steps: [PlanStep<Scalar>]) {
        self.steps = steps
        unowned = FixedList(steps.map(StepReference.init))
    }

    deinit {
        unowned.deallocate()
    }

    var pieceCount: Int { steps.map(\.pieceCount).max() ?? 1 }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(_ memory: PlanMemory<Scalar>) {
        for step in unowned.elements { step.run(memory, .whole) }
    }

    /// Runs the steps one after the other, each in pieces where it is worth it and someone may help.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(_ memory: PlanMemory<Scalar>, on executor: any PieceExecutor) {
        guard executor.hasHelpers else { return run(memory) }
        for step in steps {
            let count = step.pieceCount
            if count == 1 {
                step.run(memory, .whole)
            } else {
                nonisolated(unsafe) let memory = memory
                executor.run(pieces: count) { step.run(memory, Piece(index: $0, count: count)) }
            }
        }
    }
}
