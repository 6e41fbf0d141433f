import TensorEngine

/// What one chunk of the way back reads of a block, copied together from wherever its coordinates lie.
struct GatheredBlock<Scalar: TensorScalar>: Sendable {
    /// Parameters, state, gradients and locals, one after the other.
    private let elements: ElementBuffer<Scalar>
    private let copy = RowCopy<Scalar>()
    private let length: Int
    private let features: Int
    private let chunkLength: Int
    private let localRows: Int

    /// - Parameters:
    ///   - length: of the block.
    ///   - features: how many numbers of state a coordinate has.
    ///   - chunkLength: how many steps a chunk has.
    ///   - localRows: how many numbers the optimizer is told of a coordinate.
    init(length: Int, features: Int, chunkLength: Int, localRows: Int) {
        self.length = length
        self.features = features
        self.chunkLength = chunkLength
        self.localRows = localRows
        elements = ElementBuffer(count: length * (1 + features + chunkLength + 1 + chunkLength * localRows))
    }

    /// `[length]`.
    private var parameters: UnsafeMutablePointer<Scalar> { elements.start }

    /// `[features, length]`.
    private var state: UnsafeMutablePointer<Scalar> { parameters + length }

    /// Before each step and after the last, `[chunk length + 1, length]`.
    private var gradients: UnsafeMutablePointer<Scalar> { state + length * features }

    /// At each step, `[chunk length, local rows, length]`; nil where the optimizer is told nothing.
    private var locals: UnsafeMutablePointer<Scalar>? {
        localRows > 0 ? gradients + length * (chunkLength + 1) : nil
    }

    /// Sets everything to 0, which is what lanes without a coordinate hold.
    func clear() { elements.clear() }

    /// As a run of the chunk reads it.
    var source: ChunkPullback<Scalar>.Source {
        .init(
            parameters: parameters, state: state, gradients: gradients, gradientStride: length, locals: locals,
            localStride: length * localRows)
    }

    /// Copies what is read of some coordinates that are neighbours in the parameter vector to the lanes from `lane` on.
    ///
    /// - Parameters:
    ///   - run: the coordinates; all of one block of the parameter vector where the optimizer is told something, for
    ///     that lies block by block.
    ///   - source: where that lies of all coordinates. Its state is not read, for coordinates have slots of it.
    ///   - runState: the state of the first one; the next ones' follow, and their features at the stride of a block.
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
            sourceStride: source.gradientStride, rows: chunkLength + 1, count: run.count)
        guard let locals, let sourceLocals = source.locals else { return }
        let within = run.first % length
        let start = run.first - within
        for step in 0..<chunkLength {
            copy(
                to: locals + (step * localRows * length + lane), outStride: length,
                from: sourceLocals + (step * source.localStride + start * localRows + within), sourceStride: length,
                rows: localRows, count: run.count)
        }
    }
}
