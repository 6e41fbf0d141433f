import Formats
import Nouns
import TensorEngine

/// L-BFGS (Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5): θ' = θ − t H g, with H an approximation of the
/// inverse Hessian by how gradients changed along the last steps, which is never formed.
///
/// With s a step, y what it changed in the gradient and ρ = 1 / yᵀs, H comes of γI by H' = (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ
/// for each of the steps that are remembered, the oldest first, where γ = sᵀy / yᵀy of the newest (equation 7.20), and 1
/// at first. A step along which the gradient's slope does not grow is not remembered, so that H stays positive definite.
///
/// Both gradients of y are those of the minibatch of the step (Schraudolph, Yu and Günter 2007): on full batches they are those
/// of the textbook, and on others no noise comes between them.
///
/// t is the learning rate, or the largest of it, a half of it, a quarter and so on at which the minibatch's loss falls by
/// 10⁻⁴ t gᵀHg (Armijo's condition, algorithm 3.1), the smallest that may be tried where none does.
///
/// Cost: a gradient, as many losses as may be tried beside the first, and 4 products of vectors for each step remembered.
public struct LimitedMemoryBFGS: Optimizer {
    public let learningRate: LearningRate
    /// How many steps are remembered.
    public let history: Int
    /// How often the rate may be halved; 0 takes it as it is.
    public let halvings: Int

    private static let (sufficientFall, leastCurvature) = (1e-4, 1e-10)

    public init(learningRate: LearningRate = 1.0, history: Int = 10, halvings: Int = 0) {
        self.learningRate = learningRate
        self.history = history
        self.halvings = halvings
    }

    public var demands: Set<LandscapeDemand> {
        halvings > 0 ? [.gradientElsewhere, .lossElsewhere] : [.gradientElsewhere]
    }

    /// The steps and the changes of gradients, the newest first; ρ of each, 0 where there is none yet; and γ.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        let vectors = ["step", "change"].flatMap { name in
            (0..<history).flatMap { index in
                parameters.map { CarriedTensor("\(name)\(index)/\($0.name)", $0.shape) }
            }
        }
        return vectors + (0..<history).map { CarriedTensor("inverseProduct\($0)", .scalar) }
            + [CarriedTensor("scale", .scalar, initial: 1)]
    }

    /// η.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let gradient = TensorVector(point.gradient)
        let memory = Memory(point.state, vectorLength: point.gradient.count, history: history)
        let direction = memory.product(gradient)
        let rate = rate(along: direction, gradient, point)
        let step = -1 * (rate * direction)
        let parameters = TensorVector(point.parameters) + step
        let change = TensorVector(point.landscape.gradient(at: parameters.tensors)) - gradient
        let updated = memory.remembering(step, change, leastCurvature: Self.leastCurvature)
        return .init(parameters: parameters.tensors, state: updated.state)
    }

    private func rate(along direction: TensorVector, _ gradient: TensorVector, _ point: OptimizationPoint) -> Tensor {
        let largest = point.schedule[0]
        guard halvings > 0 else { return largest }
        let slope = gradient.innerProduct(direction)
        let rates = (0...halvings).map { largest / Double(1 << $0) }
        // From the smallest up, so that the largest that will do is the last that is taken. A loss that is no number does not.
        return rates.dropLast().reversed().reduce(rates[halvings]) { found, rate in
            let parameters = TensorVector(point.parameters) - rate * direction
            let bound = point.loss - Self.sufficientFall * (rate * slope)
            return bound.isGreater(than: point.landscape.loss(at: parameters.tensors)).select(rate, found)
        }
    }

    /// What is remembered of the last steps, the newest first.
    private struct Memory {
        var steps: [TensorVector]
        var changes: [TensorVector]
        /// ρ of each; 0 where there is no step yet, which then changes nothing.
        var inverseProducts: [Tensor]
        /// γ.
        var scale: Tensor

        init(_ state: [Tensor], vectorLength: Int, history: Int) {
            func vector(_ index: Int) -> TensorVector {
                TensorVector(Array(state[index * vectorLength..<(index + 1) * vectorLength]))
            }
            steps = (0..<history).map(vector)
            changes = (history..<2 * history).map(vector)
            let scalars = state.dropFirst(2 * history * vectorLength)
            inverseProducts = Array(scalars.prefix(history))
            scale = scalars[scalars.endIndex - 1]
        }

        var state: [Tensor] { (steps + changes).flatMap(\.tensors) + inverseProducts + [scale] }

        /// H times a vector: the recursion of two loops.
        func product(_ vector: TensorVector) -> TensorVector {
            var result = vector
            var shares: [Tensor] = []
            for index in steps.indices {
                let share = inverseProducts[index] * steps[index].innerProduct(result)
                result = result - share * changes[index]
                shares.append(share)
            }
            result = scale * result
            for index in steps.indices.reversed() {
                let share = inverseProducts[index] * changes[index].innerProduct(result)
                result = result + (shares[index] - share) * steps[index]
            }
            return result
        }

        /// With a step more and the oldest forgotten, where curvature along it is positive; else the same.
        func remembering(_ step: TensorVector, _ change: TensorVector, leastCurvature: Double) -> Memory {
            let product = step.innerProduct(change)
            let length = change.innerProduct(change)
            let isCurved = product.isGreater(than: leastCurvature * length)
            func choose(_ new: Tensor, _ old: Tensor) -> Tensor {
                isCurved.broadcast(to: old.shape).select(new, old)
            }
            func shifted(_ new: TensorVector, _ old: [TensorVector]) -> [TensorVector] {
                zip([new] + old, old).map { TensorVector(zip($0.tensors, $1.tensors).map(choose)) }
            }
            var memory = self
            memory.steps = shifted(step, steps)
            memory.changes = shifted(change, changes)
            memory.inverseProducts = zip([1 / product] + inverseProducts, inverseProducts).map(choose)
            memory.scale = choose(product / length, scale)
            return memory
        }
    }
}

extension UpdateRuleKind {
    public static let limitedMemoryBFGS = UpdateRuleKind(
        "lbfgs",
        "L-BFGS (Nocedal 1980), with the gradients of the minibatch at hand: for full batches, or large ones.",
        learningRate: 1,
        fields: [
            Field("history", .number(.whole(1...100)), default: 10, "How many steps are remembered."),
            Field(
                "halvings", .number(.whole(0...30)), default: 0,
                "How often a step may be halved until the minibatch's loss falls enough; each costs a loss. 0: the learning rate as it is."
            ),
        ]
    ) { rate, settings in
        LimitedMemoryBFGS(
            learningRate: rate, history: settings.integer("history"), halvings: settings.integer("halvings"))
    }
}
