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

    private static let averages = FactoredAverages(
        momenta: momenta.count, squares: squares.count, factored: factored.count)

    public func state(of parameters: [Parameter]) -> [CarriedTensor] { Self.averages.state(of: parameters) }

    public func scheduleValues(step: Int) -> [Double] { network.scheduleValues(step: step) }

    public func update(_ point: OptimizationPoint, metaParameters: [Tensor]) -> OptimizationPoint.Updated {
        let row = ParameterColumns.coordinates
        func decays(_ index: Int, _ initial: [Double], areClipped: Bool) -> [Tensor] {
            initial.enumerated().map { Self.decay(metaParameters[index], $0, $1, isClipped: areClipped) }
        }
        let found = Self.averages.found(
            point.gradient, at: point, momenta: decays(0, Self.momenta, areClipped: false),
            squares: decays(1, Self.squares, areClipped: true), factored: decays(2, Self.factored, areClipped: true))
        let parameters = row.columns(of: point.parameters)
        let inverse = 1 / (found.squares + 1e-6).squareRoot()
        let plain = Tensor.concatenating([
            row.columns(of: point.gradient), parameters, found.means, found.squares, found.means * inverse, inverse,
        ])
        let change = network.change(
            Tensor.concatenating([plain, Tensor.concatenating(found.factored, axis: 1)]),
            tensors: point.described.map(\.shape.count), schedule: point.schedule,
            parameters: metaParameters.dropFirst(Self.decays.count))
        return .init(parameters: row.tensors(parameters - change, as: point.described), state: found.state)
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
