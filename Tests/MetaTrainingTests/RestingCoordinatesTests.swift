import Optimizers
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("Coordinates that rest")
struct RestingCoordinatesTests {
    private static let optimizers: [(String, any CoordinatewiseOptimizer)] = [
        ("two layers", RecurrentOptimizer(layers: [4, 3], inputs: .logAndSign(k: 5), outputScale: 0.1)),
        ("linear", RecurrentOptimizer(layers: [], inputs: .logAndSign(k: 10), outputScale: 0.01)),
        ("fixed lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .fixed(-0.05))),
        ("learned lambda", RecurrentOptimizer(layers: [4], outputScale: 0.1, feedback: .learned)),
        ("rnnprop", RelativeGradientOptimizer(preprocessing: 3, layers: [4, 3])),
    ]

    /// Coordinates that never wake, wake alone or in rows at any step, or never rest; three epochs of them, in two
    /// vectors of state by turns.
    @Test(arguments: optimizers.indices) func updateToTheSameBits(_ index: Int) throws {
        let (name, optimizer) = Self.optimizers[index]
        let blocks = CoordinateBlocks(
            parameterCount: 4 * 64 + 10, features: optimizer.stateFeatures.reduce(0, +), isLearned: true)
        let program = UpdateProgram<Float>(optimizer, blocks: blocks, localRows: 0)
        let resting = try #require(program.makeRestingCoordinates())
        var stream = RandomStream(RandomKey(seed: 9))
        func normals(_ count: Int) -> [Float] { (0..<count).map { _ in Float(stream.normal()) } }
        let metaParameters = ElementBuffer(normals(optimizer.metaParameters.elementCount).map { 0.3 * $0 })
        let schedule = ElementBuffer<Float>(count: max(optimizer.scheduleCount, 1))
        for epoch in 0..<3 {
            let start = normals(blocks.parameterCount) + [Float](repeating: 0, count: 54)
            var (parameters, newParameters) = (ElementBuffer(start), ElementBuffer(start))
            let plain = ElementBuffer(start)
            let plainState = ElementBuffer<Float>(count: max(blocks.stateCount, 1))
            var states = (0..<2).map { _ in CoordinateStates<Float>(blocks, canRest: true) }
            states[0].start()
            resting.slots.start()
            // Rows of twenty wake together, and each seventh coordinate on its own; some never do.
            let rows = (0..<14).map { _ in 1 + stream.index(below: 10) }
            var wakes = (0..<blocks.parameterCount).map { $0 % 7 == 0 ? 1 + stream.index(below: 10) : rows[$0 / 20] }
            if epoch == 1 {
                // The first block's slots begin with coordinate 0 and end with 63, and are no row.
                for coordinate in wakes.indices { wakes[coordinate] = 3 + stream.index(below: 8) }
                for coordinate in Array(0..<30) + [100] { wakes[coordinate] = 1 }
                for coordinate in 31..<64 { wakes[coordinate] = 2 }
            } else if epoch == 2 {
                // Two whole blocks of neighbours, which are no block of the parameter vector.
                for coordinate in wakes.indices { wakes[coordinate] = coordinate < 5 ? 3 : coordinate < 133 ? 1 : 4 }
            }
            for step in 1...8 {
                for (index, value) in optimizer.scheduleValues(step: step).enumerated() {
                    schedule.start[index] = Float(value)
                }
                var gradient = normals(blocks.parameterCount) + [Float](repeating: 0, count: 54)
                for coordinate in wakes.indices where step < wakes[coordinate] { gradient[coordinate] = 0 }
                for coordinate in wakes.indices where step == wakes[coordinate] && coordinate % 3 == 0 {
                    gradient[coordinate] = coordinate % 2 == 0 ? .leastNonzeroMagnitude : -0.0
                }
                let gradients = ElementBuffer(gradient)
                func vectors(
                    _ old: ElementBuffer<Float>, _ new: ElementBuffer<Float>, _ state: ElementBuffer<Float>,
                    _ newState: ElementBuffer<Float>
                ) -> UpdateProgram<Float>.Vectors {
                    .init(
                        metaParameters: metaParameters.start, schedule: schedule.start, gradient: gradients.start,
                        parameters: old.start, state: state.start, newParameters: new.start, newState: newState.start)
                }
                program.run(vectors(plain, plain, plainState, plainState), on: ConcurrentPieces())
                let inPlace = step % 3 == 0
                let (newVector, newStates) = inPlace ? (parameters, states[0]) : (newParameters, states[1])
                program.run(
                    vectors(parameters, newVector, states[0].slots, newStates.slots), resting: resting,
                    from: states[0], to: newStates, on: ConcurrentPieces())
                if !inPlace {
                    swap(&parameters, &newParameters)
                    states.swapAt(0, 1)
                }
                if step == 4 {
                    states[1].takeOver(states[0], sorting: resting.slots)
                    states.swapAt(0, 1)
                }
                for coordinate in 0..<blocks.parameterCount {
                    let slot = Int(resting.slots.ofCoordinates[coordinate])
                    #expect((slot < 0) == (step < wakes[coordinate]))
                    #expect(parameters.start[coordinate] == plain.start[coordinate], "\(name), step \(step)")
                    let found = states[0].start(ofSlot: slot)
                    let (block, lane) = coordinate.quotientAndRemainder(dividingBy: 64)
                    let expected = plainState.start + blocks.stateOffset(block) + lane
                    for feature in 0..<blocks.features {
                        #expect(found[feature * 64] == expected[feature * 64], "\(name), step \(step)")
                    }
                }
            }
        }
    }

    /// What has no slot yet was in the state of those that rest.
    @Test func earlierStatesKeepWhatRested() {
        let blocks = CoordinateBlocks(parameterCount: 200, features: 2, isLearned: true)
        let before = CoordinateStates<Float>(blocks, canRest: true)
        let after = CoordinateStates<Float>(blocks, canRest: true)
        before.start()
        for index in 0..<128 { before.resting.start[index] = index < 64 ? 3 : 4 }
        before.open(1)
        after.willBeWritten(blocks: 2)
        for slot in [-1, 5, 63, 64, 199] {
            #expect(before.start(ofSlot: slot).pointee == 3)
            #expect(before.start(ofSlot: slot)[64] == 4)
        }
        #expect(after.start(ofSlot: 64) == after.slots.start + 128)
        #expect(after.start(ofSlot: 128) == after.resting.start)
    }

    /// Coordinates that differ without a gradient.
    @Test func areNotFoundWhereCoordinatesDiffer() {
        let optimizers: [any CoordinatewiseOptimizer] = [
            Adam(learningRate: LearningRate(1)), TeacherOptimizer(localInputs: [LocalInput("weight", rows: 2)]),
        ]
        for optimizer in optimizers {
            let features = optimizer.stateFeatures.reduce(0, +)
            let blocks = CoordinateBlocks(parameterCount: 100, features: features, isLearned: true)
            let rows = optimizer.localRows(examples: 1)
            let program = UpdateProgram<Float>(optimizer, blocks: blocks, localRows: rows)
            #expect(program.makeRestingCoordinates() == nil)
        }
    }
}
