import ArgumentParser
import Foundation
import Wording

/// Records, lists and fetches with our program and its peers in turn, and prints tables.
struct RecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recording",
        abstract: "Measures what recording and reading runs costs beside MLflow, TensorBoard, trackio and Aim.",
        discussion: """
            Every measurement is a process of its own. All are measured once a round, in an order that turns about from \
            round to round, and ratios are taken within a round. What each finds is held against what journal recorded.

            Making a thousand runs takes minutes with some: --stores keeps them for another time.
            """)

    @Option(help: "How often each contestant is measured.")
    var rounds = 5

    @Option(help: "A Python that has the libraries of Benchmarks/requirements-recording.txt.")
    var python = "python3"

    @Option(help: "The journal to measure, built for release. Without this option: the one beside this program.")
    var journalProgram: String?

    @Option(help: "A folder that keeps the thousand runs of each. Without this option: one that is removed afterwards.")
    var stores: String?

    @Option(help: "Only this work; may be given several times.")
    var only: [RecordingWork] = []

    @Option(help: ArgumentHelp("Only beside this one; may be given several times.", valueName: "contestant"))
    var beside: [RecordingContestant] = []

    func validate() throws {
        if rounds < 1 { throw ValidationError("There is at least one round.") }
    }

    func run() throws {
        let program = try findJournal()
        let folder =
            stores.map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("recording-\(UUID().uuidString)")
        defer { if stores == nil { try? FileManager.default.removeItem(at: folder) } }
        let laboratory = try RecordingLaboratory(journalProgram: [program], python: [python], stores: folder)
        let works = only.isEmpty ? RecordingWork.allCases : only
        let contestants = RecordingContestant.allCases.filter { contestant in
            guard contestant == .journal || beside.isEmpty || beside.contains(contestant) else { return false }
            let isInstalled = laboratory.isInstalled(contestant)
            if !isInstalled {
                tell(
                    "\(python) has no \(contestant.name): pip install -r Benchmarks/requirements-recording.txt, "
                        + "and --python PATH.")
            }
            return isInstalled
        }
        if works != [.points] {
            for contestant in contestants {
                tell("a thousand runs of \(contestant.name)")
                try laboratory.prepare(contestant)
            }
        }
        var loads: [Double] = []
        let results = try works.map { work in
            var results = RecordingResults(work: work)
            let measured = work.contestants.filter(contestants.contains)
            for round in 0..<rounds {
                for contestant in round.isMultiple(of: 2) ? measured : measured.reversed() {
                    tell("\(work.rawValue), round \(round + 1) of \(rounds): \(contestant.name)")
                    results.add(try laboratory.measure(work, contestant, checks: round == 0), of: contestant)
                    loads.append(Machine.load)
                }
            }
            return results
        }
        let conditions =
            "\(Machine.day), \(Machine.processor), \(counted(rounds, "round", "rounds in turn")), "
            + String(format: "load %.1f to %.1f", loads.min() ?? .nan, loads.max() ?? .nan)
        print(RecordingReport(results: results).markdown(conditions: conditions))
    }

    private func findJournal() throws -> String {
        let path =
            journalProgram
            ?? URL(fileURLWithPath: ChildProcess.thisProgram).deletingLastPathComponent()
            .appendingPathComponent("journal").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ValidationError(
                "There is no program \(path): swift build -c release --product journal, or --journal-program PATH.")
        }
        return path
    }

    private func tell(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}
