/// A graph while it is written down.
///
/// A trace is append-only, and equal nodes are one: asking twice for the same operation on the same operands gives the
/// same value, so repeated work never enters a graph. A trace is used by one thread.
public final class Trace {
    private(set) var nodes: [Node] = []
    private var known: [Node: NodeID] = [:]
    private var inputShapes: [Shape] = []
    /// Outputs of the next graph; and which input each overwrites that does.
    private var outputs: [Tensor] = []
    private var updating: [Int: Int] = [:]

    public init() {}

    /// Adds an input; inputs are numbered in the order of the calls. Its `inputSlot` is where plans read it.
    public func input(_ shape: Shape) -> Tensor {
        inputShapes.append(shape)
        return append(.input(inputShapes.count - 1), [], shape)
    }

    /// Adds an input of each shape, in their order.
    public func inputs(_ shapes: [Shape]) -> [Tensor] { shapes.map(input) }

    /// Adds an output to the next graph.
    ///
    /// - Parameter overwritten: an input of the same shape, to whose very memory the output may be bound. All other
    ///   memory that is bound must lie apart.
    /// - Returns: where plans of the graph write it.
    public func output(_ tensor: Tensor, overwriting overwritten: InputSlot? = nil) -> OutputSlot {
        check(tensor)
        if let overwritten {
            let shape = inputShapes[overwritten.index]
            precondition(
                shape == tensor.shape, "an output of shape \(tensor.shape) can't overwrite an input of shape \(shape)")
            updating[outputs.count] = overwritten.index
        }
        outputs.append(tensor)
        return OutputSlot(index: outputs.count - 1)
    }

    /// Adds outputs that lie in one vector.
    ///
    /// - Parameter offsets: where each begins in it; one directly after the other where there are none.
    public func outputs(_ tensors: [Tensor], offsets: [Int]? = nil) -> VectorSlots<OutputSlot> {
        VectorSlots(tensors.map { output($0) }, shapes: tensors.map(\.shape), offsets: offsets)
    }

    /// Adds outputs that lie in one vector as some inputs of the same shapes do, to whose very memory they may be bound.
    public func outputs(
        _ tensors: [Tensor], overwriting overwritten: VectorSlots<InputSlot>
    ) -> VectorSlots<OutputSlot> {
        precondition(tensors.count == overwritten.slots.count, "each output overwrites an input")
        return VectorSlots(
            zip(tensors, overwritten.slots).map { output($0, overwriting: $1) }, shapes: tensors.map(\.shape),
            offsets: overwritten.offsets)
    }

    /// A tensor whose elements all have one value.
    public func constant(_ value: Double, shape: Shape = .scalar) -> Tensor {
        append(.constant(value), [], shape)
    }

    /// The graph of the outputs that were added since the last one was taken.
    public func graph() -> Graph {
        defer { (outputs, updating) = ([], [:]) }
        return Graph(keeping: outputs.map(\.id), updating: updating, of: nodes, inputCount: inputShapes.count)
    }

    /// The graph of some outputs, in their order.
    public func graph(outputs: [Tensor]) -> Graph {
        for output in outputs { check(output) }
        return Graph(keeping: outputs.map(\.id), of: nodes, inputCount: inputShapes.count)
    }

    func tensor(_ id: NodeID) -> Tensor {
        Tensor(trace: self, id: id)
    }

    func append(_ operation: Operation, _ operands: [Tensor], _ shape: Shape) -> Tensor {
        for operand in operands { check(operand) }
        let node = Node(operation: operation, operands: operands.map(\.id), shape: shape)
        if let simpler = simplified(node) { return tensor(simpler) }
        if let id = known[node] { return tensor(id) }
        nodes.append(node)
        known[node] = nodes.count - 1
        return tensor(nodes.count - 1)
    }

    /// The value of a node whose elements are all the same constant.
    func constantValue(_ id: NodeID) -> Double? {
        if case .constant(let value) = nodes[id].operation { return value }
        return nil
    }

    private func check(_ tensor: Tensor) {
        precondition(tensor.trace === self, "a tensor of one trace was used in another")
    }
}

/// A finished graph: only the nodes that its outputs need, in an order in which operands come first.
public struct Graph: Sendable {
    let nodes: [Node]
    let outputs: [NodeID]
    /// The outputs that may be bound to the very memory of an input, with this input's index.
    let updating: [Int: Int]
    /// The shapes of the inputs, in order; nil for those that no output needs.
    public let inputShapes: [Shape?]

    /// The shapes of the outputs, in order.
    public var outputShapes: [Shape] { outputs.map { nodes[$0].shape } }

    /// How often each node is read, by nodes and as an output.
    var useCounts: [Int] {
        var counts = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for operand in node.operands { counts[operand] += 1 } }
        for output in outputs { counts[output] += 1 }
        return counts
    }

    init(keeping outputs: [NodeID], updating: [Int: Int] = [:], of nodes: [Node], inputCount: Int) {
        var needed = [Bool](repeating: false, count: nodes.count)
        for output in outputs { needed[output] = true }
        for id in nodes.indices.reversed() where needed[id] {
            for operand in nodes[id].operands { needed[operand] = true }
        }
        var renumbered = [NodeID](repeating: -1, count: nodes.count)
        var kept: [Node] = []
        var inputShapes = [Shape?](repeating: nil, count: inputCount)
        for (id, node) in nodes.enumerated() where needed[id] {
            if case .input(let index) = node.operation { inputShapes[index] = node.shape }
            renumbered[id] = kept.count
            kept.append(
                Node(operation: node.operation, operands: node.operands.map { renumbered[$0] }, shape: node.shape))
        }
        self.nodes = kept
        self.outputs = outputs.map { renumbered[$0] }
        self.updating = updating
        self.inputShapes = inputShapes
    }
}

extension Graph {
    /// Records an ordinary function over tensors as a graph.
    public static func tracing(_ inputs: [Shape], _ body: ([Tensor]) -> [Tensor]) -> Graph {
        let trace = Trace()
        return trace.graph(outputs: body(inputs.map { trace.input($0) }))
    }
}
