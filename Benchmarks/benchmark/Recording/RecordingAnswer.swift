import Foundation
import JournalStore

/// What a contestant found, in a few numbers that all must agree on, so that no one is faster by doing less.
struct RecordingAnswer: Hashable, Codable {
    /// How many points or runs, and sums over them.
    let numbers: [Double]

    /// Whether it says the same as another, but for what single precision makes of it.
    func agrees(with other: RecordingAnswer) -> Bool {
        numbers.count == other.numbers.count
            && zip(numbers, other.numbers).allSatisfy { abs($0 - $1) <= 1e-6 * max(abs($0), abs($1)) }
    }

    /// Of all points, their sum, and the sum of each curve's last.
    static func points(_ curves: [[Double]]) -> RecordingAnswer {
        RecordingAnswer(numbers: [
            Double(curves.map(\.count).reduce(0, +)), curves.joined().reduce(0, +),
            curves.compactMap(\.last).reduce(0, +),
        ])
    }

    /// Of the runs listed, the sums of last values, seeds and learning rates.
    static func listing(_ runs: [RecordingInputs.Run]) -> RecordingAnswer {
        RecordingAnswer(numbers: [
            Double(runs.count), runs.compactMap(\.values.last).reduce(0, +),
            runs.map { Double($0.seed) }.reduce(0, +), runs.map(\.learningRate).reduce(0, +),
        ])
    }

    static func curve(_ values: [Double]) -> RecordingAnswer { points([values]) }

    /// What `journal query trials --format json` printed.
    static func listing(printed: Data) throws -> RecordingAnswer {
        struct Trial: Decodable {
            let seed: Int
            let finalLoss: Double
            let optimizerSettings: String
        }
        return listing(
            try JSONDecoder().decode([Trial].self, from: printed).map {
                RecordingInputs.Run(
                    seed: $0.seed, learningRate: try RecordingInputs.learningRate(of: $0.optimizerSettings),
                    values: [$0.finalLoss])
            })
    }

    /// What `journal query points --format json` printed of one curve.
    static func curve(printed: Data) throws -> RecordingAnswer {
        struct Point: Decodable { let value: Double }
        return curve(try JSONDecoder().decode([Point].self, from: printed).map(\.value))
    }
}
