import ArgumentParser
import Foundation
import JournalStore
import Nouns

/// Records points with the journal's writer in this process, as trials do.
enum OurRecording {
    static let programVersion = "benchmark"

    /// Records curves in a new journal, telling one point at a time.
    ///
    /// - Returns: the seconds from the open journal until all is on disk.
    static func seconds(recording curves: [[Double]], in path: String) throws -> Double {
        let journal = try Journal(writing: path, programVersion: programVersion)
        let start = DispatchTime.now().uptimeNanoseconds
        let writer = try JournalWriter(journal)
        let experiment = try writer.register(
            ExperimentRegistration(
                name: "points", hash: "0123456789ab", spec: "{}", canonicalSpec: "{}",
                trials: curves.indices.map { number in
                    TrialRegistration(
                        identity: "trial \(number)", kind: "evaluation", problem: "none", problemSettings: "{}",
                        optimizer: "none", optimizerSettings: "{}", seed: number, steps: curves[number].count - 1)
                }))
        for (trial, values) in zip(experiment.trials, curves) {
            _ = try writer.begin(trial, TrialStart(kernelTable: "none"))
            for (step, value) in values.enumerated() { writer.point(trial, .loss, step: step, value) }
            let last = values.last ?? .nan
            writer.complete(trial, TrialResults(steps: values.count - 1, seconds: 0, values: [.finalLoss: last]))
        }
        try writer.finish()
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        try journal.close()
        return seconds
    }
}

/// Records points in this process. The comparison calls it, since what happened in a process before is no one else's.
struct RecordPointsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record-points", abstract: "Records the points of a folder and prints a line of JSON.",
        shouldDisplay: false)

    @Argument(help: "The folder with the points.")
    var inputs: String

    @Argument(help: "The journal to make.")
    var journal: String

    func run() throws {
        let curves = try RecordingInputs.points(in: URL(fileURLWithPath: inputs))
        let seconds = try OurRecording.seconds(recording: curves, in: journal)
        let reading = try Journal(reading: journal, programVersion: OurRecording.programVersion)
        let found = RecordingAnswer.points(try RecordingInputs.curves(of: "points", in: reading))
        let told = ContestantOutput(
            program: "journal", seconds: [seconds], peakMebibytes: Machine.peakMebibytes, answer: found.numbers)
        print(String(decoding: try JSONEncoder().encode(told), as: UTF8.self))
    }
}
