import TensorKernels

/// A graph compiled for one element type: fused, with a place for every value. Compile once, run many times; running
/// allocates nothing.
///
/// A plan is immutable and may run on many threads at once, each with a memory of its own. Its results don't depend on
/// the thread.
public struct Plan<Scalar: TensorScalar>: Sendable {
    private let steps: StepList<Scalar>
    private let constants: [(offset: Int, value: Double)]
    private let arenaCount: Int
    private let scratchCount: Int
    private let slotCount: Int
    /// The slot of the first output.
    private let firstOutput: Int
    public let inputShapes: [Shape?]
    public let outputShapes: [Shape]

    /// Compiles a graph. Cost: proportional to its nodes, some microseconds each.
    public init(_ graph: Graph) {
        self.init(RewrittenGraph(graph))
    }

    /// Takes a graph apart that is to run for many values of one input, while all others stay the same. Together, the
    /// plans of the parts compute the same bits as the graph's.
    ///
    /// - Parameter input: the one on which the first output may depend.
    /// - Returns: `common` computes the other outputs, and behind them the values that it hands on; `own` computes the
    ///   first output from these, which are further inputs behind the graph's. Nil where another output depends on the
    ///   input too.
    public static func separating(
        _ graph: Graph, input: InputSlot
    ) -> (common: Plan, own: Plan, handed: HandedValues)? {
        RewrittenGraph(graph).separating(input: input.index).map { (Plan($0.common), Plan($0.own), $0.handed) }
    }

    private init(_ graph: RewrittenGraph) {
        inputShapes = graph.inputShapes
        outputShapes = graph.outputs.map { graph.nodes[$0].shape }
        firstOutput = graph.firstOutput
        let lowering = Lowering(graph)
        let storage = StoragePlan(lowering)
        var assembly = Assembly<Scalar>(lowering, storage)
        let steps = lowering.kernels.map { assembly.step($0) }
        self.steps = StepList(steps)
        constants = assembly.constants.map { (offset: $0.value.offset, value: $0.key) }
        arenaCount = assembly.arenaCount
        scratchCount = steps.map(\.scratchCount).max() ?? 0
        slotCount = assembly.slotCount
    }

    /// Whether an output depends on an input, so that the input must be bound.
    public func reads(_ slot: InputSlot) -> Bool { inputShapes[slot.index] != nil }

    /// About how many elements the memory has, beside inputs and outputs.
    public var memoryCount: Int { arenaCount + scratchCount * steps.pieceCount }

    /// Memory in which this plan, and no other, runs.
    public func makeMemory() -> PlanMemory<Scalar> {
        PlanMemory(
            pieceCount: steps.pieceCount, arenaCount: arenaCount, scratchCount: scratchCount, slotCount: slotCount,
            inputCount: inputShapes.count, outputCount: outputShapes.count, firstOutput: firstOutput,
            constants: constants)
    }

    /// Computes the outputs from the inputs that are bound in a memory of this plan. Allocates nothing.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func run(_ memory: PlanMemory<Scalar>) {
        steps.run(memory)
    }

    /// The same, with the pieces of large steps handed to an executor. The result is the same to the bit.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func run(_ memory: PlanMemory<Scalar>, on executor: any PieceExecutor) {
        steps.run(memory, on: executor)
    }

    /// Runs the plan on arrays in memory of its own: for tests and for work that is done once.
    public func callAsFunction(_ inputs: [[Scalar]]) -> [[Scalar]] {
        precondition(inputs.count == inputShapes.count, "\(inputShapes.count) inputs are wanted, \(inputs.count) given")
        let memory = makeMemory()
        let inputCopies = inputs.enumerated().map { index, values in
            precondition(
                inputShapes[index].map { $0.count == values.count } ?? true,
                "input \(index) has \(values.count) elements, not \(String(describing: inputShapes[index]))")
            let copy = UnsafeMutablePointer<Scalar>.allocate(capacity: max(values.count, 1))
            copy.initialize(from: values, count: values.count)
            memory.bind(input: index, to: copy)
            return copy
        }
        let results = outputShapes.enumerated().map { index, shape in
            let result = UnsafeMutablePointer<Scalar>.allocate(capacity: max(shape.count, 1))
            result.initialize(repeating: 0, count: max(shape.count, 1))
            memory.bind(output: index, to: result)
            return result
        }
        defer { (inputCopies + results).forEach { $0.deallocate() } }
        run(memory)
        return zip(results, outputShapes).map { Array(UnsafeBufferPointer(start: $0, count: $1.count)) }
    }
}
