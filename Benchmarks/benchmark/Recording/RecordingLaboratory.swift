import Foundation
import JournalStore

/// Starts the processes that record and read, and sees to it that all find the same.
struct RecordingLaboratory {
    /// What is called, and what comes before its arguments.
    let journalProgram: [String]
    let python: [String]
    /// Where each contestant keeps its thousand runs and the long curve, and where points are recorded.
    let stores: URL
    let inputs: RecordingInputs

    private static let benchmarks = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Whether the contestant's program can run here.
    func isInstalled(_ contestant: RecordingContestant) -> Bool {
        guard !contestant.modules.isEmpty else { return true }
        return (try? ChildProcess(python + ["-c", "import " + contestant.modules.joined(separator: ", ")]).output())
            != nil
    }

    /// Puts the thousand runs and the curve into a contestant's store, if they are not there from before.
    func prepare(_ contestant: RecordingContestant) throws {
        let made = stores.appendingPathComponent("\(contestant.rawValue).made")
        guard let script = contestant.script, contestant != .journalFile,
            !FileManager.default.fileExists(atPath: made.path)
        else { return }
        let store = stores.appendingPathComponent(contestant.rawValue)
        try Self.makeEmpty(store)
        _ = try process(scriptWords(script, "make", store))
        try Data().write(to: made)
    }

    /// Measures a contestant once.
    ///
    /// - Parameter checks: whether recorded points are read back, which with some takes as long as recording them.
    func measure(_ work: RecordingWork, _ contestant: RecordingContestant, checks: Bool) throws -> RecordingMeasurement
    {
        switch work {
        case .points: try measurePoints(contestant, checks: checks)
        case .listing, .curve: try measureReading(work, contestant)
        }
    }

    private func measurePoints(_ contestant: RecordingContestant, checks: Bool) throws -> RecordingMeasurement {
        let folder = stores.appendingPathComponent("points")
        try Self.makeEmpty(folder)
        guard let script = contestant.script else { return try measureOurPoints(in: folder) }
        let process = try self.process(scriptWords(script, "points", folder))
        let told = try Self.output(process)
        let measurement = RecordingMeasurement(
            of: process, told, aloneSeconds: told.seconds.first, bytes: try Self.bytes(in: folder))
        if checks {
            let found = try Self.output(self.process(scriptWords(script, "check", folder)))
            try check(RecordingAnswer(numbers: found.answer), .points, contestant)
        }
        return measurement
    }

    /// The program computes its points too; the writer alone is handed them, as the others are.
    private func measureOurPoints(in folder: URL) throws -> RecordingMeasurement {
        let journal = folder.appendingPathComponent("journal.sqlite")
        let process = try self.process(Self.runWords(journalProgram, ["points"], in: journal))
        let bytes = try Self.bytes(in: folder)
        let reading = try Journal(reading: journal.path, programVersion: OurRecording.programVersion)
        try check(.points(RecordingInputs.curves(of: "points", in: reading)), .points, .journal)
        let inputs = Self.inputsFolder(in: stores).path
        let alone = folder.appendingPathComponent("alone.sqlite").path
        let told = try Self.output(self.process([ChildProcess.thisProgram, "record-points", inputs, alone]))
        try check(RecordingAnswer(numbers: told.answer), .points, .journal)
        return RecordingMeasurement(of: process, aloneSeconds: told.seconds.first, bytes: bytes)
    }

    private func measureReading(_ work: RecordingWork, _ contestant: RecordingContestant) throws -> RecordingMeasurement
    {
        guard let script = contestant.script else { return try measureQuery(work) }
        let store = stores.appendingPathComponent((contestant == .journalFile ? .journal : contestant).rawValue)
        let words = scriptWords(script, work.rawValue, store)
        let process = try self.process(words)
        let alone = try Self.output(self.process(words + ["--repeats", "\(work.repeats)"]))
        let told = try Self.output(process)
        for output in [told, alone] { try check(RecordingAnswer(numbers: output.answer), work, contestant) }
        return RecordingMeasurement(of: process, told, aloneSeconds: alone.seconds.median)
    }

    private func measureQuery(_ work: RecordingWork) throws -> RecordingMeasurement {
        let isListing = work == .listing
        let words =
            isListing
            ? ["trials", "--experiment", "thousand"] : ["points", "--experiment", "curve", "--metric", "loss"]
        let journal = Self.journal(in: stores).path
        let process = try self.process(journalProgram + ["query"] + words + ["--format", "json", "--journal", journal])
        let found: RecordingAnswer =
            try isListing ? .listing(printed: process.printed) : .curve(printed: process.printed)
        try check(found, work, .journal)
        return RecordingMeasurement(of: process)
    }

    private func check(_ found: RecordingAnswer, _ work: RecordingWork, _ contestant: RecordingContestant) throws {
        let expected = inputs.answer(to: work)
        guard found.agrees(with: expected) else {
            throw RecordingFault(
                "\(contestant.name) answers \(work.rawValue) with \(found.numbers), not \(expected.numbers)")
        }
    }

    private func scriptWords(_ script: String, _ work: String, _ folder: URL) -> [String] {
        let path = Self.benchmarks.appendingPathComponent("peers/recording").appendingPathComponent(script).path
        return python + [path, work, folder.path, "--inputs", Self.inputsFolder(in: stores).path]
    }

    private func process(_ words: [String]) throws -> TimedProcess {
        try TimedProcess(words, output: stores.appendingPathComponent("printed"))
    }

    private static func runWords(_ program: [String], _ specs: [String], in journal: URL) -> [String] {
        let paths = specs.map { benchmarks.appendingPathComponent("recording/\($0).json").path }
        return program + ["run"] + paths + ["--quiet", "--journal", journal.path]
    }

    private static func journal(in stores: URL) -> URL {
        stores.appendingPathComponent(RecordingContestant.journal.rawValue).appendingPathComponent("journal.sqlite")
    }

    private static func inputsFolder(in stores: URL) -> URL { stores.appendingPathComponent("inputs") }

    private static func output(_ process: TimedProcess) throws -> ContestantOutput {
        let line = process.printed.split(separator: UInt8(ascii: "\n")).last ?? Data()
        return try JSONDecoder().decode(ContestantOutput.self, from: line)
    }

    private static func makeEmpty(_ folder: URL) throws {
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// What the files in a folder, and in those in it, hold together.
    private static func bytes(in folder: URL) throws -> Int {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try paths.reduce(0) { sum, path in
            let values = try folder.appendingPathComponent(path).resourceValues(forKeys: [
                .isRegularFileKey, .fileSizeKey,
            ])
            return sum + (values.isRegularFile == true ? values.fileSize ?? 0 : 0)
        }
    }
}

extension RecordingLaboratory {
    /// Runs the experiments, and writes what they came to for the others to record.
    ///
    /// - Throws: what keeps the programs from running.
    init(journalProgram: [String], python: [String], stores: URL) throws {
        let folder = stores.appendingPathComponent(RecordingContestant.journal.rawValue)
        let points = folder.appendingPathComponent("inputs.sqlite")
        try Self.makeEmpty(folder)
        let output = folder.appendingPathComponent("printed")
        _ = try TimedProcess(
            Self.runWords(journalProgram, ["thousand", "curve"], in: Self.journal(in: stores)), output: output)
        _ = try TimedProcess(
            Self.runWords(journalProgram, ["points", "thousand", "curve"], in: points), output: output)
        let inputs = try RecordingInputs(journal: points.path)
        try inputs.write(to: Self.inputsFolder(in: stores))
        self.init(journalProgram: journalProgram, python: python, stores: stores, inputs: inputs)
    }
}
