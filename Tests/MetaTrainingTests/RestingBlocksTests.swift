import Optimizers
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Blocks that rest")
struct RestingBlocksTests {
    private static let optimizers: [(String, any Optimizer)] = [
        ("two layers", RecurrentOptimizer(layers: [4, 3], inputs: .logAndSign(k: 5), outputScale: 0.1)),
        ("linear", RecurrentOptimizer(layers: [], inputs: .logAndSign(k: 10), outputScale: 0.01)),
        ("fixed lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .fixed(-0.05))),
        ("learned lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .learned)),
        ("rnnprop", RelativeGradientOptimizer(preprocessing: 3, layers: [4, 3])),
    ]

    /// Blocks that never wake, wake in the middle or never rest, and one that isn't full; two epochs of them.
    @Test(arguments: optimizers.indices) func updateToTheSameBits(_ index: Int) throws {
        let (name, optimizer) = Self.optimizers[index]
        let blocks = CoordinateBlocks(
            parameterCount: 4 * 64 + 10, features: optimizer.stateFeatures.reduce(0, +), isLearned: true)
        let program = UpdateProgram<Float>(optimizer, blocks: blocks, localRows: 0)
        let resting = try #require(program.makeRestingBlocks())
        var stream = RandomStream(RandomKey(seed: 9))
        func normals(_ count: Int) -> [Float] { (0..<count).map { _ in Float(stream.normal()) } }
        let metaParameters = ElementBuffer(normals(optimizer.metaParameters.elementCount).map { 0.3 * $0 })
        let schedule = ElementBuffer<Float>(count: max(optimizer.scheduleCount, 1))
        for _ in 0..<2 {
            let start = normals(blocks.paddedCount)
            let (parameters, plain) = (ElementBuffer(start), ElementBuffer(start))
            let states = (0..<2).map { _ in ElementBuffer<Float>(count: max(blocks.stateCount, 1)) }
            resting.start()
            for step in 1...8 {
                for (index, value) in optimizer.scheduleValues(step: step).enumerated() {
                    schedule.start[index] = Float(value)
                }
                var gradient = normals(blocks.paddedCount)
                for block in [0, 1, 4] where block == 0 || step < 4 + block {
                    for index in block * 64..<(block + 1) * 64 { gradient[index] = 0 }
                }
                if step == 5 { gradient[64 + 30] = .leastNonzeroMagnitude }
                let gradients = ElementBuffer(gradient)
                for (vector, state, resting) in [(parameters, states[0], resting), (plain, states[1], nil)] {
                    program.run(
                        .init(
                            metaParameters: metaParameters.start, schedule: schedule.start, gradient: gradients.start,
                            parameters: vector.start, state: state.start, newParameters: vector.start,
                            newState: state.start),
                        resting: resting, on: ConcurrentPieces())
                }
                #expect((0..<5).map(resting.rests) == [true, step < 5, false, false, step < 8])
                #expect(parameters.elements == plain.elements, "\(name), step \(step)")
                #expect(states[0].elements == states[1].elements, "\(name), step \(step)")
            }
        }
    }

    /// Coordinates that differ without a gradient, and those that have to do with each other.
    @Test func areNotFoundWhereCoordinatesDiffer() {
        let optimizers: [any Optimizer] = [
            Adam(learningRate: LearningRate(1)), TeacherOptimizer(localInputs: [LocalInput("weight", rows: 2)]),
            RecurrentOptimizer(layers: [4, 3], averagingCells: 2, inputs: .identity, outputScale: 0.1),
            PerceptronOptimizer(hidden: [6, 5], outputScale: 0.1, exponentScale: 0.5),
        ]
        for optimizer in optimizers {
            let features = optimizer.stateFeatures.reduce(0, +)
            let blocks = CoordinateBlocks(parameterCount: 100, features: features, isLearned: true)
            let rows = optimizer.localRows(examples: 1)
            let program = UpdateProgram<Float>(optimizer, blocks: blocks, localRows: rows)
            #expect(program.makeRestingBlocks() == nil)
        }
    }
}
