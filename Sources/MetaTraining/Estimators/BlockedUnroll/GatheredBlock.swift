import TensorEngine

/// What one chunk of the way back reads of a block, copied together from wherever its coordinates lie.
struct GatheredBlock<Scalar: TensorScalar>: Sendable {
    private let elements: ElementBuffer<Scalar>
    private let copy = RowCopy<Scalar>()
    private let length: Int
    private let features: Int
    private let steps: Int
    private let localRows: Int

    /// - Parameters:
    ///   - length: of the block.
    ///   - features: how many numbers of state a coordinate has.
    ///   - steps: of a chunk.
    ///   - localRows: how many numbers the optimizer is told of a coordinate.
    init(length: Int, features: Int, steps: Int, localRows: Int) {
        self.length = length
        self.features = features
        self.steps = steps
        self.localRows = localRows
        elements = ElementBuffer(count: length * (1 + features + steps + 1 + steps * localRows))
    }

    private var parameters: UnsafeMutablePointer<Scalar> { elements.start }

    private var state: UnsafeMutablePointer<Scalar> { parameters + length }

    /// The gradient at the chunk's first step; those of the next steps follow block by block, and so do the locals.
    private var gradients: UnsafeMutablePointer<Scalar> { state + length * features }

    private var locals: UnsafeMutablePointer<Scalar>? {
        localRows > 0 ? gradients + length * (steps + 1) : nil
    }

    /// Sets everything to 0, which is what lanes without a coordinate hold.
    func clear() { elements.clear() }

    /// As a run of the chunk reads it.
    var source: ChunkPullback<Scalar>.Source {
        .init(
            parameters: parameters, state: state, gradients: gradients, gradientStride: length, locals: locals,
            localStride: length * localRows)
    }

    /// Copies some neighbouring coordinates, which lie in one block if they are told of, to the lanes from `lane` on.
    ///
    /// - Parameters:
    ///   - source: what lies there of all coordinates, but for their state.
    ///   - state: of the first one; those of the next ones follow.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func gather(
        _ run: CoordinateRun, to lane: Int, from source: ChunkPullback<Scalar>.Source,
        state runState: UnsafeMutablePointer<Scalar>
    ) {
        (parameters + lane).update(from: source.parameters + run.first, count: run.count)
        copy(
            to: state + lane, outStride: length, from: runState, sourceStride: length, rows: features,
            count: run.count)
        copy(
            to: gradients + lane, outStride: length, from: source.gradients + run.first,
            sourceStride: source.gradientStride, rows: steps + 1, count: run.count)
        guard let locals, let sourceLocals = source.locals else { return }
        let within = run.first % length
        let start = run.first - within
        for step in 0..<steps {
            copy(
                to: locals + (step * localRows * length + lane), outStride: length,
                from: sourceLocals + (step * source.localStride + start * localRows + within), sourceStride: length,
                rows: localRows, count: run.count)
        }
    }
}
