import TensorEngine

/// The way back from what blocks of coordinates read of the meta-parameters to the meta-parameters themselves.
///
/// Blocks don't add up derivatives by meta-parameters but by the tensors, made of these alone, that they read, such as
/// the transpose of weights with the biases as one more column. That turns into derivatives by meta-parameters once for
/// all blocks.
final class SharedPullback<Scalar: TensorScalar>: @unchecked Sendable {
    /// Where the derivative by each of those tensors begins in a vector of all of them.
    let offsets: [Int]
    /// The length of that vector.
    let count: Int
    private let plan: Plan<Scalar>
    private let memory: PlanMemory<Scalar>
    private let metaOffsets: [Int]
    private let firstInput: Int

    /// - Parameters:
    ///   - read: the tensors that blocks read.
    ///   - cotangents: inputs of their shapes, one after the other, for what flows to them.
    ///   - firstInput: the number of the first of these.
    ///   - metaParameters: the first inputs of the trace.
    ///   - metaOffsets: where each of them begins in their vector.
    init(
        of read: [Tensor], cotangents: [Tensor], firstInput: Int, metaParameters: [Tensor], metaOffsets: [Int],
        in trace: Trace
    ) {
        var offsets: [Int] = []
        var count = 0
        for tensor in read {
            offsets.append(count)
            count += tensor.shape.count
        }
        self.offsets = offsets
        self.count = count
        self.metaOffsets = metaOffsets
        self.firstInput = firstInput
        plan = Plan(
            trace.graph(outputs: pullback(of: read, cotangents: cotangents, withRespectTo: metaParameters)))
        memory = plan.makeMemory()
    }

    /// Writes the derivatives by the meta-parameters. Cost: a few passes over them. Runs once at a time.
    ///
    /// - Parameter cotangents: the derivatives by what blocks read, one after the other.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        _ metaParameters: UnsafeMutablePointer<Scalar>, cotangents: UnsafeMutablePointer<Scalar>,
        to metaGradient: UnsafeMutablePointer<Scalar>
    ) {
        for (index, offset) in metaOffsets.enumerated() {
            memory.bind(input: index, to: metaParameters + offset)
            memory.bind(output: index, to: metaGradient + offset)
        }
        for (index, offset) in offsets.enumerated() { memory.bind(input: firstInput + index, to: cotangents + offset) }
        plan.run(memory)
    }
}
