import Formats
import Nouns
import TensorEngine

/// The square of a number, by a deep and narrow network: how well depth approximates x² is known (arXiv:1807.00297).
///
/// The first and the last layer are linear, those between have ReLU. A step sees inputs that are uniform in ±range, and the
/// loss is the mean squared error.
public struct Square: Objective, DataSource, Hashable {
    /// Units of the layers between the input and the output.
    public let widths: [Int]
    /// How far inputs go.
    public let range: Double
    public let batchSize: Int
    public let initialization: Initialization

    /// How weights are drawn at first; biases are uniform within 1/√fan-in in any case.
    public enum Initialization: String, Hashable, Sendable, CaseIterable {
        /// Uniform within 1/√fan-in.
        case uniform
        /// Uniform within √(6 / fan-in) where the inputs come out of ReLU, so that signals neither die out nor grow (He et
        /// al. 2015), √(3 / fan-in) elsewhere.
        case he
    }

    public init(
        widths: [Int] = [4, 4, 4, 4], range: Double = 2, batchSize: Int = 100, initialization: Initialization = .uniform
    ) {
        self.widths = widths
        self.range = range
        self.batchSize = batchSize
        self.initialization = initialization
    }

    /// Weights of a layer are drawn uniformly within it.
    func kernelBound(ofLayer index: Int) -> Double {
        let inputs = Double(sizes[index].inputs)
        switch initialization {
        case .uniform: return 1 / inputs.squareRoot()
        // What comes out of ReLU has half the mean square.
        case .he: return ((index > 0 && isRectified(index - 1) ? 6 : 3) / inputs).squareRoot()
        }
    }

    /// How many numbers go into each layer, and how many come out.
    var sizes: [(inputs: Int, outputs: Int)] {
        zip([1] + widths, widths + [1]).map { ($0, $1) }
    }

    /// Layers with ReLU.
    var depth: Int { widths.count - 1 }

    public var parameters: [Parameter] {
        sizes.enumerated().flatMap { index, size in
            [
                Parameter("dense\(index + 1)/kernel", [size.inputs, size.outputs], .denseKernel),
                Parameter("dense\(index + 1)/bias", [size.outputs], .denseBias),
            ]
        }
    }

    public var isFresh: Bool { true }
    public var isLossConvex: Bool { true }
    public var hasFixedBatch: Bool { true }
    public var minibatchExamples: Int { batchSize }

    /// The inputs.
    public func shapes(of batch: Batch) -> [Shape] { [[batchSize, 1]] }

    public func fill<Scalar: TensorScalar>(_ tensors: [TensorElements<Scalar>], _ batch: Batch, key: RandomKey) {
        guard case .minibatch(let step) = batch else { return Self.fillGrid(tensors[0], range: range) }
        Self.fillInputs(tensors[0], range: range, key: key.derived("minibatch", UInt64(step)))
    }

    static func fillInputs<Scalar: TensorScalar>(_ inputs: TensorElements<Scalar>, range: Double, key: RandomKey) {
        var stream = RandomStream(key)
        inputs.fillUniform(&stream, in: -range..<range)
    }

    static func fillGrid<Scalar: TensorScalar>(_ inputs: TensorElements<Scalar>, range: Double) {
        for index in 0..<inputs.count { inputs[index] = Scalar(grid(index, of: inputs.count, range: range)) }
    }

    /// Inputs at equal distances, both ends among them.
    static func grid(_ index: Int, of count: Int, range: Double) -> Double {
        count == 1 ? 0 : range * (2 * Double(index) / Double(count - 1) - 1)
    }

    /// The network's answer less the square.
    public func outputs(_ inputs: ObjectiveInputs) -> ObjectiveOutputs {
        var values = inputs.batch[0]
        for index in sizes.indices {
            values = values.matrixProduct(inputs.parameters[2 * index]) + inputs.parameters[2 * index + 1]
            if isRectified(index) { values = values.maximum(0) }
        }
        return ObjectiveOutputs([values - inputs.batch[0].squared()])
    }

    func isRectified(_ layer: Int) -> Bool { layer > 0 && layer < sizes.count - 1 }

    public func loss(_ outputs: [Tensor], batch: [Tensor]) -> Tensor { outputs[0].squared().mean() }

    public func initialize<Scalar: TensorScalar>(_ parameters: [TensorElements<Scalar>], key: RandomKey) {
        for (index, tensor) in parameters.enumerated() {
            var stream = RandomStream(key.derived("initial parameters", UInt64(index)))
            let bound =
                index.isMultiple(of: 2)
                ? kernelBound(ofLayer: index / 2) : 1 / Double(sizes[index / 2].inputs).squareRoot()
            for element in 0..<tensor.count { tensor[element] = Scalar(stream.uniform(in: -bound..<bound)) }
        }
    }
}

extension ProblemKind {
    /// ``Square``, whose range of training inputs can be tuned.
    public static let square = ProblemKind(
        "square", "A deep and narrow ReLU network that learns x².",
        fields: { _ in
            [
                Field(
                    "widths", .list(of: .number(.whole(1...4096))), default: [4, 4, 4, 4],
                    "Units of each layer between input and output; the first is linear, the others have ReLU."),
                Field(
                    "validationRange", .number(.positive), default: 2,
                    "Inputs go so far, on both sides of 0; in self-tuning those that it is validated on."),
                .batchSize,
                Field(
                    "initialization", .choice(Square.Initialization.allCases.map(\.rawValue)), .implied("uniform"),
                    "How weights are drawn: within 1/sqrt(fan-in), or as He et al. 2015 have it for ReLU."),
            ]
        }
    ) { settings, _ in
        let square = Square(
            widths: settings.integers("widths"), range: settings.number("validationRange"),
            batchSize: settings.integer("batchSize"),
            initialization: settings.choice(ifGiven: "initialization") ?? .uniform)
        return FixedProblem(Problem(square, square, tunable: square))
    }
}
