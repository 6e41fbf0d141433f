/// What the replicates of an optimizer came to, on the students that all of them have been tried on.
struct CrossedRuns {
    /// For each replicate, what it came to on each student; nil is nothing to compare by.
    private let rows: [[TrialPlace: PairedValue]]
    /// The replicates' numbers; 0 of an optimizer that has none.
    private let numbers: [Int]

    /// - Parameter values: what each of the sample's trials came to.
    init(_ sample: OptimizerSample, _ values: [PairedValue?]) {
        // Where the seed changes nothing, one student stands for all.
        let all = sample.replicates.map { sample.isOne ? $0.prefix(1) : $0[...] }
        rows = all.map { row in
            row.reduce(into: [:]) { row, index in row[sample.places[index]] = values[index] }
        }
        numbers = sample.replicates.map { sample.trials[$0.lowerBound].replicate?.number ?? 0 }
    }

    /// The values, a row a replicate and a column a student.
    ///
    /// A replicate that has been tried on less than half as many students as another is left out: while a run is under
    /// way, it would leave hardly any.
    var rectangle: [[PairedValue]] {
        let rows = Self.whole(rows.map { ($0, 0) }).map(\.0)
        return Self.places(of: rows).map { place in rows.compactMap { $0[place] } }.transposed(rows.count)
    }

    /// The pairs of two optimizers' values, a row a replicate and a column a student. Where both have replicates, those
    /// of one number are pairs: they were trained from one seed.
    func pairs(with other: CrossedRuns) -> [[(PairedValue, PairedValue)]] {
        var matches: [(mine: [TrialPlace: PairedValue], other: [TrialPlace: PairedValue])] = []
        for (mine, number) in zip(rows, numbers) {
            for (others, otherNumber) in zip(other.rows, other.numbers)
            where rows.count == 1 || other.rows.count == 1 || number == otherNumber {
                matches.append((mine, others))
            }
        }
        matches = Self.whole(matches)
        let places = Self.places(of: matches.flatMap { [$0.mine, $0.other] })
        return matches.map { match in
            places.compactMap { place in match.mine[place].flatMap { mine in match.other[place].map { (mine, $0) } } }
        }
    }

    /// For each student, the values of all replicates on it, of those on which both have been tried.
    func runsByStudent(with other: CrossedRuns) -> (mine: [[Double]], other: [[Double]]) {
        let places = Set(rows.flatMap(\.keys)).intersection(other.rows.flatMap(\.keys)).sorted()
        func values(_ rows: [[TrialPlace: PairedValue]]) -> [[Double]] {
            places.map { place in rows.compactMap { $0[place]?.value } }
        }
        return (values(rows), values(other.rows))
    }

    /// Those rows whose first part has at least half as many values as the fullest.
    private static func whole<Rest>(
        _ rows: [([TrialPlace: PairedValue], Rest)]
    ) -> [([TrialPlace: PairedValue], Rest)] {
        let most = rows.map(\.0.count).max() ?? 0
        return rows.filter { 2 * $0.0.count >= most && most > 0 }
    }

    /// The students that all rows have, in order.
    private static func places(of rows: [[TrialPlace: PairedValue]]) -> [TrialPlace] {
        guard let first = rows.first else { return [] }
        return first.keys.filter { place in rows.allSatisfy { $0[place] != nil } }.sorted()
    }
}

extension [[PairedValue]] {
    /// Columns for rows, so many of them.
    fileprivate func transposed(_ count: Int) -> [[PairedValue]] {
        (0..<count).map { row in map { $0[row] } }
    }
}
