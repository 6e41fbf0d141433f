/// A named tensor that something is learned in: a weight matrix of an optimizee, a meta-parameter of an optimizer.
public struct Parameter: Hashable, Sendable {
    /// A path such as `dense1/weight`.
    public let name: String
    public let shape: Shape
    public let kind: ParameterKind
    /// Whether the last row of a matrix is a bias, against an input of 1; the other rows are of its kind.
    public let endsInBias: Bool

    public init(_ name: String, _ shape: Shape, _ kind: ParameterKind = .other, endsInBias: Bool = false) {
        precondition(!endsInBias || shape.rank == 2, "only a matrix ends in a bias")
        self.name = name
        self.shape = shape
        self.kind = kind
        self.endsInBias = endsInBias
    }

    /// The same under another name.
    public func renamed(_ name: String) -> Parameter { Parameter(name, shape, kind, endsInBias: endsInBias) }
}

/// What a parameter is in a network: an optimizer may have a rule for each.
public enum ParameterKind: String, Hashable, Sendable, CaseIterable {
    /// Weights of a dense layer, `[inputs, units]`, or `[inputs + 1, units]` where they end in the bias.
    case denseKernel
    /// `[units]`
    case denseBias
    /// `[height, width, channels, filters]`
    case convolutionKernel
    /// `[filters]`
    case convolutionBias
    /// What normalized values are multiplied by, `[channels]`.
    case normalizationScale
    /// What is added to normalized values, `[channels]`.
    case normalizationOffset
    /// Anything else, such as the point at which a function is evaluated.
    case other
}

extension Array where Element == Parameter {
    /// How many elements all of them have together.
    public var elementCount: Int { reduce(0) { $0 + $1.shape.count } }

    /// Where each begins when they lie one after the other.
    public var offsets: [Int] { map(\.shape).offsets }
}
