import TensorEngine

/// Where a hyperparameter's natural values lie, and how they are reached from any real number, so that gradients may lead
/// anywhere.
public enum HyperparameterSpace: Hashable, Sendable {
    /// Between two values: low + (high − low) σ(u).
    case bounded(low: Double, high: Double)
    /// Above 0: log(1 + eᵘ).
    case positive
    /// Any number: u itself.
    case unbounded
    /// Between two positive values, by their logarithms.
    case logBounded(low: Double, high: Double)
    /// A whole number between two: the bounded value, rounded. Derivatives go through as if it were not.
    case integer(low: Int, high: Int)

    /// Between which natural values lie; nil where there is no end.
    public var bounds: (low: Double?, high: Double?) {
        switch self {
        case .bounded(let low, let high), .logBounded(let low, let high): (low, high)
        case .integer(let low, let high): (Double(low), Double(high))
        case .positive: (0, nil)
        case .unbounded: (nil, nil)
        }
    }

    /// A natural value drawn from all: uniformly, or uniformly in its logarithm; nil of a space without ends.
    public func drawn(_ stream: inout RandomStream) -> Double? {
        let share = stream.uniform()
        switch self {
        case .bounded(let low, let high): return low + (high - low) * share
        case .logBounded(let low, let high):
            let (low, high) = (Self.logarithm(low), Self.logarithm(high))
            return Self.evaluate(low + (high - low) * share) { $0.exponential() }
        case .integer(let low, let high): return Double(low) + (share * Double(high - low + 1)).rounded(.down)
        case .positive, .unbounded: return nil
        }
    }

    /// The natural values of unconstrained ones, elementwise, traced.
    public func natural(_ unconstrained: Tensor) -> Tensor {
        switch self {
        case .bounded(let low, let high): return Self.between(low, high, unconstrained)
        case .positive: return unconstrained.softplus()
        case .unbounded: return unconstrained
        case .logBounded(let low, let high):
            return Self.between(Self.logarithm(low), Self.logarithm(high), unconstrained).exponential()
        case .integer(let low, let high):
            let value = Self.between(Double(low), Double(high), unconstrained)
            let steps = (low..<high).map { value.isGreater(than: value.filled(with: Double($0) + 0.5)) }
            let rounded = steps.reduce(value.filled(with: Double(low))) { $0 + $1 }
            return value + (rounded - value).stoppingGradient()
        }
    }

    /// The unconstrained value of a natural one; infinite for an end of the space, not a number outside.
    ///
    /// By the engine's own functions, so that it is the same on every machine.
    public func unconstrained(_ natural: Double) -> Double {
        Self.evaluate(natural) { value in
            switch self {
            case .bounded(let low, let high): Self.logit((value - low) / (high - low))
            case .positive: Self.softplusInverse(value)
            case .unbounded: value
            case .logBounded(let low, let high):
                Self.logit(
                    (value.logarithm() - Self.logarithm(low)) / (Self.logarithm(high) - Self.logarithm(low)))
            case .integer(let low, let high): Self.logit((value - Double(low)) / Double(high - low))
            }
        }
    }

    /// The number whose softplus is this one.
    public static func softplusInverse(_ value: Double) -> Double { evaluate(value) { softplusInverse($0) } }

    private static func logarithm(_ value: Double) -> Double { evaluate(value) { $0.logarithm() } }

    private static func evaluate(_ value: Double, _ function: (Tensor) -> Tensor) -> Double {
        Plan<Double>(.tracing([.scalar]) { [function($0[0])] })([[value]])[0][0]
    }

    private static func logit(_ share: Tensor) -> Tensor { (share / (1 - share)).logarithm() }

    private static func softplusInverse(_ value: Tensor) -> Tensor {
        value + (1 - (-value).exponential()).logarithm()
    }

    private static func between(_ low: Double, _ high: Double, _ unconstrained: Tensor) -> Tensor {
        (high - low) * unconstrained.sigmoid() + low
    }
}

extension Tensor {
    /// log(1 + eˣ), without overflow. Where eˣ is nothing beside 1, below -37 in `Double`, it is 0.
    public func softplus() -> Tensor { maximum(0) + ((-absoluteValue()).exponential() + 1).logarithm() }
}
