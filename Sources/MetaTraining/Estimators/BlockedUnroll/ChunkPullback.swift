import Optimizers
import TensorEngine

/// The way back through a chunk, a few consecutive steps of an optimizer, for one block of coordinates.
///
/// The derivative of the meta-loss by the parameters after a step begins with the gradient of the loss there, which
/// the forward pass has computed anyway. With derivatives of the optimizee's gradient dropped, that is all, and each
/// coordinate can be walked back on its own through all steps, from the gradients it saw; everything in between is
/// recomputed in cache and forgotten. With them, one step is walked back at a time, and what flows to the gradient is
/// handed out, to be multiplied by the optimizee's Hessian.
struct ChunkPullback<Scalar: TensorScalar>: Sendable {
    /// How many steps one run goes back.
    let chunkLength: Int
    private let plans: ChunkPlans<Scalar>
    private let workspaces: LendingPool<Workspace>
    private let shared: SharedValues<Scalar>
    /// From what blocks add up to the meta-gradient.
    let toMetaParameters: SharedPullback<Scalar>

    /// - Parameters:
    ///   - chunkLength: how many steps one run goes back.
    ///   - localRows: how many numbers the optimizer is told of each coordinate.
    ///   - givesGradientCotangent: whether the derivative by the first step's gradient is put out too.
    init(
        _ optimizer: any CoordinatewiseOptimizer, chunkLength: Int, blockLength: Int, localRows: Int,
        givesGradientCotangent: Bool
    ) {
        self.chunkLength = chunkLength
        plans = ChunkPlans(
            optimizer, chunkLength: chunkLength, blockLength: blockLength, localRows: localRows,
            givesGradientCotangent: givesGradientCotangent)
        shared = SharedValues(plans.shared, handed: plans.handed, metaParameters: plans.metaParameters)
        toMetaParameters = SharedPullback(plans)
        let features = optimizer.stateFeatures.reduce(0, +)
        let cotangents = blockLength * (1 + features)
        workspaces = LendingPool { [plans] in
            Workspace(
                memory: plans.own.makeMemory(), cotangent: ElementBuffer(count: cotangents),
                gathered: GatheredBlock(
                    length: blockLength, features: features, chunkLength: chunkLength, localRows: localRows))
        }
    }

    /// Says with which meta-parameters the next runs go back. No run may be under way.
    func prepare(_ metaParameters: UnsafeMutablePointer<Scalar>) { shared.update(metaParameters) }

    /// What runs on one thread work in.
    final class Workspace {
        let memory: PlanMemory<Scalar>
        /// What flows to one block's parameters and state while it walks back, `[1 + features, block length]`.
        let cotangent: ElementBuffer<Scalar>
        /// What a run reads of a block whose coordinates lie apart.
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
        /// Before the first step, `[block length]`.
        var parameters: UnsafeMutablePointer<Scalar>
        /// Before the first step, `[features, block length]`.
        var state: UnsafeMutablePointer<Scalar>
        /// The loss's gradient before the chunk's first step, `[block length]`; those before the next steps, and after
        /// the last, follow at a stride.
        var gradients: UnsafeMutablePointer<Scalar>
        var gradientStride: Int
        /// What the optimizer is told beside at the chunk's first step, `[rows, block length]`; that of the next steps
        /// follows at a stride. Nil where it is told nothing.
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
        /// The sum of derivatives by what blocks read of the meta-parameters, one tensor after the other, to which this
        /// block's are added.
        var sums: UnsafeMutablePointer<Scalar>
        /// `[chunk length, schedule values]`.
        var schedule: UnsafeMutablePointer<Scalar>
        /// How much the loss after each step counts, `[chunk length]`.
        var weights: UnsafeMutablePointer<Scalar>
        var block: Source
        /// The derivative of all later losses by the parameters after the last step, `[block length]`; afterwards, by
        /// those before the first.
        var cotangent: UnsafeMutablePointer<Scalar>
        /// The same by the state, `[features, block length]`.
        var stateCotangent: UnsafeMutablePointer<Scalar>
        /// The derivative by the first step's gradient, `[block length]`, where it is asked for.
        var gradientCotangent: UnsafeMutablePointer<Scalar>?
    }

    /// Walks a block back through a chunk, in a memory that a workspace lends.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(_ vectors: Vectors, _ memory: PlanMemory<Scalar>) {
        let block = vectors.block
        shared.bind(to: memory)
        memory.bind(plans.metaParameters, to: vectors.metaParameters)
        memory.bind(plans.schedule, to: vectors.schedule)
        memory.bind(plans.weights, to: vectors.weights)
        memory.bind(plans.gradients, to: block.gradients, stride: block.gradientStride)
        if let locals = block.locals { memory.bind(plans.locals, to: locals, stride: block.localStride) }
        memory.bind(plans.parameters, to: block.parameters)
        memory.bind(plans.state, to: block.state)
        memory.bind(plans.cotangent, to: vectors.cotangent)
        memory.bind(plans.newCotangent, to: vectors.cotangent)
        memory.bind(plans.stateCotangents, to: vectors.stateCotangent)
        memory.bind(plans.newStateCotangents, to: vectors.stateCotangent)
        memory.bind(plans.sums, to: vectors.sums)
        memory.bind(plans.newSums, to: vectors.sums)
        if let slot = plans.gradientCotangent, let gradientCotangent = vectors.gradientCotangent {
            memory.bind(slot, to: gradientCotangent)
        }
        plans.own.run(memory)
    }
}
