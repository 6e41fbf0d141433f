import TensorEngine

/// A teacher network: a multilayer perceptron that looks at each weight of a student where it stands, and puts out what
/// becomes of it. Its size does not depend on the student's, so one teacher trains any student.
///
/// What it looks at are local features of a problem, the weight's value, and, only where it is asked for, the gradient.
/// Each thing is shifted, scaled and cut off at ±5 before the network sees it. Derivatives by its meta-parameters go through the value; what else it sees is taken as given. From its two outputs d
/// and e it makes s d exp(4 tanh(e / 4)), which is between s d / 55 and 55 s d: so it can choose among sizes.
public struct TeacherOptimizer: CoordinatewiseOptimizer, Hashable {
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
    /// Whether it is run for each example of a minibatch and its outputs averaged, or once for the whole.
    public let looksAtExamples: Bool
    public let looksAtValue: Bool
    public let looksAtGradient: Bool
    /// Decays of the exponential averages in which it sees everything that it sees once more; empty for none.
    public let history: [Double]
    /// Units of an LSTM that remembers what it saw, between what it sees and the perceptron; 0 for none.
    public let recurrentUnits: Int
    /// Units of each hidden layer, all with ELU.
    public let hidden: [Int]
    public let output: Output
    /// s: what the network's output is multiplied by.
    public let outputScale: Double

    public init(
        localInputs: [LocalInput], looksAtExamples: Bool = false, looksAtValue: Bool = true,
        looksAtGradient: Bool = false, history: [Double] = [], recurrentUnits: Int = 0,
        hidden: [Int] = [128, 128, 128],
        output: Output = .delta, outputScale: Double = 0.01
    ) {
        self.localInputs = localInputs
        self.looksAtExamples = looksAtExamples
        self.looksAtValue = looksAtValue
        self.looksAtGradient = looksAtGradient
        self.history = history
        self.recurrentUnits = recurrentUnits
        self.hidden = hidden
        self.output = output
        self.outputScale = outputScale
    }

    /// How it sees a gradient: at k = 10, signs are told from 4.5e-5 on.
    private static let gradientInputs = GradientInputs.logAndSign(k: 10)
    private static let largestExponent = 4.0

    /// What it sees is cut off here: a weight that has grown beyond all others must not have it grow faster still.
    private static let farthest = 5.0

    private var localRows: Int { localRows(examples: 1) }

    /// What is averaged, the gradient as it is; its last row.
    private var seenRows: Int { localRows + (looksAtValue ? 1 : 0) + (looksAtGradient ? 1 : 0) }

    /// What the network sees at once, the gradient by its logarithm and sign.
    private var rows: Int { seenRows + (looksAtGradient ? Self.gradientInputs.count - 1 : 0) }

    private var memory: LongShortTermMemory {
        LongShortTermMemory(inputs: rows * (1 + history.count), layers: recurrentUnits > 0 ? [recurrentUnits] : [])
    }

    private var dense: [LinearLayer] {
        let sizes = [memory.inputs + recurrentUnits] + hidden + [2]
        return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
            LinearLayer(name: "dense\(index + 1)", inputs: sizes.0, outputs: sizes.1)
        }
    }

    /// Shift and scale of each thing it sees, then the LSTM's, then weight and bias of each layer.
    public var metaParameters: [Parameter] {
        [Parameter("inputs/shift", [memory.inputs]), Parameter("inputs/scale", [memory.inputs])] + memory.parameters
            + dense.flatMap(\.parameters)
    }

    /// The averages of everything seen, one tensor for each decay, and the LSTM's state.
    public var stateFeatures: [Int] { history.map { _ in seenRows } + memory.stateFeatures }

    /// The averages' bias corrections.
    public func scheduleValues(step: Int) -> [Double] { history.map { 1 / (1 - power($0, step)) } }

    public func update(_ coordinates: Coordinates, metaParameters: [Tensor]) -> Coordinates.Updated {
        let examples = looksAtExamples ? coordinates.local.map { $0.shape[0] / localRows } ?? 1 : 1
        let observed = observe(coordinates, examples: examples)
        let memories = coordinates.state.dropFirst(history.count).map { Self.repeating($0, examples) }
        let answer = answer(observed.inputs, state: memories, metaParameters: metaParameters)
        let parameter = coordinates.parameter
        let change = Self.mean(answer.values, of: examples) * outputScale
        let changed =
            switch output {
            case .value: change
            case .delta: parameter + change
            case .relativeDelta: parameter + change * (parameter.absoluteValue() + 0.01)
            }
        return .init(
            parameter: changed, state: observed.state + answer.state.map { Self.mean($0, of: examples) })
    }

    /// What it sees of some coordinates, `[inputs, examples · coordinates]`, and the new averages.
    private func observe(_ coordinates: Coordinates, examples: Int) -> (inputs: Tensor, state: [Tensor]) {
        let local = coordinates.local.map { local in
            Tensor.concatenating(
                (0..<examples).map { local.sliced($0 * localRows..<($0 + 1) * localRows) }, axis: 1)
        }
        let own = [looksAtValue ? coordinates.parameter : nil, looksAtGradient ? coordinates.gradient : nil]
        let seen = Tensor.concatenating(
            [local].compactMap(\.self) + own.compactMap { $0.map { Self.repeating($0, examples) } })
        let whole = Self.mean(seen, of: examples)
        let averages = zip(history, coordinates.state).map { decay, old in decay * old + (1 - decay) * whole }
        let corrected = zip(averages, coordinates.schedule).map { Self.repeating(readable($0 * $1), examples) }
        return (Tensor.concatenating([readable(seen)] + corrected), averages)
    }

    /// With the gradient as the network reads it.
    private func readable(_ seen: Tensor) -> Tensor {
        guard looksAtGradient else { return seen }
        let gradient = Self.gradientInputs(seen.sliced(seenRows - 1..<seenRows))
        return seenRows > 1 ? Tensor.concatenating([seen.sliced(0..<seenRows - 1), gradient]) : gradient
    }

    /// The network: from what it sees to one row of answers, which `outputScale` multiplies, and the LSTM's new state.
    private func answer(
        _ inputs: Tensor, state: [Tensor], metaParameters: [Tensor]
    ) -> (values: Tensor, state: [Tensor]) {
        let column: Shape = [memory.inputs, 1]
        let scaled = inputs * metaParameters[1].reshaped(column) + metaParameters[0].reshaped(column)
        let seen = scaled.maximum(-Self.farthest).minimum(Self.farthest)
        let (remembered, new) = memory(seen, state: state, parameters: Array(metaParameters.dropFirst(2)))
        var values = recurrentUnits > 0 ? Tensor.concatenating([seen, remembered]) : seen
        let first = 2 + memory.parameters.count
        for (index, layer) in dense.enumerated() {
            if index > 0 { values = Self.activation(values) }
            values = layer(values, parameters: metaParameters[(first + 2 * index)...])
        }
        let exponent = (values.sliced(1..<2) * (1 / Self.largestExponent)).hyperbolicTangent() * Self.largestExponent
        return (values.sliced(0..<1) * exponent.exponential(), new)
    }

    /// For each of the examples once.
    private static func repeating(_ values: Tensor, _ examples: Int) -> Tensor {
        examples == 1 ? values : Tensor.concatenating(Array(repeating: values, count: examples), axis: 1)
    }

    /// Over the examples, `[rows, examples · coordinates]` to `[rows, coordinates]`.
    private static func mean(_ values: Tensor, of examples: Int) -> Tensor {
        guard examples > 1 else { return values }
        let (rows, coordinates) = (values.shape[0], values.shape[1] / examples)
        return (values.reshaped([rows, examples, coordinates]).sum(axes: [1]) * (1 / Double(examples)))
            .reshaped([rows, coordinates])
    }

    private static func activation(_ x: Tensor) -> Tensor {
        x.isGreater(than: x.filled(with: 0)).select(x, x.minimum(0).exponential() - 1)
    }

    /// Inputs as they are, weights as ``InitialWeights`` has them but for the last layer, which is 0: so a new teacher does
    /// nothing, in place of drowning in changes at random what the student starts with.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        let parameters = metaParameters
        InitialWeights.truncatedNormal.write(parameters, to: values, key: key)
        (values + memory.inputs).update(repeating: 1, count: memory.inputs)
        let last = parameters[parameters.count - 2]
        (values + parameters.offsets[parameters.count - 2]).update(repeating: 0, count: last.shape.count)
    }
}

extension TeacherOptimizer: ImitatingOptimizer {
    public var imitationObstacle: String? {
        if looksAtExamples { return "perSample: pairs are of whole minibatches" }
        if recurrentUnits > 0 { return "recurrentUnits: what an LSTM remembers depends on its weights" }
        return nil
    }

    public var observedRows: Int { memory.inputs }

    public func observe(_ coordinates: Coordinates) -> (inputs: Tensor, state: [Tensor]) {
        observe(coordinates, examples: 1)
    }

    public func answer(_ inputs: Tensor, metaParameters: [Tensor]) -> Tensor {
        answer(inputs, state: [], metaParameters: metaParameters).values
    }

    public func answer(turning value: Double, into changed: Double) -> Double {
        switch output {
        case .value: changed / outputScale
        case .delta: (changed - value) / outputScale
        case .relativeDelta: (changed - value) / (abs(value) + 0.01) / outputScale
        }
    }
}
