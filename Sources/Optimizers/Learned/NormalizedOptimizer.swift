import Formats
import TensorEngine

/// A nominal rule and a small network, all of which sees gradients relative to their own size: whatever the loss is
/// multiplied by, it takes the same steps, so that what it learned on one architecture means the same on another.
///
/// With v' = 0.9 v + 0.1 g² and w' = 0.999 w + 0.001 g², averages m' and n' of g with decays of 0.9 and 0.99, all
/// corrected for their start: θ' = θ − exp(α(t) + c₁) m̂ / √ŵ − exp(ρ(t) + c₂) g / √v̂, the directions of Adam and of
/// RMSprop, with their usual decays (the nominal term of Harrison, Metz and Sohl-Dickstein 2022, section 5). The logarithms α and ρ
/// of their rates are linear between learned knots over T steps, of which t are known to be taken; after them they stay.
/// The corrections c are a perceptron's of m̂ / √ŵ, g / (|g| + √v̂), n̂ / √ŵ, ln (v̂ / ŵ) / 2, tanh θ, t / T and (t / T)⁴.
public struct NormalizedOptimizer: CoordinatewiseOptimizer, Hashable {
    private let corrected: CorrectedRates
    /// What all steps are multiplied by: nothing that is learned, but what may be tuned on a problem, as a rule's rate.
    public let learningRate: Double

    /// - Parameters:
    ///   - units: of the perceptron's hidden layer, all with tanh; 0 for schedules alone.
    ///   - horizon: T.
    ///   - knots: how many each schedule has, the first at step 0, the last at T.
    ///   - adamRate: exp α before meta-training.
    ///   - rmspropRate: exp ρ before meta-training.
    public init(
        units: Int = 16, horizon: Int = 100, knots: Int = 11, adamRate: Double = 0.01, rmspropRate: Double = 0.02,
        learningRate: Double = 1
    ) {
        corrected = CorrectedRates(
            schedule: LearnedSchedules(horizon: horizon, knots: knots), names: ["adamRate", "rmspropRate"],
            initial: [adamRate, rmspropRate], units: units, ownInputs: 5)
        self.learningRate = learningRate
    }

    private static let momenta = [0.9, 0.99]
    private static let squareDecays = [0.9, 0.999]
    private static let epsilon = 1e-12

    /// Both schedules' knots, and weight and bias of the two layers.
    public var metaParameters: [Parameter] { corrected.parameters }

    /// m, n, v and w.
    public var stateFeatures: [Int] { [1, 1, 1, 1] }

    /// The averages' corrections, t / T, (t / T)⁴, and how much each knot counts, where the first step has t = 0.
    public func scheduleValues(step: Int) -> [Double] {
        (Self.momenta + Self.squareDecays).map { 1 / (1 - power($0, step)) } + corrected.scheduleValues(step: step)
    }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let (gradient, values) = (coordinates.gradient, coordinates.schedule)
        func average(_ index: Int, _ decay: Double, of value: Tensor) -> Tensor {
            decay * coordinates.state[index] + (1 - decay) * value
        }
        let square = gradient.squared()
        let means = Self.momenta.enumerated().map { average($0, $1, of: gradient) }
        let squares = Self.squareDecays.enumerated().map { average(2 + $0, $1, of: square) }
        let roots = squares.enumerated().map { ($1 * values[2 + $0] + Self.epsilon).squareRoot() }
        let adam = means[0] * values[0] / roots[1]
        let rmsprop = gradient / roots[0]
        let rates = corrected.rates(
            [
                adam, gradient / (gradient.absoluteValue() + roots[0]), means[1] * values[1] / roots[1],
                (roots[0] / roots[1]).logarithm(), coordinates.parameter.hyperbolicTangent(),
            ], values: values[4...], parameters: metaParameters)
        let change = rates[0] * adam + rates[1] * rmsprop
        return .init(parameter: coordinates.parameter - learningRate * change, state: means + squares)
    }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) { corrected.initialize(values, key: key) }
}

extension LearnedOptimizerKind {
    /// ``NormalizedOptimizer``.
    public static let normalized = LearnedOptimizerKind(
        "normalized",
        "Adam and RMSprop with learned schedules, and a small network that corrects each coordinate's share by what does not "
            + "depend on the gradient's scale.",
        fields: LearnedSchedules.fields + [
            Field("adamRate", .number(.positive), default: 0.01, "Of Adam before meta-training."),
            Field("rmspropRate", .number(.positive), default: 0.02, "Of RMSprop before meta-training."),
            Field("learningRate", .number(.positive), default: 1, "What all steps are multiplied by."),
        ]
    ) { settings in
        NormalizedOptimizer(
            units: settings.integer("units"), horizon: settings.integer("horizon"), knots: settings.integer("knots"),
            adamRate: settings.number("adamRate"), rmspropRate: settings.number("rmspropRate"),
            learningRate: settings.number("learningRate"))
    }
}
