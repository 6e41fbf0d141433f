import Formats
import Nouns
import TensorEngine

/// Hessian-free optimization (Martens 2010): θ' = θ − η x, where x solves (G + λI) x = g by conjugate gradients, with g
/// the minibatch's gradient and G its Gauss-Newton matrix, of which only products are computed.
///
/// Conjugate gradients begin at the last step's solution, or elsewhere (section 4.5). λ is fixed, or follows
/// Levenberg-Marquardt (section 4.1): with the ratio ρ of how much the loss falls to how much the quadratic model says, it
/// grows by 3/2 where ρ < 1/4 and shrinks by 2/3 where ρ > 3/4, or by another factor. Other than in the paper: a step has as many iterations as
/// is said, in place of a test of their progress; there is no line search and no going back to earlier iterates, and no
/// preconditioner.
///
/// Cost: a product with G, about two gradients, for each iteration and once more, and two losses.
public struct HessianFree: Optimizer {
    public enum Damping: Hashable, Sendable {
        /// λ.
        case fixed(Double)
        /// λ at first, the factor by which it shrinks, and the bounds within which it stays: by default such that it comes
        /// neither to 0 nor to infinity however long it runs. Chen, Lu and Fokoue 2018 have a factor of 0.99 within 1e-3
        /// and 1.
        case levenbergMarquardt(
            initial: Double = 1, factor: Double = 2.0 / 3, bounds: ClosedRange<Double> = 1e-10...1e10)
    }

    /// Where conjugate gradients begin.
    public enum Start: String, Sendable, CaseIterable {
        /// At the last step's solution.
        case previous
        /// At the gradient.
        case gradient
        /// At 0.
        case zero
    }

    public let learningRate: LearningRate
    public let iterations: Int
    public let damping: Damping
    public let start: Start

    public init(
        learningRate: LearningRate = 1.0, iterations: Int = 4, damping: Damping = .levenbergMarquardt(),
        start: Start = .previous
    ) {
        self.learningRate = learningRate
        self.iterations = iterations
        self.damping = damping
        self.start = start
    }

    public var demands: Set<LandscapeDemand> { [.gaussNewtonProduct, .lossElsewhere] }

    /// The last solution, and λ.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        let initial: Double
        switch damping {
        case .fixed(let value): initial = value
        case .levenbergMarquardt(let value, _, _): initial = value
        }
        return parameters.map { CarriedTensor("solution/\($0.name)", $0.shape) }
            + [CarriedTensor("damping", .scalar, initial: initial)]
    }

    /// η.
    public func scheduleValues(step: Int) -> [Double] { [learningRate.value(step: step)] }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let gradient = TensorVector(point.gradient)
        let strength = point.state[point.gradient.count]
        func curvature(_ vector: TensorVector) -> TensorVector {
            TensorVector(point.landscape.gaussNewtonProduct(vector.tensors)) + strength * vector
        }
        let solver = ConjugateGradients(iterations: iterations, product: curvature)
        let ends = solver.iterates(gradient, from: begin(point, gradient))
        guard let end = ends.last else { return .init(parameters: point.parameters, state: point.state) }
        let parameters = TensorVector(point.parameters) - point.schedule[0] * end.solution
        return .init(
            parameters: parameters.tensors,
            state: end.solution.tensors + [adjusted(strength, end, gradient, at: parameters, point)])
    }

    private func begin(_ point: OptimizationPoint, _ gradient: TensorVector) -> TensorVector {
        switch start {
        case .previous: TensorVector(Array(point.state.prefix(point.gradient.count)))
        case .gradient: gradient
        case .zero: TensorVector(point.gradient.map { $0.filled(with: 0) })
        }
    }

    /// λ for the next step.
    ///
    /// With r = g − (G + λI) x and the step −η x, the model's fall is η gᵀx − η² xᵀ(G + λI)x / 2, and
    /// xᵀ(G + λI)x = xᵀ(g − r): no further product is needed. The damping counts into the model, as in the paper.
    private func adjusted(
        _ strength: Tensor, _ end: ConjugateGradients.Iterate, _ gradient: TensorVector, at parameters: TensorVector,
        _ point: OptimizationPoint
    ) -> Tensor {
        guard case .levenbergMarquardt(_, let shrinkage, let bounds) = damping else { return strength }
        let rate = point.schedule[0]
        let slope = gradient.innerProduct(end.solution)
        let bend = end.solution.innerProduct(gradient - end.residual)
        let expected = rate * slope - 0.5 * rate * rate * bend
        let found = point.loss - point.landscape.loss(at: parameters.tensors)
        // Products in place of the ratio: nothing is divided by what may be 0. A loss that is no number is not above.
        let isPoor = (found - 0.25 * expected).isGreater(than: strength.filled(with: 0)).select(
            strength.filled(with: 0), strength.filled(with: 1))
        let isGood = (found - 0.75 * expected).isGreater(than: strength.filled(with: 0))
        let factor = isPoor.select(
            strength.filled(with: 1 / shrinkage),
            isGood.select(strength.filled(with: shrinkage), strength.filled(with: 1)))
        return (strength * factor).maximum(bounds.lowerBound).minimum(bounds.upperBound)
    }
}

extension UpdateRuleKind {
    public static let hessianFree = UpdateRuleKind(
        "hessianFree",
        "Conjugate gradients on the Gauss-Newton matrix of each minibatch (Martens 2010), for losses that are convex in the outputs.",
        learningRate: 1,
        fields: [
            Field("iterations", .number(.whole(1...1000)), default: 4, "Iterations of conjugate gradients a step."),
            Field(
                "damping", .numberOrChoice(.nonNegative, ["levenbergMarquardt"]), default: "levenbergMarquardt",
                "What is added to the diagonal, or how it is found; Levenberg and Marquardt's begins at 1."),
            Field(
                "dampingFactor", .number(.shrinkage), .implied(JSONValue(2.0 / 3)),
                "By how much Levenberg and Marquardt's damping shrinks; it grows by the inverse. Chen et al. 2018: 0.99."
            ),
            Field(
                "dampingBounds", .bounds(.positive), .implied([1e-10, 1e10]),
                "Between what it stays. Chen et al. 2018: 0.001 and 1."),
            Field(
                "start", .choice(HessianFree.Start.allCases.map(\.rawValue)), default: "previous",
                "Where they begin: at the last step's solution, the gradient, or 0."),
        ]
    ) { rate, settings in
        let bounds = settings.numbers(ifGiven: "dampingBounds") ?? [1e-10, 1e10]
        return HessianFree(
            learningRate: rate, iterations: settings.integer("iterations"),
            damping: settings.number(ifGiven: "damping").map { .fixed($0) }
                ?? .levenbergMarquardt(
                    factor: settings.number(ifGiven: "dampingFactor") ?? 2.0 / 3, bounds: bounds[0]...bounds[1]),
            start: settings.choice("start"))
    }
}
