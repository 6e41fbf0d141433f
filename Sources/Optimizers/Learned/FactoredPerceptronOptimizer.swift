import Formats
import TensorEngine

/// The small network of Metz et al. ("Practical tradeoffs between memory, compute, and performance in learned optimizers",
/// 2022, arXiv:2203.11860), as the package `learned_optimization` has it in `adafac_mlp_lopt`: beside averages of the
/// gradient it sees Adafactor's (Shazeer and Stern 2018), which know a matrix by its rows and columns.
///
/// A coordinate's 28 features are its gradient and value, averages m of the gradient with three decays, v of its square
/// with one, m / √v, 1 / √v, and with three decays each the gradient by Adafactor's scale, the averages of its row and its
/// column and their inverse roots, and m by Adafactor's scale. They are divided by their root mean squares over the
/// tensor, the step comes through tanh, and θ' = θ − s d exp(c e), as in ``PerceptronOptimizer``. The decays are learned
/// too: a decay is 1 − (1 − d) exp(10 ω) of what it begins as, d, and a meta-parameter ω that is 0 at first.
///
/// Rows and columns of a tensor are its two longest dimensions; a vector's average is that of its elements.
public struct FactoredPerceptronOptimizer: Optimizer, Hashable {
    private let network: PerceptronNetwork

    /// - Parameters:
    ///   - hidden: units of each hidden layer, all with ReLU.
    ///   - outputScale: s.
    ///   - exponentScale: c.
    public init(hidden: [Int] = [4, 4], outputScale: Double = 0.001, exponentScale: Double = 0.001) {
        network = PerceptronNetwork(
            ownInputs: 28, hidden: hidden, outputScale: outputScale, exponentScale: exponentScale)
    }

    private static let momenta = [0.9, 0.99, 0.999]
    private static let squares = [0.999]
    private static let factored = [0.9, 0.99, 0.999]
    private static var decays: [Parameter] {
        [
            Parameter("momentumDecays", [momenta.count]), Parameter("squareDecays", [squares.count]),
            Parameter("factoredDecays", [factored.count]),
        ]
    }

    /// ω of all decays, and weight and bias of each layer.
    public var metaParameters: [Parameter] { Self.decays + network.parameters }

    /// Averages of the gradient and of its square, `[decays, coordinates]`, and Adafactor's: of each tensor those of its rows
    /// and of its columns, or of its elements.
    public func state(of parameters: [Parameter]) -> [CarriedTensor] {
        let count = parameters.elementCount
        return [
            CarriedTensor("averages", [Self.momenta.count, count]),
            CarriedTensor("squares", [Self.squares.count, count]),
        ]
            + parameters.flatMap { parameter in
                guard let (row, column) = Self.sides(parameter.shape) else {
                    return [CarriedTensor("elements/\(parameter.name)", Self.stacked(parameter.shape))]
                }
                return [
                    CarriedTensor("rows/\(parameter.name)", Self.stacked(Self.without(column, parameter.shape))),
                    CarriedTensor("columns/\(parameter.name)", Self.stacked(Self.without(row, parameter.shape))),
                ]
            }
    }

    /// The two longest dimensions, the longest one second, as the package's `factored_dims`; nil of vectors.
    private static func sides(_ shape: Shape) -> (row: Int, column: Int)? {
        guard shape.sizes.count > 1 else { return nil }
        let order = shape.sizes.indices.sorted { (shape.sizes[$0], $0) < (shape.sizes[$1], $1) }
        return (order[order.count - 2], order[order.count - 1])
    }

    /// The shape with one dimension of length 1.
    private static func without(_ dimension: Int, _ shape: Shape) -> Shape {
        var sizes = shape.sizes
        sizes[dimension] = 1
        return Shape(sizes)
    }

    /// One such tensor for each decay.
    private static func stacked(_ shape: Shape) -> Shape { Shape([factored.count] + shape.sizes) }

    public func scheduleValues(step: Int) -> [Double] { network.scheduleValues(step: step) }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let row = ParameterColumns.coordinates
        let (parameters, gradient) = (row.columns(of: point.parameters), row.columns(of: point.gradient))
        func averages(_ index: Int, _ decays: [Double], of value: Tensor, isClipped: Bool) -> Tensor {
            Tensor.concatenating(
                decays.enumerated().map { place, decay in
                    let kept = Self.decay(metaParameters[index], place, decay, isClipped: isClipped).reshaped([1, 1])
                    return kept * point.state[index].sliced(place..<place + 1) + (1 - kept) * value
                })
        }
        let means = averages(0, Self.momenta, of: gradient, isClipped: false)
        let squares = averages(1, Self.squares, of: gradient.squared(), isClipped: true)
        let inverse = 1 / (squares + 1e-6).squareRoot()
        let plain = Tensor.concatenating([gradient, parameters, means, squares, means * inverse, inverse])

        var (remembered, first) = (point.state[2...], 0)
        var state = [means, squares]
        let factored = zip(point.described, point.gradient).map { parameter, gradient -> Tensor in
            let count = parameter.shape.count
            defer { first += count }
            let own = Adafactor(
                gradient, means: means.sliced(first..<first + count, axis: 1), sides: Self.sides(parameter.shape),
                decays: Self.factored.indices.map {
                    Self.decay(metaParameters[2], $0, Self.factored[$0], isClipped: true)
                }, remembered: remembered.prefix(parameter.shape.sizes.count > 1 ? 2 : 1))
            remembered = remembered.dropFirst(own.state.count)
            state += own.state
            return own.features
        }
        let change = network.change(
            Tensor.concatenating([plain, Tensor.concatenating(factored, axis: 1)]),
            tensors: point.described.map(\.shape.count), schedule: point.schedule,
            parameters: metaParameters.dropFirst(Self.decays.count))
        return .init(parameters: row.tensors(parameters - change, as: point.described), state: state)
    }

    private static func decay(_ learned: Tensor, _ index: Int, _ initial: Double, isClipped: Bool) -> Tensor {
        let decay = 1 - (1 - initial) * (10 * learned.sliced(index..<index + 1)).exponential()
        return isClipped ? decay.maximum(0).minimum(1) : decay
    }

    /// Decays as they begin, weights random.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        InitialWeights.truncatedNormal.write(metaParameters, to: values, key: key)
        values.update(repeating: 0, count: Self.decays.elementCount)
    }
}

extension LearnedOptimizerKind {
    /// ``FactoredPerceptronOptimizer``.
    public static let factoredPerceptron = LearnedOptimizerKind(
        "adafacMlp", "The multilayer perceptron of Metz et al. 2022, which sees Adafactor's averages too.",
        fields: PerceptronNetwork.fields(hidden: [4, 4])
    ) { settings in
        FactoredPerceptronOptimizer(
            hidden: settings.integers("hidden"), outputScale: settings.number("outputScale"),
            exponentScale: settings.number("exponentScale"))
    }
}
