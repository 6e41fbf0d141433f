import AllocationCounter
import Datasets
import Optimizers
import Problems
import TensorEngine
import Testing

@testable import MetaTraining

@Suite("No allocation while a plan runs", .enabled(if: allocationsAreCounted() != 0))
struct AllocationTests {
    /// How many times `body` allocates on this thread.
    private func allocations(_ body: () -> Void) -> Int {
        let before = allocationsOfThisThread()
        body()
        return allocationsOfThisThread() - before
    }

    /// How many times a plan's runs allocate when it has run before, on inputs and outputs of ones.
    private func allocations(running plan: Plan<Float>) -> Int {
        let memory = plan.makeMemory()
        let inputs = plan.inputShapes.map { ElementBuffer([Float](repeating: 1, count: $0?.count ?? 1)) }
        let outputs = plan.outputShapes.map { ElementBuffer<Float>(count: $0.count) }
        for (index, input) in inputs.enumerated() { memory.bind(input: index, to: input.start) }
        for (index, output) in outputs.enumerated() { memory.bind(output: index, to: output.start) }
        // Plans are bound to addresses, which keep nothing alive.
        return withExtendedLifetime((inputs, outputs)) {
            plan.run(memory)
            return allocations { for _ in 0..<10 { plan.run(memory) } }
        }
    }

    @Test func allocationsAreSeen() {
        #expect(allocations { ElementBuffer<Float>(count: 1).clear() } >= 2)
        #expect(allocations { _ = (0..<10).map { _ in ElementBuffer<Float>(count: 1000) } } >= 20)
        #expect(allocations {} == 0)
    }

    @Test func aLearnedOptimizersGradientAllocatesNothing() {
        let optimizer = RecurrentOptimizer(layers: [6, 4])
        let shapes = optimizer.metaParameters.map(\.shape)
        let stateShapes = optimizer.stateFeatures.map { Shape([$0, 40]) }
        let plan = Plan<Float>(
            .tracing(shapes + [[1, 40], [1, 40]] + stateShapes) { inputs in
                let metaParameters = Array(inputs.prefix(shapes.count))
                let rest = Array(inputs.dropFirst(shapes.count))
                let updated = optimizer.update(
                    Coordinates(parameter: rest[0], gradient: rest[1], state: Array(rest[2...]), schedule: []),
                    metaParameters: metaParameters)
                return [updated.parameter]
                    + gradient(of: updated.parameter.squared().sum(), withRespectTo: metaParameters)
            })
        #expect(allocations(running: plan) == 0)
    }

    @Test(arguments: Activation.allCases) func aStudentsGradientAllocatesNothing(_ activation: Activation) {
        let student = Student(inputs: 70, hidden: [20, 20], classes: 10, activation: activation)
        let shapes = student.parameters.map(\.shape)
        let plan = Plan<Float>(
            .tracing(shapes + [[33, 70], [33, 10]]) { inputs in
                let weights = Array(inputs.prefix(shapes.count))
                let batch = Array(inputs.dropFirst(shapes.count))
                let loss = Classification(student).loss(ObjectiveInputs(weights, batch: batch))
                return [loss] + gradient(of: loss, withRespectTo: weights)
            })
        #expect(allocations(running: plan) == 0)
    }

    @Test(arguments: [false, true]) func aMetaStepAllocatesNothing(_ secondDerivatives: Bool) {
        let key = RandomKey(seed: 3)
        let split = Split(
            features: 64, images: (0..<64 * 50).map { UInt8($0 % 251) }, labels: (0..<50).map { UInt8($0 % 10) })
        let dataset = Dataset(
            name: "stripes", origin: .synthetic(seed: 0), checksum: "", classes: 10, shape: [8, 8], training: split,
            test: split)
        let problem = Problem.classification(
            dataset: dataset, student: Student(inputs: 64, hidden: [8], classes: 10), batchSize: 128)
        let optimizer = RecurrentOptimizer(layers: [4])
        let unroll = BlockedUnroll<Float>(problem, optimizer, Unroll(5), secondDerivatives: secondDerivatives)
        let metaParameters = ElementBuffer<Float>(count: optimizer.metaParameters.elementCount)
        let metaGradient = ElementBuffer<Float>(count: metaParameters.count)
        optimizer.initializeMetaParameters(metaParameters.start, key: key)
        unroll.start(key: key)
        func metaStep() {
            _ = unroll.run(metaParameters: metaParameters, metaGradient: metaGradient, on: SerialPieces())
        }
        metaStep()
        #expect(allocations(metaStep) == 0)
    }

    /// Neither plain ones nor prepared ones.
    @Test(arguments: [
        PicturePreparation(), PicturePreparation(augmentation: .cifar, standardization: .image),
    ]) func fillingAMinibatchAllocatesNothing(_ preparation: PicturePreparation) {
        let problem = Problem.classification(
            dataset: Quarters.dataset, student: Student(inputs: 16, hidden: [], classes: 4), batchSize: 100,
            preparation: preparation)
        let buffers = problem.data.shapes(of: .minibatch(step: 0)).map { ElementBuffer<Float>(count: $0.count) }
        let tensors = buffers.map(TensorElements.init)
        func fill() { problem.data.fill(tensors, .minibatch(step: 3), key: RandomKey(seed: 1)) }
        fill()
        #expect(allocations(fill) == 0)
    }
}
