import TensorEngine

/// A teacher network: a multilayer perceptron that looks at each weight of a student where it stands, and puts out what
/// becomes of it. Its size does not depend on the student's, so one teacher trains any student.
///
/// What it looks at are local features of a problem (means over the minibatch), the weight's value, and, only where it is
/// asked for, the gradient. Derivatives by its meta-parameters go through the value; what else it sees is taken as given.
public struct TeacherOptimizer: Optimizer, Hashable {
    /// What the output is.
    public enum Output: String, Hashable, Sendable, CaseIterable {
        /// The new value of the weight.
        case value
        /// What is added to it.
        case delta
        /// What is added to it, in units of its own size, |θ| + 0.01.
        case relativeDelta
    }

    public let localInputs: [LocalInput]
    public let looksAtValue: Bool
    public let looksAtGradient: Bool
    /// Decays of the exponential averages in which it sees everything that it sees once more; empty for no history.
    public let history: [Double]
    /// Units of each hidden layer, all with ELU.
    public let hidden: [Int]
    public let output: Output
    /// What the network's output is multiplied by.
    public let outputScale: Double

    public init(
        localInputs: [LocalInput], looksAtValue: Bool = true, looksAtGradient: Bool = false, history: [Double] = [],
        hidden: [Int] = [128, 128, 128], output: Output = .delta, outputScale: Double = 0.01
    ) {
        self.localInputs = localInputs
        self.looksAtValue = looksAtValue
        self.looksAtGradient = looksAtGradient
        self.history = history
        self.hidden = hidden
        self.output = output
        self.outputScale = outputScale
    }

    private var rows: Int { localRows + (looksAtValue ? 1 : 0) + (looksAtGradient ? 1 : 0) }

    private var dense: [LinearLayer] {
        let sizes = [rows * (1 + history.count)] + hidden + [1]
        return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
            LinearLayer(name: "dense\(index + 1)", inputs: sizes.0, outputs: sizes.1)
        }
    }

    /// Weight and bias of each layer.
    public var metaParameters: [Parameter] { dense.flatMap(\.parameters) }

    /// The averages of everything seen, one tensor for each decay.
    public var stateFeatures: [Int] { history.map { _ in rows } }

    /// The averages' bias corrections.
    public func scheduleValues(step: Int) -> [Double] { history.map { 1 / (1 - power($0, step)) } }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let parameter = coordinates.parameter
        let seen = Tensor.concatenating(
            [coordinates.local, looksAtValue ? parameter : nil, looksAtGradient ? coordinates.gradient : nil]
                .compactMap(\.self))
        let averages = zip(history, coordinates.state).map { decay, old in decay * old + (1 - decay) * seen }
        let corrected = zip(averages, coordinates.schedule).map { $0 * $1 }
        var values = Tensor.concatenating([seen] + corrected)
        for (index, layer) in dense.enumerated() {
            if index > 0 { values = Self.activation(values) }
            values = layer(values, parameters: metaParameters[(2 * index)...])
        }
        let change = values * outputScale
        let changed =
            switch output {
            case .value: change
            case .delta: parameter + change
            case .relativeDelta: parameter + change * (parameter.absoluteValue() + 0.01)
            }
        return .init(parameter: changed, state: averages)
    }

    private static func activation(_ x: Tensor) -> Tensor {
        x.isGreater(than: x.filled(with: 0)).select(x, x.minimum(0).exponential() - 1)
    }

    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        InitialWeights.truncatedNormal.write(metaParameters, to: values, key: key)
    }
}
