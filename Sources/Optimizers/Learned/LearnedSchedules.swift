import Formats
import TensorEngine

/// Learning rates whose logarithms are linear between learned knots over T steps; after them they stay.
public struct LearnedSchedules: Sendable, Hashable {
    /// T.
    public let horizon: Int
    /// How many there are, the first at step 0, the last at T.
    public let knots: Int

    /// The knots of one rate.
    func parameter(_ name: String) -> Parameter { Parameter(name, [knots]) }

    /// t / T, where the first step has t = 0.
    func share(step: Int) -> Double { min(Double(step - 1) / Double(horizon), 1) }

    /// How much each knot counts at a step.
    func weights(step: Int) -> [Double] {
        let place = share(step: step) * Double(knots - 1)
        return (0..<knots).map { max(0, 1 - abs(place - Double($0))) }
    }

    /// The logarithm of each rate, `[1, 1]`.
    func logarithms(_ rates: ArraySlice<Tensor>, weights: ArraySlice<Tensor>) -> [Tensor] {
        let shares = Tensor.concatenating(weights.map { $0.reshaped([1, 1]) }, axis: 1)
        return rates.map { shares.matrixProduct($0.reshaped([knots, 1])) }
    }

    /// Constant rates, one vector of knots after the other.
    func write<Scalar: TensorScalar>(rates: [Double], to values: UnsafeMutablePointer<Scalar>) {
        for (index, rate) in rates.enumerated() {
            (values + index * knots).update(repeating: Scalar(Elementary.logarithm(rate)), count: knots)
        }
    }

    static let fields = [
        Field(
            "units", .number(.whole(0...4096)), default: 16,
            "Hidden units of the network; 0 learns the schedules alone."),
        Field(
            "horizon", .number(.count), default: 100,
            "How many steps the schedules go over. Later ones are like the last."),
        Field("knots", .number(.whole(2...1000)), default: 11, "Between how many points each schedule is linear."),
    ]
}
