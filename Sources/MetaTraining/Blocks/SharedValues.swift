import TensorEngine

/// What the runs of a plan for all blocks of coordinates have in common: it depends on the meta-parameters alone and
/// is computed once for all of them.
final class SharedValues<Scalar: TensorScalar>: @unchecked Sendable {
    private let plan: Plan<Scalar>
    private let memory: PlanMemory<Scalar>
    private let metaParameters: VectorSlots<InputSlot>
    private let handed: HandedValues
    private let values: ElementBuffer<Scalar>

    /// - Parameters:
    ///   - plan: of what `Graph.hoisting` took out.
    ///   - handed: what it computes.
    ///   - metaParameters: where it reads them.
    init(_ plan: Plan<Scalar>, handed: HandedValues, metaParameters: VectorSlots<InputSlot>) {
        self.plan = plan
        self.handed = handed
        self.metaParameters = metaParameters
        memory = plan.makeMemory()
        values = ElementBuffer(count: handed.count)
        memory.bind(handed.outputs, to: values.start)
    }

    /// The same values of other meta-parameters, in memory of their own.
    convenience init(copying other: SharedValues) {
        self.init(other.plan, handed: other.handed, metaParameters: other.metaParameters)
    }

    /// Computes the values; no plan that they are bound to may run meanwhile.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func update(_ metaParameters: UnsafeMutablePointer<Scalar>) {
        memory.bind(self.metaParameters, to: metaParameters)
        plan.run(memory)
    }

    /// Binds the values to the inputs of a plan that reads them.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func bind(to other: PlanMemory<Scalar>) { other.bind(handed.inputs, to: values.start) }
}
