import TensorEngine

/// The way back from what blocks of coordinates read of the meta-parameters to the meta-parameters themselves.
///
/// Blocks don't add up derivatives by meta-parameters but by the tensors, made of these alone, that they read, such as
/// the transpose of weights with the biases as one more column. That turns into derivatives by meta-parameters once for
/// all blocks.
final class SharedPullback<Scalar: TensorScalar>: @unchecked Sendable {
    private let plans: ChunkPlans<Scalar>
    private let memory: PlanMemory<Scalar>

    init(_ plans: ChunkPlans<Scalar>) {
        self.plans = plans
        memory = plans.toMetaParameters.makeMemory()
    }

    /// How many elements the derivatives by what blocks read have together.
    var count: Int { plans.sums.count }

    /// Writes the derivatives by the meta-parameters. Cost: a few passes over them. Runs once at a time.
    ///
    /// - Parameter cotangents: the derivatives by what blocks read, one after the other.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        _ metaParameters: UnsafeMutablePointer<Scalar>, cotangents: UnsafeMutablePointer<Scalar>,
        to metaGradient: UnsafeMutablePointer<Scalar>
    ) {
        memory.bind(plans.metaParameters, to: metaParameters)
        memory.bind(plans.sums, to: cotangents)
        memory.bind(plans.metaGradient, to: metaGradient)
        plans.toMetaParameters.run(memory)
    }
}
