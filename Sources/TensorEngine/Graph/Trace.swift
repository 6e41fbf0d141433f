/// A graph while it is written down.
///
/// A trace is append-only, and equal nodes are one: asking twice for the same operation on the same operands gives the
/// same value, so repeated work never enters a graph. A trace is used by one thread.
public final class Trace {
    private(set) var nodes: [Node] = []
    private var known: [Node: NodeID] = [:]
    private var inputCount = 0

    public init() {}

    /// Adds an input of the graph; inputs are numbered in the order of the calls.
    public func input(_ shape: Shape) -> Tensor {
        defer { inputCount += 1 }
        return append(.input(inputCount), [], shape)
    }

    /// A tensor whose elements all have one value.
    public func constant(_ value: Double, shape: Shape = .scalar) -> Tensor {
        append(.constant(value), [], shape)
    }

    /// Ends the trace at these outputs.
    public func graph(outputs: [Tensor]) -> Graph {
        for output in outputs { check(output) }
        return Graph(keeping: outputs.map(\.id), of: nodes, inputCount: inputCount)
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

    init(keeping outputs: [NodeID], of nodes: [Node], inputCount: Int) {
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
