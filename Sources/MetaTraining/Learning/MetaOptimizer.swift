import Optimizers
import Problems
import TensorEngine

/// What changes the meta-parameters of an optimizer that is learned: any optimizer, hand-designed or learned itself.
public struct MetaOptimizer: Sendable {
    public let optimizers: ParameterGroups
    /// Its own meta-parameters, one tensor after the other; empty for a hand-designed one.
    public let metaParameters: [Double]

    public init(_ optimizers: ParameterGroups, metaParameters: [Double]) {
        precondition(metaParameters.count == optimizers.metaParameters.elementCount, "other meta-parameters are wanted")
        self.optimizers = optimizers
        self.metaParameters = metaParameters
    }

    /// A hand-designed one.
    public init(_ optimizer: any Optimizer) {
        self.init(ParameterGroups(optimizer), metaParameters: [])
    }

    /// Changes nothing: stands where nothing is to change, or where a learned one is to come.
    public static let none = MetaOptimizer(GradientDescent(learningRate: 0.0))

    /// What meta-training can tell it, beside values and gradients: the meta-loss, per step of the unroll.
    static let told = [LocalFeature.loss]
}

/// The meta-optimizer's steps, compiled, on the meta-parameters of one learned optimizer.
final class MetaUpdate<Scalar: TensorScalar> {
    private let layout: ParameterLayout
    private let step: OptimizerStep<Scalar>
    private let own: ElementBuffer<Scalar>
    /// Where each tensor begins among the meta-parameters, and in the layout; and how long it is.
    private let tensors: [(ordered: Int, laid: Int, count: Int)]
    private let parameters: ElementBuffer<Scalar>
    private let gradient: ElementBuffer<Scalar>
    private let local: ElementBuffer<Scalar>

    /// - Parameter offsets: where each tensor begins in the vector of meta-parameters, and in that of their gradient; nil where
    ///   nothing lies between them.
    init(_ metaOptimizer: MetaOptimizer, of metaParameters: [Parameter], at offsets: [Int]? = nil) {
        let layout = ParameterLayout(metaParameters, metaOptimizer.optimizers)
        self.layout = layout
        step = OptimizerStep(layout, nil)
        own = ElementBuffer(metaOptimizer.metaParameters.map { Scalar($0) })
        tensors = metaParameters.indices.map { index in
            (
                offsets?[index] ?? metaParameters.offsets[index], layout.offsets[index],
                metaParameters[index].shape.count
            )
        }
        parameters = ElementBuffer(count: layout.count)
        gradient = ElementBuffer(count: layout.count)
        local = ElementBuffer(count: layout.localCount)
    }

    /// Elements of a vector of meta-parameters, filled up to what steps need.
    var count: Int { layout.count }
    var stateCount: Int { layout.stateCount }

    /// What the meta-optimizer remembers before the first step.
    func makeState() -> ElementBuffer<Scalar> {
        let state = ElementBuffer<Scalar>(count: stateCount)
        initializeState(state)
        return state
    }

    /// The same in place of what it remembers.
    func initializeState(_ state: ElementBuffer<Scalar>) { layout.initializeState(state) }

    /// One step.
    ///
    /// - Parameters:
    ///   - step: 1 for the first.
    ///   - loss: what it is told of the meta-loss.
    ///   - heldTensors: how many of the first tensors stay as they are.
    ///   - share: of the step, that is taken.
    ///   - state: as `makeState` makes it before the first step.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func run(
        step: Int, loss: Double, heldTensors: Int = 0, share: Double = 1, metaParameters: ElementBuffer<Scalar>,
        metaGradient: ElementBuffer<Scalar>, state: ElementBuffer<Scalar>
    ) {
        for tensor in tensors {
            (parameters.start + tensor.laid).update(from: metaParameters.start + tensor.ordered, count: tensor.count)
            (gradient.start + tensor.laid).update(from: metaGradient.start + tensor.ordered, count: tensor.count)
        }
        // The loss is all that can be asked for, so it is every row.
        local.start.update(repeating: Scalar(loss), count: local.count)
        self.step.run(
            step: step,
            .init(
                metaParameters: own.start, gradient: gradient.start, local: local.start, loss: loss,
                parameters: parameters.start, state: state.start), on: SerialPieces())
        for tensor in tensors.dropFirst(heldTensors) {
            let (old, new) = (metaParameters.start + tensor.ordered, parameters.start + tensor.laid)
            if share == 1 {
                old.update(from: new, count: tensor.count)
            } else {
                for index in 0..<tensor.count { old[index] += Scalar(share) * (new[index] - old[index]) }
            }
        }
    }
}
