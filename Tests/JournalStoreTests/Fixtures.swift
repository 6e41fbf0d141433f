import Foundation
import Nouns

@testable import JournalStore

/// A folder of a test's own, gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String = "journal.sqlite") -> String { path + "/" + name }
}

extension Journal {
    convenience init(reading path: String) throws { try self.init(reading: path, programVersion: "1.0") }
    convenience init(writing path: String) throws { try self.init(writing: path, programVersion: "1.0") }
}

extension TrialKindName {
    static let evaluation: TrialKindName = "evaluation"
}

extension TrialRegistration {
    static func sample(_ identity: String, kind: TrialKindName = .evaluation, optimizer: String = "adam", seed: Int = 1)
        -> TrialRegistration
    {
        TrialRegistration(
            identity: identity, kind: kind, problem: "mnist", problemSettings: "{}", optimizer: optimizer,
            optimizerSettings: #"{"kind":"\#(optimizer)"}"#, seed: seed, steps: 100)
    }
}

extension ExperimentRegistration {
    static func sample(name: String = "l2l-mnist", hash: String = "abc123", trials: Int = 3)
        -> ExperimentRegistration
    {
        ExperimentRegistration(
            name: name, hash: hash, spec: "{ }", canonicalSpec: "{}", question: "Does it?",
            trials: (0..<trials).map { .sample("trial-\($0)", seed: $0) })
    }
}

extension TrialStart {
    static let sample = TrialStart(
        kernelTable: "avx2",
        dataset: DatasetRecord(name: "mnist", origin: "data folder", checksum: "00ff", note: "not the official bytes"),
        architecture: #"{"hidden":[20],"layers":"784-20-10","parameters":15910}"#)
}

extension TrialResults {
    static let sample = TrialResults(
        steps: 100, seconds: 1.5, values: [.finalLoss: 0.25, .bestLoss: 0.125, .testLoss: 0.5, .accuracy: 0.75])
}

/// Records a small finished experiment and returns it.
@discardableResult
func recordSample(in journal: Journal, _ experiment: ExperimentRegistration = .sample()) throws
    -> RegisteredExperiment
{
    let registered = try journal.register(experiment)
    let writer = try JournalWriter(journal)
    for (number, trial) in registered.trials.enumerated() {
        _ = try writer.begin(trial, .sample)
        writer.points(trial, Metric.loss, firstStep: 0, (0..<100).map { Float($0 + number) / 10 })
        writer.point(trial, Metric.metaStepSeconds, step: 0, Double.random(in: 0..<1))
        writer.complete(trial, .sample)
    }
    try writer.finish()
    return registered
}

/// Runs the stock `sqlite3` shell; nil where there is none.
func sqliteShell(_ path: String, _ sql: String) throws -> String? {
    guard let shell = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first(where: FileManager.default.isExecutableFile)
    else { return nil }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: shell)
    process.arguments = [path, sql]
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
}

/// The journal's error that `body` throws, or nil.
func journalError(_ body: () throws -> Void) -> JournalError? {
    do {
        try body()
        return nil
    } catch {
        return error as? JournalError
    }
}
