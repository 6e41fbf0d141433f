import Optimizers
import Problems
import TensorEngine

/// Learning by imitation: a student is trained by a guide, and the optimizer learns to answer to what it sees there with
/// what the guide does. A share of the students it trains itself, and the guide tells what it would do there.
///
/// Each meta-step goes on with the student for an unroll's steps, keeps some pairs of what is seen of a weight and the
/// answer that does what the guide did, and gives the gradient of the mean squared error on pairs drawn from a pool. Until
/// the pool is first full, nothing is learned; then means and deviations of all that is seen become the optimizer's shift
/// and scale, and stay. An optimizer that has learned before keeps its own.
final class ImitationEstimator<Scalar: TensorScalar>: MetaGradientEstimator {
    private let imitation: Imitation
    private let optimizer: any ImitatingOptimizer
    private let experience: Experience<Scalar>
    private let unroll: Unroll

    private let layout: ParameterLayout
    /// Steps of students that the guide leads, and of those that the optimizer does, if it leads any.
    private let guided: OptimizationStep<Scalar>
    private let own: OptimizationStep<Scalar>?
    /// Those of this student.
    private var leading: OptimizationStep<Scalar>

    private var key = RandomKey(seed: 0)
    private var pool: ExperiencePool<Scalar>
    private let state: InnerState<Scalar>
    private let before: ElementBuffer<Scalar>

    /// - Parameters:
    ///   - experience: of this student and all that were before it.
    ///   - unroll: the steps that a student takes between two meta-steps; none of its losses counts.
    init(
        _ problem: Problem, _ optimizer: any ImitatingOptimizer, _ imitation: Imitation,
        experience: Experience<Scalar>, _ unroll: Unroll
    ) throws {
        self.imitation = imitation
        self.optimizer = optimizer
        self.experience = experience
        pool = experience.learned
        self.unroll = unroll
        func demonstration(followsLearner: Bool) throws -> ParameterLayout {
            let optimizer = Demonstration(by: imitation.guide, to: optimizer, followsLearner: followsLearner)
            return try ParameterLayout(problem, ParameterGroups(optimizer))
        }
        layout = try demonstration(followsLearner: false)
        let optimizee = try Optimizee<Scalar>(problem, layout)
        guided = OptimizationStep(optimizee, OptimizerStep(layout, problem))
        own =
            imitation.ownShare > 0
            ? OptimizationStep(optimizee, OptimizerStep(try demonstration(followsLearner: true), problem)) : nil
        leading = guided
        state = guided.makeState()
        before = ElementBuffer(count: layout.count)
    }

    /// Shift and scale, the first two; all, until there is something to learn from.
    var heldTensors: Int { experience.learned.isFull ? 2 : optimizer.metaParameters.count }

    func start(key: RandomKey) {
        self.key = key
        pool = experience.pool(ofStudent: key)
        var stream = RandomStream(key.derived("who leads"))
        let isOwn = stream.uniform() < imitation.ownShare && experience.answerSquare > 0
        leading = isOwn ? own ?? guided : guided
        leading.begin(state, key: key)
    }

    func run(
        metaParameters: ElementBuffer<Scalar>, metaGradient: ElementBuffer<Scalar>, on executor: any PieceExecutor
    ) -> Double {
        for _ in 0..<unroll.length { advance(metaParameters, on: executor) }
        metaGradient.clear()
        guard experience.learned.isFull else { return 1 }
        if experience.answerSquare == 0 { takeMeasure(metaParameters) }
        var stream = RandomStream(key.derived("imitated pairs", UInt64(state.step)))
        let chosen = (0..<imitation.batchSize).map { _ in stream.index(below: experience.learned.count) }
        return experience.regression.gradient(
            metaParameters, experience.learned, chosen, answerSquare: experience.answerSquare, to: metaGradient,
            on: executor)
    }

    func errors(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) -> ImitationErrors? {
        experience.regression.errors(metaParameters, experience.heldOut, on: executor)
    }

    /// One step of the student, of which some pairs are kept.
    private func advance(_ metaParameters: ElementBuffer<Scalar>, on executor: any PieceExecutor) {
        before.copy(from: state.parameters)
        leading.step(state, metaParameters: metaParameters, on: executor)
        keepPairs()
    }

    /// Keeps pairs of coordinates that are drawn from every parameter alike, however large it is.
    private func keepPairs() {
        var stream = RandomStream(key.derived("kept pairs", UInt64(state.step - 1)))
        let shapes = layout.parameters.map(\.shape)
        let (place, rows) = (layout.groups[0], optimizer.observedRows)
        // The last of the state are what is seen and what the guide makes of the value.
        let (length, first) = (place.blocks.length, place.blocks.features - rows - 1)
        for _ in 0..<imitation.pairsPerStep {
            let parameter = stream.index(below: shapes.count)
            let coordinate = layout.offsets[parameter] + stream.index(below: shapes[parameter].count)
            let (block, lane) = coordinate.quotientAndRemainder(dividingBy: length)
            let seen = state.optimizerState.start + place.blocks.stateOffset(block) + first * length + lane
            let answer = Scalar(
                optimizer.answer(turning: Double(before.start[coordinate]), into: Double(seen[rows * length])))
            // Of a student that diverges there is nothing to learn.
            guard answer.isFinite, (0..<rows).allSatisfy({ seen[$0 * length].isFinite }) else { continue }
            let pair = pool.insert(&stream)
            for row in 0..<rows { pair[row] = seen[row * length] }
            pair[rows] = answer
        }
    }

    /// By the pool, now that it is full.
    private func takeMeasure(_ metaParameters: ElementBuffer<Scalar>) {
        let (means, deviations, answerSquare) = experience.learned.statistics()
        experience.answerSquare = max(answerSquare, 1e-30)
        guard experience.setsNormalization else { return }
        let rows = optimizer.observedRows
        for row in 0..<rows {
            metaParameters.start[row] = Scalar(-means[row] / deviations[row])
            metaParameters.start[rows + row] = Scalar(1 / deviations[row])
        }
    }
}
