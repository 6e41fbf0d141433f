import TensorEngine

/// Which optimizer updates which parameters: that of the first group whose pattern the parameter's name matches.
///
/// Learned optimizers and hand-designed ones may stand side by side; the meta-parameters are those of all of them.
public struct ParameterGroups: Sendable {
    public struct Group: Sendable {
        public let pattern: NamePattern
        public let optimizer: any Optimizer

        public init(_ pattern: NamePattern, _ optimizer: any Optimizer) {
            self.pattern = pattern
            self.optimizer = optimizer
        }
    }

    public let groups: [Group]

    public init(_ groups: [Group]) {
        precondition(!groups.isEmpty, "parameters need an optimizer")
        self.groups = groups
    }

    /// One optimizer for all parameters.
    public init(_ optimizer: any Optimizer) {
        self.init([Group(NamePattern("*"), optimizer)])
    }

    /// Those of the groups, one group after the other; with several groups, those of the first are called `1/…`.
    public var metaParameters: [Parameter] {
        guard groups.count > 1 else { return groups[0].optimizer.metaParameters }
        return groups.enumerated().flatMap { index, group in
            group.optimizer.metaParameters.map { Parameter("\(index + 1)/\($0.name)", $0.shape) }
        }
    }

    /// Where each group's begin when all meta-parameters lie one after the other.
    public var metaParameterOffsets: [Int] {
        var total = 0
        return groups.map { group in
            defer { total += group.optimizer.metaParameters.elementCount }
            return total
        }
    }

    /// Writes initial meta-parameters, one after the other.
    public func initializeMetaParameters<Scalar: TensorScalar>(
        _ values: UnsafeMutablePointer<Scalar>, key: RandomKey
    ) {
        for (index, (group, offset)) in zip(groups, metaParameterOffsets).enumerated() {
            let own = groups.count > 1 ? key.derived("parameter group", UInt64(index)) : key
            group.optimizer.initializeMetaParameters(values + offset, key: own)
        }
    }

    /// Whether all of them are rules for every coordinate alike.
    public var areCoordinatewise: Bool { groups.allSatisfy { $0.optimizer.coordinatewise != nil } }

    /// The index of the group of a parameter, by its name; nil where no pattern matches.
    public func group(of name: String) -> Int? { groups.firstIndex { $0.pattern.matches(name) } }
}
