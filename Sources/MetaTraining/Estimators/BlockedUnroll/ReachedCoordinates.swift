import TensorEngine

/// The coordinates of which an unroll's meta-loss has a derivative, in the order in which blocks of them walk back.
///
/// The first layer's weights from pixels that are black in every minibatch have no gradient, and what no derivative
/// reaches contributes nothing: a fifth of the coordinates of a student of MNIST. They lie a few here and a few there,
/// so leaving out whole blocks alone would find half of them.
///
/// The order depends on the gradients alone. Coordinates that are reached later in the unroll come first, so that
/// those of a block set out at the same chunk of steps, but for a few.
struct ReachedCoordinates {
    /// Through how many chunks each coordinate walks back, counted from the unroll's first; 0 for those that are not
    /// reached.
    private var chunks: [Int32]
    /// The reached coordinates, `count` of them, in the order in which blocks take them.
    private var order: [Int32]
    /// How many coordinates are reached.
    private(set) var count = 0
    /// At index n, while the order is made: how many coordinates walk back through more than n chunks, which is where
    /// those that walk back through n begin in it.
    private var starts: [Int]

    /// - Parameter chunkCount: how many chunks an unroll has.
    init(parameterCount: Int, chunkCount: Int) {
        chunks = Array(repeating: 0, count: parameterCount)
        order = chunks
        starts = Array(repeating: 0, count: chunkCount + 1)
    }

    /// Finds the coordinates that one of the unroll's gradients but the first reaches.
    ///
    /// - Parameters:
    ///   - gradients: the gradient before the unroll's first step, of all coordinates; those before the next steps, and
    ///     after the last, follow at `stride`.
    ///   - chunkLength: how many steps a chunk has.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    mutating func find<Scalar: TensorScalar>(
        in gradients: UnsafeMutablePointer<Scalar>, stride: Int, chunkLength: Int
    ) {
        for index in chunks.indices { chunks[index] = 0 }
        for step in 1...chunkLength * (starts.count - 1) {
            let (gradient, number) = (gradients + step * stride, Int32((step - 1) / chunkLength + 1))
            for index in chunks.indices where gradient[index] != 0 { chunks[index] = number }
        }
        for index in starts.indices { starts[index] = 0 }
        for number in chunks where number > 0 { starts[Int(number) - 1] += 1 }
        for index in starts.indices.dropLast().reversed() { starts[index] += starts[index + 1] }
        count = starts[0]
        for index in chunks.indices where chunks[index] > 0 {
            let number = Int(chunks[index])
            order[starts[number]] = Int32(index)
            starts[number] += 1
        }
    }

    func blockCount(length: Int) -> Int { (count + length - 1) / length }

    /// Through how many chunks the coordinate at a position of the order walks back, and so all that come later at
    /// most.
    func chunks(at position: Int) -> Int { Int(chunks[Int(order[position])]) }

    /// Calls `body` with the rows of neighbours among the coordinates at some positions, and the position where each
    /// begins.
    func forEachRun(_ positions: Range<Int>, _ body: (_ position: Int, _ run: CoordinateRun) -> Void) {
        order.withUnsafeBufferPointer { $0.baseAddress!.forEachRun(positions, body) }
    }
}
