import Formats
import TensorEngine

/// MLHF: Hessian-free optimization whose damping and preconditioner are learned (Chen, Lu and Fokoue 2018,
/// arXiv:1805.08462).
///
/// θ' = θ − η x, where some iterations of preconditioned conjugate gradients solve (G + diag(s) + εI) x = d, with d the
/// minibatch's gradient and G its Gauss-Newton matrix. s is put out by one coordinatewise LSTM, from d and the last step's
/// residual and solution; the diagonal P of the preconditioner, y = P r, by another, from d, the first residual and the
/// solution that the iterations begin at. No derivative goes through the residual and solution of the step before.
///
/// Cost: a product with G, about two gradients, for each iteration and once more, and the networks' on every coordinate.
/// It remembers 2 numbers a coordinate, and two for each unit of each network.
public struct LearnedHessianFree: SolvingOptimizer, Hashable {
    /// Where conjugate gradients begin.
    public enum Start: String, Sendable, CaseIterable {
        /// At the last step's solution.
        case previous
        /// At the gradient.
        case gradient
        /// At the output of a third LSTM, from the gradient and the last step's residual and solution.
        case learned
    }

    public enum Preconditioner: String, Sendable, CaseIterable {
        case learned
        /// The identity.
        case none
    }

    public let iterations: Int
    public let preconditioner: Preconditioner
    public let start: Start
    public let learningRate: Double
    /// The number of units of each LSTM layer.
    public let units: [Int]

    public init(
        iterations: Int = 4, preconditioner: Preconditioner = .learned, start: Start = .previous,
        units: [Int] = [4, 4], learningRate: Double = 1
    ) {
        self.iterations = iterations
        self.preconditioner = preconditioner
        self.start = start
        self.units = units
        self.learningRate = learningRate
    }

    /// ε: what is added to every damping.
    private static let leastDamping = 2e-5
    /// The norm of the residual at which iterations stop.
    private static let tolerance = 1e-6

    private var damping: CoordinateNetwork {
        CoordinateNetwork(name: "damping", inputs: 3, units: units, isPositive: true)
    }

    private var preconditioning: CoordinateNetwork? {
        guard preconditioner == .learned else { return nil }
        return CoordinateNetwork(name: "preconditioner", inputs: 3, units: units, isPositive: true)
    }

    private var starting: CoordinateNetwork? {
        guard start == .learned else { return nil }
        return CoordinateNetwork(name: "start", inputs: 3, units: units, isPositive: false)
    }

    private var networks: [CoordinateNetwork] { [damping] + [starting, preconditioning].compactMap(\.self) }

    public var demands: Set<LandscapeDemand> { [.gaussNewtonProduct] }

    /// Those of the damping, the start and the preconditioner, as far as these are learned: for each network and each kind
    /// of parameter two LSTM layers and a linear one.
    public var metaParameters: [Parameter] { networks.flatMap(\.metaParameters) }

    public var shapingTensors: Int { damping.metaParameters.count }

    /// The last solution and residual, and what the networks remember.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        let kinds = CoordinateKinds(parameters)
        return ["solution", "residual"].flatMap { name in
            parameters.map { CarriedTensor("\(name)/\($0.name)", $0.shape) }
        } + networks.flatMap { $0.state(of: kinds) }
    }

    public func recalledTensors(of parameters: [Parameter]) -> Int { 2 * parameters.count }

    public func shapingState(of parameters: [Parameter]) -> Int {
        damping.state(of: CoordinateKinds(parameters)).count
    }

    public func solve(_ point: OptimizationPoint, metaParameters: [Tensor]) -> LinearSolution {
        let kinds = CoordinateKinds(point.described)
        let count = point.gradient.count
        let gradient = TensorVector(point.gradient)
        let lastSolution = TensorVector(point.state[..<count].map { $0.stoppingGradient() })
        let lastResidual = TensorVector(point.state[count..<2 * count].map { $0.stoppingGradient() })
        var (state, weights) = (point.state[(2 * count)...], metaParameters[...])
        var newState: [Tensor] = []
        func run(_ network: CoordinateNetwork, _ inputs: [TensorVector]) -> TensorVector {
            let own = (state.prefix(network.state(of: kinds).count), weights.prefix(network.metaParameters.count))
            (state, weights) = (state.dropFirst(own.0.count), weights.dropFirst(own.1.count))
            let (output, new) = network(inputs, kinds, state: Array(own.0), metaParameters: Array(own.1))
            newState += new
            return output
        }

        let strength = run(damping, [gradient, lastResidual, lastSolution])
        func product(_ vector: TensorVector) -> TensorVector {
            TensorVector(point.landscape.gaussNewtonProduct(vector.tensors)) + strength * vector
                + Self.leastDamping * vector
        }
        let first: TensorVector =
            switch start {
            case .previous: lastSolution
            case .gradient: gradient
            case .learned: run(starting!, [gradient, lastResidual, lastSolution])
            }
        let firstResidual = gradient - product(first)
        let diagonal = preconditioning.map { run($0, [gradient, firstResidual, first]) }
        let solver = ConjugateGradients(
            iterations: iterations, tolerance: Self.tolerance,
            preconditioner: diagonal.map { diagonal in { diagonal * $0 } }, product: product)
        let end = solver.iterates(gradient, from: first, residual: firstResidual).last!
        return LinearSolution(
            solution: end.solution, residual: end.residual,
            state: end.solution.tensors + end.residual.tensors + newState)
    }
}

extension LearnedHessianFree {
    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let end = solve(point, metaParameters: metaParameters)
        let parameters = TensorVector(point.parameters) - learningRate * end.solution
        return .init(parameters: parameters.tensors, state: end.state)
    }

    /// Weights are drawn as the code published with the paper has them: Glorot uniform, biases 0.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        InitialWeights.glorotUniform.write(metaParameters, to: values, key: key)
    }
}

extension LearnedOptimizerKind {
    /// ``LearnedHessianFree``.
    public static let learnedHessianFree = LearnedOptimizerKind(
        "mlhf",
        "MLHF (Chen, Lu and Fokoue 2018): Hessian-free optimization with learned damping and preconditioner, for losses "
            + "that are convex in the outputs.",
        fields: [
            Field("iterations", .number(.whole(1...1000)), default: 4, "Iterations of conjugate gradients a step."),
            Field(
                "preconditioner", .choice(LearnedHessianFree.Preconditioner.allCases.map(\.rawValue)),
                default: "learned", "Whether a diagonal is learned that residuals are multiplied by, or none."),
            Field(
                "start", .choice(LearnedHessianFree.Start.allCases.map(\.rawValue)), default: "previous",
                "Where iterations begin: at the last step's solution, the gradient, or the output of a network of its own."
            ),
            Field("units", .list(of: .number(.units)), default: [4, 4], "Hidden units of each LSTM layer."),
            Field("learningRate", .number(.positive), default: 1, "What the solution is multiplied by."),
        ]
    ) { settings in
        LearnedHessianFree(
            iterations: settings.integer("iterations"), preconditioner: settings.choice("preconditioner"),
            start: settings.choice("start"), units: settings.integers("units"),
            learningRate: settings.number("learningRate"))
    }
}
