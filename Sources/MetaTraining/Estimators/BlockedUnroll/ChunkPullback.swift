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
    private let plans: ChunkPlans<Scalar>
    private let workspaces: LendingPool<Workspace>
    private let shared: SharedValues<Scalar>
    /// From what blocks add up to the meta-gradient.
    let toMetaParameters: SharedPullback<Scalar>

    /// - Parameters:
    ///   - steps: how many steps one run goes back.
    ///   - localRows: how many numbers the optimizer is told of each coordinate.
    ///   - givesGradientCotangent: whether the derivative by the first step's gradient is put out too.
    init(
        _ optimizer: any CoordinatewiseOptimizer, steps: Int, blockLength: Int, localRows: Int,
        givesGradientCotangent: Bool
    ) {
        self.steps = steps
        plans = ChunkPlans(
            optimizer, steps: steps, blockLength: blockLength, localRows: localRows,
            givesGradientCotangent: givesGradientCotangent)
        shared = SharedValues(plans.shared, handed: plans.handed, metaParameters: plans.metaParameters)
        toMetaParameters = SharedPullback(plans)
        let features = optimizer.stateFeatures.reduce(0, +)
        let cotangents = blockLength * (1 + features)
        workspaces = LendingPool { [plans] in
            Workspace(
                memory: plans.own.makeMemory(), cotangent: ElementBuffer(count: cotangents),
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
