import TensorEngine

/// Pairs of what an optimizer saw of a coordinate and what it should have answered: a fixed number of them, of which,
/// once it is full, every new pair replaces one at random.
///
/// The state of an imitation that lasts from one student to the next, so part of a checkpoint.
final class ExperiencePool<Scalar: TensorScalar> {
    let capacity: Int
    /// How many numbers were seen of a coordinate.
    let rows: Int
    /// How many pairs it has had, those that were replaced included.
    private(set) var insertions = 0
    /// Pair by pair what was seen, then the answer.
    private let pairs: ElementBuffer<Scalar>

    init(capacity: Int, rows: Int) {
        self.capacity = capacity
        self.rows = rows
        pairs = ElementBuffer(count: capacity * (rows + 1))
    }

    var count: Int { min(insertions, capacity) }
    var isFull: Bool { insertions >= capacity }

    func seen(_ index: Int) -> UnsafeMutablePointer<Scalar> { pairs.start + index * (rows + 1) }
    func answer(_ index: Int) -> Scalar { seen(index)[rows] }

    /// Makes room for a pair.
    ///
    /// - Parameter stream: chooses what is replaced.
    /// - Returns: where to write what is seen, and after its `rows` numbers the answer.
    func insert(_ stream: inout RandomStream) -> UnsafeMutablePointer<Scalar> {
        let index = isFull ? stream.index(below: capacity) : insertions
        insertions += 1
        return seen(index)
    }

    /// Means and deviations of what was seen, and the mean square of the answers, in `Double`.
    ///
    /// What is the same in all pairs has the deviation 1.
    func statistics() -> (means: [Double], deviations: [Double], answerSquare: Double) {
        let share = 1 / Double(count)
        var (means, squares) = (Array(repeating: 0.0, count: rows), Array(repeating: 0.0, count: rows))
        var answerSquare = 0.0
        for index in 0..<count {
            for row in 0..<rows { means[row] += Double(seen(index)[row]) * share }
            answerSquare += Double(answer(index)) * Double(answer(index)) * share
        }
        for index in 0..<count {
            for row in 0..<rows {
                let difference = Double(seen(index)[row]) - means[row]
                squares[row] += difference * difference * share
            }
        }
        let deviations = squares.map { $0 > 1e-12 ? $0.squareRoot() : 1 }
        return (means, deviations, answerSquare)
    }

    /// What a checkpoint keeps of it.
    var elements: ElementBuffer<Scalar> { pairs }

    /// Takes over what `elements` were written to.
    func restore(insertions: Int) { self.insertions = insertions }
}
