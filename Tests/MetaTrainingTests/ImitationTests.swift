import Foundation
import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Learning by imitation")
struct ImitationTests {
    private func training<Scalar: TensorScalar>(
        _: Scalar.Type = Float.self, of teacher: TeacherOptimizer,
        guide: any CoordinatewiseOptimizer = GradientDescent(learningRate: 0.1),
        architecture: Architecture = .random(layers: 1...2, units: 2...8), epochs: Int, poolSize: Int = 400,
        metaOptimizer: (any CoordinatewiseOptimizer)? = nil, initial: [Double]? = nil
    ) -> MetaTrainingTrial<Scalar> {
        MetaTrainingTrial(
            family: ClassificationFamily(
                datasets: DatasetPool([Quarters.dataset]), architecture: architecture, activation: .tanh,
                initialization: .glorot, batchSize: 8),
            optimizers: ParameterGroups(teacher),
            settings: MetaTrainingSettings(
                EpochSchedule(epochs: epochs, epochLength: 10, unrollLength: 2),
                metaOptimizer: MetaOptimizer(
                    metaOptimizer ?? Adam(learningRate: LearningRate(0.01, schedule: .init(.cosine), steps: 5 * epochs))
                ),
                estimation: .imitation(
                    Imitation(guide: guide, poolSize: poolSize, pairsPerStep: 20, batchSize: 64)),
                initial: initial, gradientClip: nil, averaging: 0, evaluationEvery: 10, evaluationEpochs: 1))
    }

    private let seeing = TeacherOptimizer(localInputs: [], looksAtGradient: true, hidden: [16], outputScale: 0.01)
    private let blind = TeacherOptimizer(localInputs: [], hidden: [16], outputScale: 0.01)

    /// What gradient descent does follows from the gradient, and from the weight's value next to nothing. Students, and
    /// so what is held out, are of many architectures.
    @Test func aTeacherThatSeesTheGradientImitatesGradientDescent() throws {
        func determination(_ teacher: TeacherOptimizer) throws -> [Double] {
            let record = Record()
            _ = try training(of: teacher, epochs: 150, poolSize: 2000).run(seed: 1, record.context())
            let metaLosses = record.points(.metaLoss)
            #expect(metaLosses.count == 750)
            // 20 pairs of 10 steps an epoch: until there are 2,000 of them, nothing is learned.
            #expect(metaLosses.prefix(49).allSatisfy { $0 == 1 })
            let histogram = record.points(.errorHistogram)
            #expect(histogram.count == 26 && abs(histogram.reduce(0, +) - 1) < 1e-9)
            #expect(record.points(.medianError).last! <= record.points(.maximumError).last!)
            return record.points(.determination)
        }
        let found = try determination(seeing)
        #expect(found.last! > 0.97)
        #expect(found.last! > found.first!)
        #expect(try determination(blind).last! < 0.3)
    }

    /// In units of the answers' root mean square, which an untrained network is far from.
    @Test func theMetaLossIsRelativeToWhatIsImitated() throws {
        let still = GradientDescent(learningRate: 0.0)
        for rate in [1e-4, 1.0] {
            let record = Record()
            let teacher = TeacherOptimizer(localInputs: [], looksAtGradient: true, hidden: [4], outputScale: rate)
            _ = try training(
                Double.self, of: teacher, guide: GradientDescent(learningRate: LearningRate(rate)), epochs: 20,
                metaOptimizer: still
            ).run(seed: 1, record.context())
            #expect(record.points(.metaLoss).last! > 0.3)
        }
    }

    /// Students' sizes change from epoch to epoch; the pool goes on through all of them.
    @Test func resumedTrainingGivesTheSameBitsOnAnyThreads() throws {
        let training: MetaTrainingTrial<Float> = training(of: seeing, epochs: 30)
        let straight = Record()
        let expected = try training.run(seed: 1, straight.context())
        #expect(straight.points(.determination).count == 3)
        // Within the pool's filling, right after it, and when pairs have long been replaced.
        for limit in [7, 22, 83] {
            let first = Record()
            #expect(throws: CancellationError.self) { try training.run(seed: 1, first.context(cancelAfter: limit)) }
            let checkpoint = try #require(first.lastCheckpoint)
            #expect(checkpoint.step == limit / 5 * 5)
            let second = Record()
            let outcome = try training.run(seed: 1, resuming: checkpoint.data, second.context(on: ConcurrentPieces()))
            #expect(outcome == expected)
            #expect(Array(straight.points(.metaLoss)[checkpoint.step...]) == second.points(.metaLoss))
            #expect(second.points(.errorHistogram) == straight.points(.errorHistogram))
        }
    }

    @Test func studentsWhoseArchitecturesChangeShareThePool() throws {
        let architecture = Architecture.random(layers: 1...2, units: 2...8)
        let drawn = (0..<30).map { architecture.hiddenLayers(RandomKey(seed: 1).derived("epoch", $0)) }
        #expect(Set(drawn).count > 10)
        let record = Record()
        _ = try training(of: seeing, architecture: architecture, epochs: 30).run(seed: 1, record.context())
        #expect(record.points(.metaLoss).suffix(10).allSatisfy { $0.isFinite && $0 < 1 })
    }

    private func elements(_ outcome: MetaTrainingTrial<Float>.Outcome) -> [Float] {
        outcome.metaParameters.flatMap { $0.elements(as: Float.self) }
    }

    /// Shift and scale are found once, when the pool is full, and a meta-optimizer that changes what has no gradient
    /// changes neither them nor, before, anything.
    @Test func shiftAndScaleAreHeld() throws {
        let shrinking = Adam(learningRate: 0.01, weightDecay: 1)
        func learned(epochs: Int) throws -> [Float] {
            try elements(
                training(of: seeing, epochs: epochs, metaOptimizer: shrinking).run(seed: 1, Record().context()))
        }
        // The pool of 400 is full after two epochs of 200 pairs, or some more where students are held out.
        let (before, after, later) = (try learned(epochs: 1), try learned(epochs: 10), try learned(epochs: 19))
        let drawn = ElementBuffer<Float>(count: before.count)
        seeing.initializeMetaParameters(drawn.start, key: RandomKey(seed: 1).derived("meta-parameters"))
        #expect(before == drawn.elements)
        #expect(after[6...] != drawn.elements[6...])
        #expect(after[3..<6].allSatisfy { $0 > 0 && $0 != 1 })
        #expect(later.prefix(6) == after.prefix(6))
    }

    /// What has learned before begins as it is.
    @Test func anOptimizerThatLearnedKeepsItsShiftAndScale() throws {
        let learned = try elements(training(of: seeing, epochs: 20).run(seed: 1, Record().context()))
        let still = GradientDescent(learningRate: 0.0)
        let again = try elements(
            training(of: seeing, epochs: 10, metaOptimizer: still, initial: learned.map(Double.init))
                .run(seed: 2, Record().context()))
        #expect(again == learned)
    }

    /// About every tenth student is never learned from.
    @Test func studentsAreHeldOut() {
        let experience = Experience<Float>(
            Imitation(guide: GradientDescent(learningRate: 0.1), poolSize: 40, pairsPerStep: 1, batchSize: 1),
            of: seeing,
            isNew: true)
        let heldOut = (0..<2000).count { experience.pool(ofStudent: RandomKey(seed: $0)) === experience.heldOut }
        #expect((140...260).contains(heldOut))
        #expect(experience.learned.capacity == 40 && experience.heldOut.capacity == 10)
    }

    @Test(arguments: [
        (TeacherOptimizer(localInputs: [], looksAtExamples: true), "perSample"),
        (TeacherOptimizer(localInputs: [], recurrentUnits: 2), "recurrentUnits"),
        (RecurrentOptimizer(layers: [2]) as any CoordinatewiseOptimizer, #"of the kind "teacher""#),
    ]) func othersCannotImitate(_ optimizer: any CoordinatewiseOptimizer, word: String) {
        let imitation = Imitation(
            guide: GradientDescent(learningRate: 0.1), poolSize: 40, pairsPerStep: 1, batchSize: 1)
        let estimation = MetaGradientEstimation.imitation(imitation)
        let error = #expect(throws: TrialFailure.self) {
            let _: (any EstimatorMemory<Float>)? = try estimation.memory(ParameterGroups(optimizer), isNew: true)
        }
        #expect(error?.description.contains(word) == true)
    }
}
