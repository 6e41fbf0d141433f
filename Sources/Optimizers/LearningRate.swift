/// A learning rate, constant or falling over a known number of steps.
public struct LearningRate: Hashable, Sendable, ExpressibleByFloatLiteral {
    /// How a learning rate falls from its initial value: to 0, or exponentially to a hundredth.
    public enum Decay: String, Sendable, CaseIterable {
        /// It stays as it is.
        case none
        /// η (1 + cos π t / T) / 2 (Loshchilov and Hutter 2017).
        case cosine
        /// η (1 − t / T).
        case linear
        /// η 100^(−t / T).
        case exponential
    }

    public let initial: Double
    public let decay: Decay
    /// Over how many steps it falls.
    public let steps: Int

    public init(_ initial: Double, decay: Decay = .none, steps: Int = 1) {
        self.initial = initial
        self.decay = decay
        self.steps = steps
    }

    public init(floatLiteral value: Double) {
        self.init(value)
    }

    /// The learning rate of a step; the first is 1.
    public func value(step: Int) -> Double {
        let progress = min(Double(step - 1) / Double(max(steps, 1)), 1)
        switch decay {
        case .none: return initial
        case .linear: return initial * (1 - progress)
        case .cosine:
            let sine = Self.sine(progress * Double.pi / 2)
            return initial * (1 - sine * sine)
        case .exponential:
            return initial * Self.powerOfAHundredth(progress)
        }
    }

    /// 100^(−exponent) for an exponent from 0 to 1: the series of a 64th of the logarithm, squared six times.
    private static func powerOfAHundredth(_ exponent: Double) -> Double {
        let part = -4.605170185988092 * exponent / 64
        var term = 1.0
        var power = 1.0
        for index in 1...12 {
            term *= part / Double(index)
            power += term
        }
        for _ in 0..<6 { power *= power }
        return power
    }

    /// The sine of an angle between 0 and π / 2 by its series: the C library's may differ from machine to machine.
    private static func sine(_ angle: Double) -> Double {
        let square = angle * angle
        var term = angle
        var sum = angle
        for index in 1...12 {
            term *= -square / Double(2 * index * (2 * index + 1))
            sum += term
        }
        return sum
    }
}
