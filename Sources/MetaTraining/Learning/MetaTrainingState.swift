import Foundation
import Nouns
import Optimizers
import TensorEngine

/// All that meta-training carries from one epoch to the next: a checkpoint is this and nothing else.
struct MetaTrainingState<Scalar: TensorScalar> {
    /// Padded to what the meta-optimizer's steps need.
    let metaParameters: ElementBuffer<Scalar>
    let optimizerState: ElementBuffer<Scalar>
    let bestMetaParameters: ElementBuffer<Scalar>
    /// The exponential average of the meta-parameters, which is what is evaluated and kept.
    let averageMetaParameters: ElementBuffer<Scalar>
    var bestLoss = Double.infinity
    var bestEpoch = 0
    var epoch = 0
    var lastMetaLoss = Double.nan
    /// What the estimator keeps from problem to problem; nil where it keeps nothing.
    let memory: (any EstimatorMemory<Scalar>)?
    /// What the settings' safeguards remember; nil where there are none.
    var guarded: GuardedState<Scalar>?

    init(
        _ optimizers: ParameterGroups, _ update: MetaUpdate<Scalar>, _ settings: MetaTrainingSettings,
        memory: (any EstimatorMemory<Scalar>)?, key: RandomKey
    ) {
        let count = optimizers.metaParameters.elementCount
        metaParameters = ElementBuffer(count: update.count)
        optimizerState = ElementBuffer(count: update.stateCount)
        bestMetaParameters = ElementBuffer(count: count)
        averageMetaParameters = ElementBuffer(count: count)
        self.memory = memory
        guarded = GuardedState(settings, metaParameterCount: count, update)
        begin(optimizers, update, initial: settings.initial, key: key)
    }

    /// Begins at the first epoch of a start.
    ///
    /// - Parameter initial: meta-parameters to begin with, in place of those that the optimizers draw.
    mutating func begin(
        _ optimizers: ParameterGroups, _ update: MetaUpdate<Scalar>, initial: [Double]?, key: RandomKey
    ) {
        let count = averageMetaParameters.count
        (bestLoss, bestEpoch) = (.infinity, 0)
        update.initializeState(optimizerState)
        if let initial {
            precondition(initial.count == count, "other meta-parameters are wanted")
            for (index, value) in initial.enumerated() { metaParameters.start[index] = Scalar(value) }
        } else {
            optimizers.initializeMetaParameters(metaParameters.start, key: key.derived("meta-parameters"))
        }
        averageMetaParameters.start.update(from: metaParameters.start, count: count)
    }

    /// Moves the average towards the meta-parameters.
    ///
    /// - Parameter decay: how much of the average stays; in the first steps less does, so that it forgets its start.
    ///   Where nothing stays, the average becomes the meta-parameters, to the bit.
    func average(decay: Double, step: Int) {
        let share = Scalar(1 - min(decay, Double(step) / Double(step + 10)))
        if share == 1 {
            averageMetaParameters.start.update(from: metaParameters.start, count: averageMetaParameters.count)
            return
        }
        for index in 0..<averageMetaParameters.count {
            averageMetaParameters.start[index] +=
                share * (metaParameters.start[index] - averageMetaParameters.start[index])
        }
    }

    /// What one start differs in from another.
    var ownBuffers: [ElementBuffer<Scalar>] {
        [metaParameters, optimizerState, bestMetaParameters, averageMetaParameters]
    }

    private var numbers: [Double] {
        [Double(epoch), Double(bestEpoch), bestLoss, lastMetaLoss] + (guarded?.numbers ?? []) + (memory?.numbers ?? [])
    }

    func encoded() -> Data {
        StateBytes.encoded(numbers, ownBuffers + (guarded?.buffers ?? []) + (memory?.buffers ?? []))
    }

    /// Takes over a state that was encoded for the same optimizers and settings in the same precision.
    mutating func restore(_ data: Data) throws {
        let state = self
        let own = 4 + (guarded?.numbers.count ?? 0)
        let numbers = try StateBytes.restore(data, numbers: numbers.count) { numbers in
            state.memory?.prepare(Array(numbers.dropFirst(own)), elements: data.count / MemoryLayout<Scalar>.size)
            return state.ownBuffers + (state.guarded?.buffers ?? []) + (state.memory?.buffers ?? [])
        }
        (epoch, bestEpoch, bestLoss, lastMetaLoss) = (Int(numbers[0]), Int(numbers[1]), numbers[2], numbers[3])
        guarded?.numbers = Array(numbers[4..<own])
    }
}
