import Foundation
import JournalStore

/// The points that everyone records: those that `journal` came to when it ran the specs of `Benchmarks/recording`.
struct RecordingInputs {
    /// A short run to list.
    struct Run: Codable {
        let seed: Int
        let learningRate: Double
        let values: [Double]
    }

    /// Ten curves of 10,000 points.
    let points: [[Double]]
    /// A thousand runs of ten points.
    let runs: [Run]
    /// A curve of 10,000 points.
    let curve: [Double]

    /// What the contestants must find.
    func answer(to work: RecordingWork) -> RecordingAnswer {
        switch work {
        case .points: .points(points)
        case .listing: .listing(runs)
        case .curve: .curve(curve)
        }
    }
}

extension RecordingInputs {
    /// Reads what a journal has of the three experiments.
    init(journal path: String) throws {
        let journal = try Journal(reading: path, programVersion: OurRecording.programVersion)
        points = try Self.curves(of: "points", in: journal)
        curve = try Self.curves(of: "curve", in: journal).first ?? []
        let trials = try journal.sql(
            """
            SELECT seed, optimizerSettings FROM trialSummary WHERE experiment = 'thousand' ORDER BY trial
            """
        ).rows
        runs = try zip(trials, Self.curves(of: "thousand", in: journal)).map { trial, values in
            guard case .int(let seed) = trial[0], case .text(let settings) = trial[1] else {
                throw RecordingFault("a trial of \(path) has no seed or no settings")
            }
            return Run(seed: seed, learningRate: try Self.learningRate(of: settings), values: values)
        }
    }

    /// The losses of an experiment's trials, in order.
    static func curves(of experiment: String, in journal: Journal) throws -> [[Double]] {
        var curves: [[Double]] = []
        var last: QueryResult.Value?
        try journal.forEachRow(of: JournalQuery(.points, experiment: experiment, metric: "loss"), columns: { _ in }) {
            guard case .double(let value) = $0[3] else { throw RecordingFault("a loss of \(experiment) is no number") }
            if $0[0] != last { curves.append([]) }
            last = $0[0]
            curves[curves.count - 1].append(value)
        }
        return curves
    }

    static func learningRate(of settings: String) throws -> Double {
        struct Settings: Decodable { let learningRate: Double }
        return try JSONDecoder().decode(Settings.self, from: Data(settings.utf8)).learningRate
    }

    /// Writes the files that the programs in `peers/recording` read.
    func write(to folder: URL) throws {
        struct Listed: Encodable {
            let runs: [Run]
            let curve: [Double]
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try points.flatMap { $0 }.withUnsafeBytes { Data($0) }
            .write(to: folder.appendingPathComponent(Self.pointsFile))
        try JSONEncoder().encode(Listed(runs: runs, curve: curve)).write(to: folder.appendingPathComponent("runs.json"))
    }

    /// Numbers as the machine has them, which cost no one anything to read.
    private static let pointsFile = "points.doubles"

    /// The curves that ``write(to:)`` wrote.
    static func points(in folder: URL) throws -> [[Double]] {
        let data = try Data(contentsOf: folder.appendingPathComponent(pointsFile))
        let values = data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        return stride(from: 0, to: values.count, by: 10_000).map { Array(values[$0..<min($0 + 10_000, values.count)]) }
    }
}

/// What kept a measurement from being one.
struct RecordingFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
