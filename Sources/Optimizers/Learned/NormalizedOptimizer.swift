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
    /// Units of the perceptron's hidden layer, all with tanh; 0 for schedules alone.
    public let units: Int
    /// T, and how many knots each schedule has, the first at step 0, the last at T.
    public let schedule: LearnedSchedules
    /// exp α and exp ρ before meta-training.
    public let adamRate: Double
    public let rmspropRate: Double
    /// What all steps are multiplied by: nothing that is learned, but what may be tuned on a problem, as a rule's rate.
    public let learningRate: Double

    public init(
        units: Int = 16, horizon: Int = 100, knots: Int = 11, adamRate: Double = 0.01, rmspropRate: Double = 0.02,
        learningRate: Double = 1
    ) {
        self.units = units
        schedule = LearnedSchedules(horizon: horizon, knots: knots)
        self.adamRate = adamRate
        self.rmspropRate = rmspropRate
        self.learningRate = learningRate
    }

    private static let momenta = [0.9, 0.99]
    private static let squareDecays = [0.9, 0.999]
    private static let epsilon = 1e-12
    /// The perceptron's inputs that differ between coordinates, and those that are the step's.
    private static let ownInputs = 5
    private static let sharedInputs = 2

    private var hidden: LinearLayer {
        LinearLayer(name: "hidden", inputs: Self.ownInputs + Self.sharedInputs, outputs: units)
    }
    private var output: LinearLayer { LinearLayer(name: "output", inputs: units, outputs: 2) }

    /// Both schedules' knots, and weight and bias of the two layers.
    public var metaParameters: [Parameter] {
        [schedule.parameter("adamRate"), schedule.parameter("rmspropRate")]
            + (units > 0 ? hidden.parameters + output.parameters : [])
    }

    /// m, n, v and w.
    public var stateFeatures: [Int] { [1, 1, 1, 1] }

    /// The averages' corrections, t / T, (t / T)⁴, and how much each knot counts, where the first step has t = 0.
    public func scheduleValues(step: Int) -> [Double] {
        let corrections = (Self.momenta + Self.squareDecays).map { 1 / (1 - power($0, step)) }
        let share = schedule.share(step: step)
        return corrections + [share, power(share, 4)] + schedule.weights(step: step)
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

        var logarithms = schedule.logarithms(metaParameters[..<2], weights: values[6...])
        if units > 0 {
            let own = Tensor.concatenating([
                adam, gradient / (gradient.absoluteValue() + roots[0]), means[1] * values[1] / roots[1],
                (roots[0] / roots[1]).logarithm(), coordinates.parameter.hyperbolicTangent(),
            ])
            let hiddenValues = hidden(
                own, common: Tensor.concatenating(values[4..<6].map { $0.reshaped([1, 1]) }),
                parameters: metaParameters[2...]
            ).hyperbolicTangent()
            let corrections = output(hiddenValues, parameters: metaParameters[4...])
            logarithms = logarithms.enumerated().map { $1 + corrections.sliced($0..<$0 + 1) }
        }
        let change = logarithms[0].exponential() * adam + logarithms[1].exponential() * rmsprop
        return .init(parameter: coordinates.parameter - learningRate * change, state: means + squares)
    }

    /// Schedules are constant at first, the hidden layer's weights random, and the output's so small that corrections
    /// hardly count.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        InitialWeights.truncatedNormal.write(metaParameters, to: values, key: key)
        schedule.write(rates: [adamRate, rmspropRate], to: values)
        guard units > 0 else { return }
        let first = 2 * schedule.knots + hidden.parameters.elementCount
        for index in first..<first + output.parameters.elementCount { values[index] *= 0.01 }
    }
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
