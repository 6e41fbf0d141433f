/// What a contestant's process prints as its last line.
struct ContestantOutput: Codable {
    /// The program and its version.
    var program: String
    /// What the work alone took, each time.
    var seconds: [Double]
    var peakMebibytes: Double
    /// The numbers of a ``RecordingAnswer``.
    var answer: [Double]
}

/// What one contestant took for a work in one round.
struct RecordingMeasurement: Hashable {
    var program: String
    /// Of a whole process, from its start to its end.
    var wholeSeconds: Double
    var processorSeconds: Double
    var peakMebibytes: Double
    /// Without what was started, imported and opened before; nil where that is not measured.
    var aloneSeconds: Double?
    /// What was written, in bytes; nil where nothing was.
    var bytes: Int?
}

extension RecordingMeasurement {
    /// Of a process that ran.
    ///
    /// - Parameter told: what it said of itself; nil of ours, which prints what it was asked for.
    init(
        of process: TimedProcess, _ told: ContestantOutput? = nil, aloneSeconds: Double? = nil, bytes: Int? = nil
    ) {
        self.init(
            program: told?.program ?? "journal", wholeSeconds: process.seconds,
            processorSeconds: process.processorSeconds,
            peakMebibytes: told?.peakMebibytes ?? process.peakMebibytes, aloneSeconds: aloneSeconds, bytes: bytes)
    }
}

/// All that was measured of one work, round by round.
struct RecordingResults {
    let work: RecordingWork
    private var rounds: [RecordingContestant: [RecordingMeasurement]] = [:]

    init(work: RecordingWork) {
        self.work = work
    }

    mutating func add(_ measurement: RecordingMeasurement, of contestant: RecordingContestant) {
        rounds[contestant, default: []].append(measurement)
    }

    /// Those that were measured, in order.
    var contestants: [RecordingContestant] { work.contestants.filter { rounds[$0] != nil } }

    func measurements(_ contestant: RecordingContestant) -> [RecordingMeasurement] { rounds[contestant] ?? [] }

    /// A quantity's median over the rounds; nil where it was not measured.
    func median(
        _ contestant: RecordingContestant, _ quantity: (RecordingMeasurement) -> Double?
    ) -> Double? {
        let values = measurements(contestant).compactMap(quantity)
        return values.isEmpty ? nil : values.median
    }

    /// How many times as much of a quantity as another a contestant took, round by round.
    func ratio(
        _ contestant: RecordingContestant, to other: RecordingContestant,
        _ quantity: (RecordingMeasurement) -> Double?
    ) -> Spread? {
        guard contestant != other else { return nil }
        return Spread(
            zip(measurements(contestant), measurements(other)).compactMap { pair in
                guard let taken = quantity(pair.0), let others = quantity(pair.1) else { return nil }
                return taken / others
            })
    }
}
