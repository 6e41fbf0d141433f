import Optimizers
import TensorEngine

/// The backward pass through a few consecutive steps of an optimizer, for one block of coordinates.
///
/// The derivative of the meta-loss by the parameters after a step begins with the gradient of the loss there, which
/// the forward pass has computed anyway. With derivatives of the optimizee's gradient dropped, that is all, and each
/// coordinate can be walked back on its own through all steps, from the gradients it saw; everything in between is
/// recomputed in cache and forgotten. With them, one step is walked back at a time, and what flows to the gradient is
/// handed out, to be multiplied by the optimizee's Hessian.
struct ChunkPullback<Scalar: TensorScalar>: Sendable {
    let steps: Int
    private let givesGradientCotangent: Bool
    private let plan: Plan<Scalar>
    private let workspaces: LendingPool<Workspace>
    private let shared: SharedValues<Scalar>
    /// From what blocks add up to the meta-gradient.
    let toMetaParameters: SharedPullback<Scalar>
    private let stateFeatures: [Int]
    private let scheduleCount: Int
    private let localRows: Int
    private let metaOffsets: [Int]

    /// - Parameters:
    ///   - steps: how many steps one run goes back.
    ///   - localRows: how many numbers the optimizer is told of each coordinate.
    ///   - givesGradientCotangent: whether the derivative by the first step's gradient is put out too.
    init(
        _ optimizer: any CoordinatewiseOptimizer, steps: Int, blockLength: Int, localRows: Int,
        givesGradientCotangent: Bool
    ) {
        self.steps = steps
        self.givesGradientCotangent = givesGradientCotangent
        stateFeatures = optimizer.stateFeatures
        scheduleCount = optimizer.scheduleCount
        metaOffsets = optimizer.metaParameters.offsets
        self.localRows = localRows
        let row: Shape = [1, blockLength]
        let stateShapes = optimizer.stateFeatures.map { Shape([$0, blockLength]) }
        let trace = Trace()
        let metaParameters = optimizer.metaParameters.map { trace.input($0.shape) }
        let schedules = (0..<steps).map { _ in (0..<optimizer.scheduleCount).map { _ in trace.input(.scalar) } }
        let weights = (0..<steps).map { _ in trace.input(.scalar) }
        let gradients = (0...steps).map { _ in trace.input(row) }
        let locals = (0..<steps).map { _ in localRows > 0 ? trace.input([localRows, blockLength]) : nil }
        let start = trace.input(row)
        let startState = stateShapes.map { trace.input($0) }
        let cotangent = trace.input(row)
        let stateCotangents = stateShapes.map { trace.input($0) }

        var parameter = start
        var state = startState
        var visited: [Tensor] = []
        for step in 0..<steps {
            let updated = optimizer.update(
                Coordinates(
                    parameter: parameter, gradient: gradients[step], local: locals[step], state: state,
                    schedule: schedules[step]),
                metaParameters: metaParameters)
            (parameter, state) = (updated.parameter, updated.state)
            visited.append(parameter)
        }
        var losses = zip(gradients.dropFirst(), weights).map(*)
        losses[steps - 1] = losses[steps - 1] + cotangent
        let read = trace.frontier(of: metaParameters, before: visited + state)
        let sums = read.map { trace.input($0.shape) }
        let pulled = pullback(
            of: visited + state, cotangents: losses + stateCotangents,
            withRespectTo: read + [start] + startState + (givesGradientCotangent ? [gradients[0]] : []),
            independently: true)
        let count = read.count
        let totals = zip(sums, pulled).map { $0 + $1 }
        let graph = trace.graph(outputs: totals + Array(pulled[count...])).hoisting(0..<metaParameters.count)
        shared = SharedValues(graph.shared, metaOffsets: metaOffsets)
        // Sums and cotangents are updated in place.
        let cotangentInput =
            metaParameters.count + steps * (scheduleCount + 1) + steps + 1 + (localRows > 0 ? steps : 0) + 1
            + stateShapes.count
        let sumInput = cotangentInput + 1 + stateShapes.count
        let updating =
            (0..<count).map { ($0, sumInput + $0) } + (0...stateShapes.count).map { (count + $0, cotangentInput + $0) }
        toMetaParameters = SharedPullback(
            of: read, cotangents: sums, firstInput: sumInput, metaParameters: metaParameters, metaOffsets: metaOffsets,
            in: trace)
        plan = Plan(graph.rest, updating: Dictionary(uniqueKeysWithValues: updating))
        let features = stateFeatures.reduce(0, +)
        let cotangents = blockLength * (1 + features)
        workspaces = LendingPool { [plan] in
            Workspace(
                memory: plan.makeMemory(), cotangent: ElementBuffer(count: cotangents),
                gathered: GatheredBlock(length: blockLength, features: features, steps: steps, localRows: localRows))
        }
    }

    /// Says with which meta-parameters the next runs go back. No run may be under way.
    func prepare(_ metaParameters: UnsafeMutablePointer<Scalar>) { shared.update(metaParameters) }

    /// What runs on one thread work in.
    final class Workspace {
        let memory: PlanMemory<Scalar>
        /// Room for the derivatives by one block's parameters and state, while it is walked back.
        let cotangent: ElementBuffer<Scalar>
        let gathered: GatheredBlock<Scalar>

        init(memory: PlanMemory<Scalar>, cotangent: ElementBuffer<Scalar>, gathered: GatheredBlock<Scalar>) {
            self.memory = memory
            self.cotangent = cotangent
            self.gathered = gathered
        }
    }

    /// Lends the workspace of one thread to `body`.
    func withWorkspace(_ body: (Workspace) -> Void) { workspaces.withValue(body) }

    /// What one run reads of its block.
    struct Source {
        /// Parameters and state before the first step.
        var parameters: UnsafeMutablePointer<Scalar>
        var state: UnsafeMutablePointer<Scalar>
        /// The gradient at the chunk's first step; those of the next steps follow at a stride.
        var gradients: UnsafeMutablePointer<Scalar>
        var gradientStride: Int
        /// What the optimizer is told of the block beside, in the same way, if it is.
        var locals: UnsafeMutablePointer<Scalar>?
        var localStride: Int

        /// From the first block to another one.
        mutating func advance(to block: Int, of blocks: CoordinateBlocks, localRows: Int) {
            let start = block * blocks.length
            parameters += start
            state += blocks.stateOffset(block)
            gradients += start
            locals = locals.map { $0 + start * localRows }
        }
    }

    /// What one run reads and writes for its block.
    struct Vectors {
        var metaParameters: UnsafeMutablePointer<Scalar>
        /// The sum of derivatives by what blocks read of the meta-parameters, to which this block's are added.
        var sums: UnsafeMutablePointer<Scalar>
        /// Schedule values of the chunk's first step; those of the next steps follow.
        var schedule: UnsafeMutablePointer<Scalar>
        /// How much the loss after the chunk's first step counts; those of the next steps follow.
        var weights: UnsafeMutablePointer<Scalar>
        var block: Source
        /// The derivative of all later losses by the parameters and the state after the last step; afterwards, by those
        /// before the first.
        var cotangent: UnsafeMutablePointer<Scalar>
        var stateCotangent: UnsafeMutablePointer<Scalar>
        /// The derivative by the first step's gradient, where it is asked for.
        var gradientCotangent: UnsafeMutablePointer<Scalar>?
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(_ vectors: Vectors, _ memory: PlanMemory<Scalar>, blockLength: Int) {
        shared.bind(to: memory)
        for (index, offset) in metaOffsets.enumerated() {
            memory.bind(input: index, to: vectors.metaParameters + offset)
        }
        let count = toMetaParameters.offsets.count
        var input = metaOffsets.count
        for index in 0..<steps * scheduleCount {
            memory.bind(input: input, to: vectors.schedule + index)
            input += 1
        }
        for step in 0..<steps {
            memory.bind(input: input, to: vectors.weights + step)
            input += 1
        }
        for step in 0...steps {
            memory.bind(input: input, to: vectors.block.gradients + step * vectors.block.gradientStride)
            input += 1
        }
        if let locals = vectors.block.locals {
            for step in 0..<steps {
                memory.bind(input: input, to: locals + step * vectors.block.localStride)
                input += 1
            }
        }
        memory.bind(input: input, to: vectors.block.parameters)
        memory.bind(output: count, to: vectors.cotangent)
        let stateInput = input + 1
        let cotangentInput = stateInput + stateFeatures.count
        memory.bind(input: cotangentInput, to: vectors.cotangent)
        var offset = 0
        for (index, features) in stateFeatures.enumerated() {
            memory.bind(input: stateInput + index, to: vectors.block.state + offset)
            memory.bind(input: cotangentInput + 1 + index, to: vectors.stateCotangent + offset)
            memory.bind(output: count + 1 + index, to: vectors.stateCotangent + offset)
            offset += features * blockLength
        }
        let sumInput = cotangentInput + 1 + stateFeatures.count
        for (index, offset) in toMetaParameters.offsets.enumerated() {
            memory.bind(input: sumInput + index, to: vectors.sums + offset)
            memory.bind(output: index, to: vectors.sums + offset)
        }
        if let gradientCotangent = vectors.gradientCotangent {
            memory.bind(output: count + 1 + stateFeatures.count, to: gradientCotangent)
        }
        plan.run(memory)
    }
}
