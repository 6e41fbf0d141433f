import TensorEngine

/// An LSTM with a linear layer on top that runs on every coordinate of a vector, with state of its own for each, and
/// meta-parameters of its own for each kind of parameter (Chen, Lu and Fokoue 2018, section 3.2).
struct CoordinateNetwork: Hashable, Sendable {
    let name: String
    /// How many numbers it reads of a coordinate; each goes through tanh first.
    let inputs: Int
    /// The number of units of each LSTM layer.
    let units: [Int]
    /// Whether its output is positive, by log(1 + eˣ).
    let isPositive: Bool

    private var memory: LongShortTermMemory { LongShortTermMemory(inputs: inputs, layers: units) }
    private var linear: LinearLayer { LinearLayer(name: "linear", inputs: memory.outputs, outputs: 1) }
    private var ownParameters: [Parameter] { memory.parameters + linear.parameters }

    /// Kind by kind those of the LSTM layers, then weight and bias of the linear layer.
    var metaParameters: [Parameter] {
        ParameterKind.allCases.flatMap { kind in
            ownParameters.map { $0.renamed("\(name)/\(kind.rawValue)/\($0.name)") }
        }
    }

    /// For each row of coordinates and each layer its output and its cell.
    func state(of kinds: CoordinateKinds) -> [CarriedTensor] {
        kinds.rows.enumerated().flatMap { index, row in
            memory.stateFeatures.enumerated().map {
                CarriedTensor("\(name)/\(index + 1)/state\($0 + 1)", [$1, row.count])
            }
        }
    }

    /// What it puts out for each coordinate, and the new state.
    ///
    /// - Parameters:
    ///   - vectors: what it reads, as many as `inputs`.
    ///   - state: a tensor for each of `state(of:)`.
    ///   - metaParameters: a tensor for each of `metaParameters`.
    func callAsFunction(
        _ vectors: [TensorVector], _ kinds: CoordinateKinds, state: [Tensor], metaParameters: [Tensor]
    ) -> (output: TensorVector, state: [Tensor]) {
        let rows = vectors.map { kinds.rows(of: $0) }
        let (perRow, perKind) = (memory.stateFeatures.count, ownParameters.count)
        var (outputs, newState) = ([Tensor](), [Tensor]())
        for (index, row) in kinds.rows.enumerated() {
            let read = Tensor.concatenating(rows.map { $0[index] }).hyperbolicTangent()
            let place = ParameterKind.allCases.firstIndex(of: row.kind)! * perKind
            let own = Array(metaParameters[place..<place + perKind])
            let (values, new) = memory(
                read, state: state[index * perRow..<(index + 1) * perRow], parameters: own)
            let value = linear(values, parameters: own.suffix(2))
            outputs.append(isPositive ? Self.softPlus(value) : value)
            newState += new
        }
        return (kinds.vector(outputs), newState)
    }

    /// log(1 + eˣ), which is smooth everywhere as computed: -log σ(-x), and x itself above 30, where σ(-x) is lost.
    private static func softPlus(_ x: Tensor) -> Tensor {
        let low = x.minimum(30)
        return (x - low) - (-low).sigmoid().logarithm()
    }
}
