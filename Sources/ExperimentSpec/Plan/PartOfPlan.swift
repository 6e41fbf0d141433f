/// Parts of a plan, for those who run it in pieces.
extension ExperimentPlan {
    /// Some of its trials alone, in their order. They keep their places in the whole.
    ///
    /// - Parameter indices: the trials' places.
    public func part(_ indices: some Sequence<Int>) -> ExperimentPlan {
        ExperimentPlan(name: name, hash: hash, points: points, trials: indices.sorted().map { trials[$0] })
    }

    /// The places of all other trials that some trials need, directly or through others, in ascending order.
    public func needs(of indices: some Sequence<Int>) -> [Int] {
        let own = Set(indices)
        let places = placesByIdentity
        var (needed, open) = (Set<Int>(), Array(own))
        while let index = open.popLast() {
            let needs = trials[index].dependencies.compactMap { places[$0] }
            open += needs.filter { !own.contains($0) && needed.insert($0).inserted }
        }
        return needed.sorted()
    }

    /// Some trials in phases, each of which needs nothing but earlier ones: first those that need no other of them.
    ///
    /// - Parameter indices: the trials' places, in ascending order.
    /// - Returns: places, each phase with at least one.
    public func phases(of indices: [Int]) -> [[Int]] {
        let places = placesByIdentity
        var phaseOf: [Int: Int] = [:]
        var phases: [[Int]] = []
        for index in indices {
            let phase =
                trials[index].dependencies.compactMap { places[$0].flatMap { phaseOf[$0] } }.max().map { $0 + 1 } ?? 0
            phaseOf[index] = phase
            if phase == phases.count { phases.append([]) }
            phases[phase].append(index)
        }
        return phases
    }

    private var placesByIdentity: [String: Int] {
        Dictionary(uniqueKeysWithValues: zip(trials.map(\.id), trials.indices))
    }
}
