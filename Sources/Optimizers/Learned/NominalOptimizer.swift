import Formats
import TensorEngine

/// Two hand-designed rules with learned schedules, and a small network that corrects each coordinate's share of them: a
/// nominal term with a learned residual, so that training begins at a rule that works (Harrison, Metz and Sohl-Dickstein,
/// "A Closer Look at Learned Optimization: Stability, Robustness, and Inductive Biases", 2022, section 5).
///
/// With v' = 0.9 v + g, m' = 0.9 m + 0.1 g, q' = 0.99 q + 0.01 g², both averages corrected for their start, it makes
/// θ' = θ − exp(ρ(t) + c₁) (g + 0.9 v') − exp(α(t) + c₂) m̂ / √q̂: Nesterov's direction and Adam's. The logarithms ρ and α
/// of their rates are linear between learned knots over T steps, of which t are known to be taken; after them they stay.
/// The corrections c are a perceptron's of m̂ / √q̂, g / (|g| + √q̂), tanh θ, ln √q̂, t / T and (t / T)⁴.
public struct NominalOptimizer: CoordinatewiseOptimizer, Hashable {
    private let corrected: CorrectedRates

    /// - Parameters:
    ///   - units: of the perceptron's hidden layer, all with tanh; 0 for schedules alone.
    ///   - horizon: T.
    ///   - knots: how many each schedule has, the first at step 0, the last at T.
    ///   - nesterovRate: exp ρ before meta-training.
    ///   - adamRate: exp α before meta-training.
    public init(
        units: Int = 16, horizon: Int = 100, knots: Int = 11, nesterovRate: Double = 0.7, adamRate: Double = 0.004
    ) {
        corrected = CorrectedRates(
            schedule: LearnedSchedules(horizon: horizon, knots: knots), names: ["nesterovRate", "adamRate"],
            initial: [nesterovRate, adamRate], units: units, ownInputs: 4)
    }

    private static let momentum = 0.9
    private static let squareDecay = 0.99
    private static let epsilon = 1e-12

    /// Both schedules' knots, and weight and bias of the two layers.
    public var metaParameters: [Parameter] { corrected.parameters }

    /// v, m and q.
    public var stateFeatures: [Int] { [1, 1, 1] }

    /// Both averages' corrections, t / T, (t / T)⁴, and how much each knot counts, where the first step has t = 0.
    public func scheduleValues(step: Int) -> [Double] {
        [1 / (1 - power(Self.momentum, step)), 1 / (1 - power(Self.squareDecay, step))]
            + corrected.scheduleValues(step: step)
    }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let (gradient, values) = (coordinates.gradient, coordinates.schedule)
        let velocity = Self.momentum * coordinates.state[0] + gradient
        let mean = Self.momentum * coordinates.state[1] + (1 - Self.momentum) * gradient
        let square = Self.squareDecay * coordinates.state[2] + (1 - Self.squareDecay) * gradient.squared()
        let root = (square * values[1] + Self.epsilon).squareRoot()
        let adam = mean * values[0] / root
        let nesterov = gradient + Self.momentum * velocity
        let rates = corrected.rates(
            [
                adam, gradient / (gradient.absoluteValue() + root), coordinates.parameter.hyperbolicTangent(),
                root.logarithm() * 0.1,
            ], values: values[2...], parameters: metaParameters)
        let change = rates[0] * nesterov + rates[1] * adam
        return .init(parameter: coordinates.parameter - change, state: [velocity, mean, square])
    }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) { corrected.initialize(values, key: key) }
}

extension LearnedOptimizerKind {
    /// ``NominalOptimizer``.
    public static let nominal = LearnedOptimizerKind(
        "nominal",
        "Nesterov's momentum and Adam with learned schedules, and a small network that corrects each coordinate's share.",
        fields: LearnedSchedules.fields + [
            Field("nesterovRate", .number(.positive), default: 0.7, "Of Nesterov's momentum before meta-training."),
            Field("adamRate", .number(.positive), default: 0.004, "Of Adam before meta-training."),
        ]
    ) { settings in
        NominalOptimizer(
            units: settings.integer("units"), horizon: settings.integer("horizon"), knots: settings.integer("knots"),
            nesterovRate: settings.number("nesterovRate"), adamRate: settings.number("adamRate"))
    }
}
