import TensorEngine

/// What the runs of a plan for all blocks of coordinates have in common: it depends on the meta-parameters alone and
/// is computed once for all of them.
final class SharedValues<Scalar: TensorScalar>: @unchecked Sendable {
    private let plan: Plan<Scalar>
    private let memory: PlanMemory<Scalar>
    private let values: [ElementBuffer<Scalar>]
    private let metaOffsets: [Int]
    private let firstInput: Int

    /// - Parameters:
    ///   - graph: what `Graph.hoisting` took out; its first inputs are the meta-parameters.
    ///   - metaOffsets: where each meta-parameter begins in their vector.
    convenience init(_ graph: Graph, metaOffsets: [Int]) {
        self.init(Plan(graph), metaOffsets: metaOffsets, firstInput: graph.inputShapes.count)
    }

    /// The same values of other meta-parameters, in memory of their own.
    convenience init(copying other: SharedValues) {
        self.init(other.plan, metaOffsets: other.metaOffsets, firstInput: other.firstInput)
    }

    private init(_ plan: Plan<Scalar>, metaOffsets: [Int], firstInput: Int) {
        self.plan = plan
        self.metaOffsets = metaOffsets
        self.firstInput = firstInput
        memory = plan.makeMemory()
        values = plan.outputShapes.map { ElementBuffer(count: $0.count) }
        for (index, value) in values.enumerated() { memory.bind(output: index, to: value.start) }
    }

    /// Computes the values; no plan that they are bound to may run meanwhile.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func update(_ metaParameters: UnsafeMutablePointer<Scalar>) {
        for (index, offset) in metaOffsets.enumerated() { memory.bind(input: index, to: metaParameters + offset) }
        plan.run(memory)
    }

    /// Binds the values to the last inputs of the plan that reads them.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func bind(to other: PlanMemory<Scalar>) {
        for (index, value) in values.enumerated() { other.bind(input: firstInput + index, to: value.start) }
    }
}
