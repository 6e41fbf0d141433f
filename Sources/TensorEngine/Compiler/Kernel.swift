import TensorKernels

/// One unit of work of a plan before its values have places in memory.
struct Kernel {
    enum Code {
        /// Elementwise nodes over as many elements, run tile by tile.
        case program(nodes: [NodeID], count: Int)
        case product(Contraction)
        /// Zeros with the elements of a value added to a view of them that may overlap itself.
        case fold(source: Reference, destination: Reference)
        /// Sum or maximum over the middle of three dimensions.
        case reduction(isSum: Bool, operand: Reference, outer: Int, reduced: Int, inner: Int)
        /// Elements of a value, or copies of a constant, to a box of the result.
        case copy(source: Source, destination: Reference, zeroesFirst: Bool)
    }

    enum Source: Hashable {
        case value(Reference)
        case constant(Double)
    }

    var code: Code
    /// The base values that are written.
    var writes: [NodeID]
    /// The base values that are read from memory.
    var reads: Set<NodeID> = []
}
