/// All that was measured of one work, round by round.
struct WorkResults {
    let work: Work
    private var rounds: [Contestant: [[Measurement]]] = [:]

    init(work: Work) {
        self.work = work
    }

    /// Takes in what one round measured: one measurement a process.
    mutating func add(_ measurements: [Measurement], of contestant: Contestant) {
        rounds[contestant, default: []].append(measurements)
    }

    /// The median seconds of a step in each round, those of the slowest process where there are several.
    func seconds(_ contestant: Contestant) -> [Double]? {
        rounds[contestant]?.map { $0.map(\.medianSeconds).max()! }
    }

    /// The largest memory of a process in any round.
    func peakMebibytes(_ contestant: Contestant) -> Double? {
        rounds[contestant]?.joined().map(\.peakMebibytes).max()
    }

    func program(_ contestant: Contestant) -> String? { rounds[contestant]?.first?.first?.program }

    /// How many times as long as another a contestant took, round by round.
    func ratio(_ contestant: Contestant, to other: Contestant) -> Spread? {
        guard let seconds = self.seconds(contestant), let others = self.seconds(other) else { return nil }
        return Spread(zip(seconds, others).map { $0 / $1 })
    }

    /// The faster one of a library's ways to do the work.
    func best(_ library: PeerLibrary) -> Contestant? {
        [Contestant.peer(library), .compiledPeer(library)].filter { rounds[$0] != nil }
            .min { seconds($0)!.median < seconds($1)!.median }
    }
}

/// A median, and the lowest and the highest of what it is of.
struct Spread: Hashable {
    let median: Double
    let lowest: Double
    let highest: Double

    init?(_ values: [Double]) {
        guard let lowest = values.min(), let highest = values.max() else { return nil }
        self.median = values.median
        self.lowest = lowest
        self.highest = highest
    }
}
