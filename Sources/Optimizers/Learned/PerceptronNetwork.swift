import Formats
import TensorEngine

/// What the learned optimizers of `learned_optimization` have in common: features of each coordinate, divided by their
/// root mean squares over the parameter tensor, and of the time, through a perceptron with two outputs d and e, from which
/// come the changes −s d exp(c e).
struct PerceptronNetwork: Hashable, Sendable {
    /// How many features a coordinate has of its own.
    let ownInputs: Int
    /// Units of each hidden layer, all with ReLU.
    let hidden: [Int]
    /// s.
    let outputScale: Double
    /// c.
    let exponentScale: Double

    private static let timeScales = [1.0, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]
    /// Added to mean squares.
    private static let epsilon = 1e-5

    private var dense: [LinearLayer] {
        LinearLayer.perceptron(inputs: ownInputs + Self.timeScales.count, hidden: hidden, outputs: 2)
    }

    /// Weight and bias of each layer.
    var parameters: [Parameter] { dense.flatMap(\.parameters) }

    /// t / T − 1 for each of eleven time scales T, where the first update has t = 0; the network sees their tanh.
    func scheduleValues(step: Int) -> [Double] { Self.timeScales.map { Double(step - 1) / $0 - 1 } }

    static func hiddenField(_ units: [Int]) -> Field {
        Field(
            "hidden", .list(of: .number(.units), mayBeEmpty: true), default: .array(units.map { .integer($0) }),
            "Hidden units of each layer.")
    }

    /// What a spec says of it.
    static func fields(hidden: [Int]) -> [Field] {
        [
            hiddenField(hidden),
            Field(
                "outputScale", .number(.positive), default: 0.001,
                "What the direction is multiplied by to give the change of a parameter."),
            Field(
                "exponentScale", .number(.positive), default: 0.001,
                "What the magnitude is multiplied by before its exponential is taken."),
        ]
    }

    /// What is taken from each coordinate, `[1, coordinates]`.
    ///
    /// - Parameters:
    ///   - own: `[own inputs, coordinates]`.
    ///   - tensors: how many coordinates each parameter tensor has.
    func change(
        _ own: Tensor, tensors: [Int], schedule: [Tensor], parameters: ArraySlice<Tensor>
    ) -> Tensor {
        let time = Tensor.concatenating(schedule.map { $0.reshaped([1, 1]) }).hyperbolicTangent()
        var values = dense[0](Self.normalized(own, tensors: tensors), common: time, parameters: parameters)
        for (index, layer) in dense.enumerated().dropFirst() {
            values = layer(values.maximum(0), parameters: parameters.dropFirst(2 * index))
        }
        let magnitude = (values.sliced(1..<2) * exponentScale).exponential() * outputScale
        return values.sliced(0..<1) * magnitude
    }

    /// Rows of features divided by their root mean squares over each parameter tensor.
    private static func normalized(_ features: Tensor, tensors: [Int]) -> Tensor {
        var first = 0
        return Tensor.concatenating(
            tensors.map { count in
                defer { first += count }
                let own = features.sliced(first..<first + count, axis: 1)
                let meanSquare = own.squared().sum(axes: [1]) * (1 / Double(count))
                return own / (meanSquare + epsilon).squareRoot()
            }, axis: 1)
    }
}
