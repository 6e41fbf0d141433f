import Foundation
import Optimizers
import TensorEngine

/// All that meta-training carries from one epoch to the next: a checkpoint is this and nothing else.
struct MetaTrainingState<Scalar: TensorScalar> {
    let blocks: CoordinateBlocks
    /// Padded to whole blocks.
    let metaParameters: ElementBuffer<Scalar>
    let optimizerState: ElementBuffer<Scalar>
    let bestMetaParameters: ElementBuffer<Scalar>
    /// The exponential average of the meta-parameters, which is what is evaluated and kept.
    let averageMetaParameters: ElementBuffer<Scalar>
    var bestLoss = Double.infinity
    var bestEpoch = 0
    var epoch = 0
    var lastMetaLoss = Double.nan

    init(_ optimizers: ParameterGroups, metaOptimizer: any Optimizer, key: RandomKey) {
        let count = optimizers.metaParameters.elementCount
        blocks = CoordinateBlocks(
            parameterCount: count, features: metaOptimizer.stateFeatures.reduce(0, +),
            isLearned: !metaOptimizer.metaParameters.isEmpty)
        metaParameters = ElementBuffer(count: blocks.paddedCount)
        optimizerState = ElementBuffer(count: blocks.stateCount)
        bestMetaParameters = ElementBuffer(count: count)
        averageMetaParameters = ElementBuffer(count: count)
        optimizers.initializeMetaParameters(metaParameters.start, key: key.derived("meta-parameters"))
        averageMetaParameters.start.update(from: metaParameters.start, count: count)
    }

    /// One step of the meta-optimizer.
    func update(
        _ program: UpdateProgram<Scalar>, _ metaOptimizer: any Optimizer, _ gradient: ElementBuffer<Scalar>, step: Int
    ) {
        let schedule = ElementBuffer(metaOptimizer.scheduleValues(step: step).map { Scalar($0) })
        let none = ElementBuffer<Scalar>(count: 0)
        program.run(
            .init(
                metaParameters: none.start, schedule: schedule.start, gradient: gradient.start,
                local: nil, parameters: metaParameters.start, state: optimizerState.start,
                newParameters: metaParameters.start, newState: optimizerState.start),
            on: SerialPieces())
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
            averageMetaParameters.start[index] += share * (metaParameters.start[index] - averageMetaParameters.start[index])
        }
    }

    private var buffers: [ElementBuffer<Scalar>] {
        [metaParameters, optimizerState, bestMetaParameters, averageMetaParameters]
    }

    /// The state as bytes: numbers, then the buffers' elements.
    func encoded() -> Data {
        var data = Data()
        for number in [Double(epoch), Double(bestEpoch), bestLoss, lastMetaLoss] {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        for buffer in buffers { data.append(Data(littleEndian: buffer.start, count: buffer.count)) }
        return data
    }

    /// Takes over a state that was encoded for the same optimizers in the same precision.
    mutating func restore(_ data: Data) throws {
        let width = MemoryLayout<Scalar>.size
        let expected = 32 + buffers.reduce(0) { $0 + $1.count } * width
        guard data.count == expected else {
            throw TrialFailure("the checkpoint has \(data.count) bytes, not \(expected): run with --fresh to start over")
        }
        func number(_ index: Int) -> Double {
            data.withUnsafeBytes { raw in
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
            }
        }
        (epoch, bestEpoch, bestLoss, lastMetaLoss) = (Int(number(0)), Int(number(1)), number(2), number(3))
        var start = data.startIndex + 32
        for buffer in buffers {
            let end = start + buffer.count * width
            let tensor = NamedTensor(
                name: "checkpoint", shape: [buffer.count], elementType: Scalar.elementType,
                bytes: data.subdata(in: start..<end))
            for (index, element) in try tensor.elements(as: Scalar.self).enumerated() { buffer.start[index] = element }
            start = end
        }
    }
}
