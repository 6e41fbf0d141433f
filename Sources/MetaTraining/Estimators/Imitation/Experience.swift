import Optimizers
import TensorEngine

/// How an optimizer learns by imitation of another one.
public struct Imitation: Sendable {
    /// Whose changes are imitated.
    public var guide: any CoordinatewiseOptimizer
    /// How many pairs of what is seen and what is done are kept at a time.
    public var poolSize: Int
    /// How many pairs of each step of a student are kept, from each of its parameters alike.
    public var pairsPerStep: Int
    /// How many pairs a meta-step learns from.
    public var batchSize: Int
    /// The share of students that the optimizer trains itself, once it has something to learn from.
    public var ownShare: Double

    public init(
        guide: any CoordinatewiseOptimizer, poolSize: Int, pairsPerStep: Int, batchSize: Int, ownShare: Double = 0
    ) {
        self.guide = guide
        self.poolSize = poolSize
        self.pairsPerStep = pairsPerStep
        self.batchSize = batchSize
        self.ownShare = ownShare
    }
}

/// What an imitation keeps from one student to the next: the pairs that it learns from, those of about every tenth
/// student, which it never learns from, and what is compiled for both, which is the same for all students.
final class Experience<Scalar: TensorScalar>: EstimatorMemory {
    let learned: ExperiencePool<Scalar>
    let heldOut: ExperiencePool<Scalar>
    let regression: ImitationRegression<Scalar>
    /// The mean square of answers when the pool was first full, which errors are told relative to; 0 before that.
    var answerSquare = 0.0

    /// Whether shift and scale of what the optimizer sees are still to be found. One that has learned before keeps its
    /// own, without which its other weights mean nothing.
    let setsNormalization: Bool

    /// - Parameter isNew: whether the optimizer has learned nothing yet.
    init(_ imitation: Imitation, of optimizer: any ImitatingOptimizer, isNew: Bool) {
        setsNormalization = isNew
        regression = ImitationRegression(optimizer, batchSize: imitation.batchSize)
        learned = ExperiencePool(capacity: imitation.poolSize, rows: optimizer.observedRows)
        heldOut = ExperiencePool(capacity: max(1, imitation.poolSize / 4), rows: optimizer.observedRows)
    }

    /// Which pool the pairs of a student go to.
    ///
    /// - Parameter student: the key of its epoch.
    func pool(ofStudent student: RandomKey) -> ExperiencePool<Scalar> {
        var stream = RandomStream(student.derived("held out"))
        return stream.index(below: 10) == 0 ? heldOut : learned
    }

    var numbers: [Double] { [Double(learned.insertions), Double(heldOut.insertions), answerSquare] }

    var buffers: [ElementBuffer<Scalar>] { [learned.elements, heldOut.elements] }

    func prepare(_ numbers: [Double], elements: Int) {
        learned.restore(insertions: Int(numbers[0]))
        heldOut.restore(insertions: Int(numbers[1]))
        answerSquare = numbers[2]
    }
}
