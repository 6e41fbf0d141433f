/// What students of drawn architectures are grouped by.
public enum ArchitectureProperty: String, Sendable, CaseIterable {
    /// The number of hidden layers.
    case depth
    /// The number of weights.
    case weights

    public func value(of architecture: StudentArchitecture) -> Int {
        switch self {
        case .depth: architecture.depth
        case .weights: architecture.weights
        }
    }

    /// Ranges that part `values`, none of them empty: each depth by itself, weights in groups of about equal size.
    func ranges(of values: [Int]) -> [Range<Int>] {
        switch self {
        case .depth: Set(values).sorted().map { $0..<$0 + 1 }
        case .weights: RoundRanges.parting(values)
        }
    }
}
