import Formats

/// A learning rate, constant or falling over a known number of steps.
public struct LearningRate: Hashable, Sendable, ExpressibleByFloatLiteral {
    /// How a learning rate η falls over T steps.
    public enum Decay: String, Sendable, CaseIterable {
        /// It stays as it is.
        case none
        /// η (1 + cos π t / T) / 2 (Loshchilov and Hutter 2017).
        case cosine
        /// η 100^(−t / T): to a hundredth.
        case exponential
        /// A tenth of what it was from 60%, from 76% and from 88% of T on (Chen, Lu and Fokoue 2018).
        case step
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

    /// Another rate that falls alike.
    func scaled(to initial: Double) -> LearningRate { LearningRate(initial, decay: decay, steps: steps) }

    /// The learning rate of a step; the first is 1.
    public func value(step: Int) -> Double {
        let progress = min(Double(step - 1) / Double(max(steps, 1)), 1)
        switch decay {
        case .none: return initial
        case .step: return [0.6, 0.76, 0.88].filter { progress >= $0 }.reduce(initial) { rate, _ in rate / 10 }
        case .exponential: return initial / Self.hundredTo(progress)
        case .cosine:
            let sine = Self.sine(progress * Double.pi / 2)
            return initial * (1 - sine * sine)
        }
    }

    /// 100 to a power between 0 and 1, by a series for a 64th of it: the C library's may differ between machines.
    private static func hundredTo(_ power: Double) -> Double {
        let exponent = power * 4.605170185988092 / 64
        var (term, sum) = (1.0, 1.0)
        for index in 1...10 {
            term *= exponent / Double(index)
            sum += term
        }
        for _ in 0..<6 { sum *= sum }
        return sum
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

extension LearningRate.Decay {
    /// How meta-training names it.
    public static let format = Field(
        "learningRateDecay", .choice(allCases.map(\.rawValue)), default: .string(Self.none.rawValue),
        "Over all meta-steps: `cosine` to 0, `exponential` to a hundredth, `step` to a tenth at 60%, 76% and 88%.")
}
