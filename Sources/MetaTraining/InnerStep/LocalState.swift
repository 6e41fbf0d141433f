import TensorEngine

/// What optimizers are told of each parameter, on its way from the plan that computes it, parameter by parameter, to
/// the blocks that they work on.
struct LocalState<Scalar: TensorScalar> {
    /// One parameter's rows.
    private struct Part {
        let values: ElementBuffer<Scalar>
        let count: Int
        let group: ParameterLayout.Group
        /// The first coordinate within the group.
        let start: Int
    }

    private let parts: [Part]

    init(_ optimizee: Optimizee<Scalar>) {
        let (layout, parameters) = (optimizee.layout, optimizee.problem.parameters)
        parts = layout.groups.filter { $0.localRows > 0 }.flatMap { group in
            group.parameters.map { index in
                let count = parameters[index].shape.count
                return Part(
                    values: ElementBuffer(count: group.localRows * count), count: count, group: group,
                    start: layout.offsets[index] - group.start)
            }
        }
    }

    /// Has a plan write to it.
    func bind(_ slots: [OutputSlot], of memory: PlanMemory<Scalar>) {
        for (slot, part) in zip(slots, parts) { memory.bind(slot, to: part.values.start) }
    }

    /// Writes all rows block by block.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func write(to local: UnsafeMutablePointer<Scalar>) {
        for part in parts {
            let (length, rows) = (part.group.blocks.length, part.group.localRows)
            var done = 0
            while done < part.count {
                let (block, lane) = (part.start + done).quotientAndRemainder(dividingBy: length)
                let run = min(length - lane, part.count - done)
                let target = local + part.group.localStart + block * length * rows + lane
                for row in 0..<rows {
                    (target + row * length).update(from: part.values.start + row * part.count + done, count: run)
                }
                done += run
            }
        }
    }
}
