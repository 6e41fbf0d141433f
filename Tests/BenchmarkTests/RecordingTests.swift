import Foundation
import JournalStore
import Testing

@testable import benchmark

/// With a stand-in for Python, which answers what the test says.
@Suite("The benchmark of recorded runs")
final class RecordingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("recording-\(UUID().uuidString)")
    private let inputs = RecordingInputs(
        points: [[3, 2, 1], [0.5, 0.25]],
        runs: [
            .init(seed: 7, learningRate: 0.5, values: [2, 1.5]),
            .init(seed: 8, learningRate: 0.25, values: [1, 0.125]),
        ],
        curve: [4, 2, 1])

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A program that a shell reads: one that is just written cannot be called while any process still has it open.
    private func program(_ name: String, _ lines: String) throws -> [String] {
        let file = folder.appendingPathComponent(name)
        try Data("\(lines)\n".utf8).write(to: file)
        return ["/bin/sh", file.path]
    }

    private func laboratory(journalPrints text: String = "", pythonAnswers numbers: [Double] = []) throws
        -> RecordingLaboratory
    {
        let told = ContestantOutput(program: "other 1", seconds: [3, 1, 2], peakMebibytes: 10, answer: numbers)
        let line = String(decoding: try JSONEncoder().encode(told), as: UTF8.self)
        return RecordingLaboratory(
            journalProgram: try program("journal", "echo '\(text)'"),
            python: try program("python", "echo \"$@\" >> '\(folder.path)/calls'; echo 'a word'; echo '\(line)'"),
            stores: folder, inputs: inputs)
    }

    @Test func takesWhatAContestantFindsRightly() throws {
        let laboratory = try laboratory(pythonAnswers: [2, 1.625, 15, 0.75])
        let measured = try laboratory.measure(.listing, .mlflow, checks: true)
        #expect(measured.program == "other 1")
        #expect(measured.aloneSeconds == 2)
        #expect(measured.wholeSeconds > 0 && measured.peakMebibytes > 0)
    }

    /// Nothing is faster by finding less.
    @Test(arguments: [[1, 1.625, 15, 0.75], [2, 1.5, 15, 0.75], [2, 1.625, 15, 0], [2, 1.625]])
    func refusesOtherAnswers(_ numbers: [Double]) throws {
        let laboratory = try laboratory(pythonAnswers: numbers)
        #expect(throws: RecordingFault.self) { try laboratory.measure(.listing, .aim, checks: true) }
    }

    @Test func readsPointsBackWhereAsked() throws {
        let laboratory = try laboratory(pythonAnswers: [5, 6.75, 1.25])
        _ = try laboratory.measure(.points, .tensorboard, checks: false)
        _ = try laboratory.measure(.points, .tensorboard, checks: true)
        let calls = try String(contentsOf: folder.appendingPathComponent("calls"), encoding: .utf8).split(
            separator: "\n")
        #expect(calls.map { $0.split(separator: " ")[1] } == ["points", "points", "check"])
        let lossy = try self.laboratory(pythonAnswers: [4, 6.5, 1])
        #expect(throws: RecordingFault.self) { try lossy.measure(.points, .tensorboard, checks: true) }
    }

    @Test func makesAThousandRunsOnce() throws {
        let laboratory = try laboratory()
        for _ in 0..<2 { try laboratory.prepare(.trackio) }
        for ours in [RecordingContestant.journal, .journalFile] { try laboratory.prepare(ours) }
        let calls = try String(contentsOf: folder.appendingPathComponent("calls"), encoding: .utf8).split(
            separator: "\n")
        #expect(calls.count == 1 && calls[0].contains("record_trackio.py make"))
    }

    @Test func readsWhatTheProgramPrints() throws {
        let listed = """
            [
              {"seed": 7, "finalLoss": 1.5, "optimizerSettings": "{\\"learningRate\\":0.5}", "results": {}},
              {"seed": 8, "finalLoss": 0.125, "optimizerSettings": "{\\"learningRate\\":0.25}", "results": {}}
            ]
            """
        #expect(try RecordingAnswer.listing(printed: Data(listed.utf8)) == inputs.answer(to: .listing))
        let curve = #"[{"trial": 1, "value": 4}, {"trial": 1, "value": 2}, {"trial": 1, "value": 1}]"#
        #expect(try laboratory(journalPrints: curve).measure(.curve, .journal, checks: true).aloneSeconds == nil)
        let short = #"[{"trial": 1, "value": 4}]"#
        #expect(throws: RecordingFault.self) {
            try laboratory(journalPrints: short).measure(.curve, .journal, checks: true)
        }
    }

    @Test func saysWhichProgramFailed() throws {
        let failing = ["/bin/sh", "-c", "exit 3"]
        let fault = #expect(throws: ChildFailure.self) {
            try TimedProcess(failing, output: folder.appendingPathComponent("printed"))
        }
        #expect(fault?.status == 3)
        #expect(fault?.words == failing)
        #expect(throws: RecordingFault.self) {
            try TimedProcess([folder.path + "/none"], output: folder.appendingPathComponent("printed"))
        }
    }

    @Test func recordsThePointsThatItWasHanded() throws {
        let journal = folder.appendingPathComponent("ours.sqlite").path
        #expect(try OurRecording.seconds(recording: inputs.points, in: journal) > 0)
        let reading = try Journal(reading: journal, programVersion: "1.0")
        #expect(try RecordingInputs.curves(of: "points", in: reading) == inputs.points)
    }

    @Test func handsThePointsToTheOthers() throws {
        let long = RecordingInputs(
            points: (0..<2).map { run in (0..<10_000).map { Double(run) + 1 / Double($0 + 1) } }, runs: inputs.runs,
            curve: inputs.curve)
        try long.write(to: folder)
        #expect(try RecordingInputs.points(in: folder) == long.points)
    }
}
