import TensorEngine

/// Learning rates with learned schedules that a small network corrects, each coordinate's by what it sees of it: what
/// ``NominalOptimizer`` and ``NormalizedOptimizer`` have in common.
struct CorrectedRates: Sendable, Hashable {
    let schedule: LearnedSchedules
    /// What the rates are called, and what they are before meta-training.
    let names: [String]
    let initial: [Double]
    /// Units of the perceptron's hidden layer, all with tanh; 0 for schedules alone.
    let units: Int
    /// How many numbers of a coordinate the perceptron sees, beside t / T and (t / T)⁴.
    let ownInputs: Int

    private static let sharedInputs = 2

    private var hidden: LinearLayer {
        LinearLayer(name: "hidden", inputs: ownInputs + Self.sharedInputs, outputs: units)
    }
    private var output: LinearLayer { LinearLayer(name: "output", inputs: units, outputs: names.count) }

    /// Each schedule's knots, and weight and bias of the two layers.
    var parameters: [Parameter] {
        names.map(schedule.parameter) + (units > 0 ? hidden.parameters + output.parameters : [])
    }

    /// t / T, (t / T)⁴, and how much each knot counts.
    func scheduleValues(step: Int) -> [Double] {
        let share = schedule.share(step: step)
        return [share, power(share, 4)] + schedule.weights(step: step)
    }

    /// The rate of each rule, `[1, coordinates]`, or `[1, 1]` without a network.
    ///
    /// - Parameters:
    ///   - own: what the network sees of each coordinate, `[1, coordinates]` each.
    ///   - values: as ``scheduleValues(step:)`` has them.
    func rates(_ own: [Tensor], values: ArraySlice<Tensor>, parameters: [Tensor]) -> [Tensor] {
        var logarithms = schedule.logarithms(
            parameters[..<names.count], weights: values.dropFirst(Self.sharedInputs))
        if units > 0 {
            let shared = values.prefix(Self.sharedInputs).map { $0.reshaped([1, 1]) }
            let seen = hidden(
                Tensor.concatenating(own), common: Tensor.concatenating(shared),
                parameters: parameters.dropFirst(names.count)
            ).hyperbolicTangent()
            let corrections = output(seen, parameters: parameters.dropFirst(names.count + hidden.parameters.count))
            logarithms = logarithms.enumerated().map { $1 + corrections.sliced($0..<$0 + 1) }
        }
        return logarithms.map { $0.exponential() }
    }

    /// Schedules are constant at first, the hidden layer's weights random, and the output's so small that corrections
    /// hardly count.
    func initialize<Scalar: TensorScalar>(_ values: UnsafeMutablePointer<Scalar>, key: RandomKey) {
        InitialWeights.truncatedNormal.write(parameters, to: values, key: key)
        schedule.write(rates: initial, to: values)
        guard units > 0 else { return }
        let first = names.count * schedule.knots + hidden.parameters.elementCount
        for index in first..<first + output.parameters.elementCount { values[index] *= 0.01 }
    }
}
