import ArgumentParser
import Foundation
import TensorKernels
import Wording

/// Runs our program and its peers in turn, and prints the table.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Measures all works and prints a Markdown table (what happens by default).",
        discussion: """
            Every measurement is a process of its own. All contestants of a work are measured once a round, in an \
            order that turns about from round to round, and ratios are taken within a round.
            """)

    @Option(name: .customLong("data"), help: "The folder with data; digits are drawn where it has none.")
    var dataFolder: String?

    @Option(help: "How often each contestant is measured.")
    var rounds = 5

    @Option(help: "How many threads work.")
    var threads = 2

    @Option(help: "A Python that has the libraries of Benchmarks/requirements.txt.")
    var python = "python3"

    @Option(help: "Only this work; may be given several times.")
    var only: [Work] = []

    func validate() throws {
        if rounds < 1 || threads < 1 { throw ValidationError("There is at least one round, and one thread.") }
    }

    func run() throws {
        let kernels = try KernelChoice.check()
        let laboratory = Laboratory(dataFolder: dataFolder, python: python, threads: threads)
        let libraries = laboratory.installedLibraries()
        for library in PeerLibrary.allCases where !libraries.contains(library) {
            tell("\(python) has no \(library.name): pip install -r Benchmarks/requirements.txt, and --python PATH.")
        }
        let tables = try (only.isEmpty ? Work.allCases : only).map { work in
            let contestants = work.contestants(threads: threads).filter { contestant in
                contestant.library.map(libraries.contains) ?? true
            }
            var results = WorkResults(work: work)
            for round in 0..<rounds {
                for contestant in round.isMultiple(of: 2) ? contestants : contestants.reversed() {
                    tell("\(work.rawValue), round \(round + 1) of \(rounds): \(contestant)")
                    results.add(try laboratory.measure(work, contestant), of: contestant)
                }
            }
            return results
        }
        let report = BenchmarkReport(results: tables, threads: threads)
        let conditions =
            "\(Machine.day), \(Machine.processor), \(threads) threads, kernel table `\(kernels.rawValue)`, "
            + counted(rounds, "round", "rounds in turn")
        print(report.markdown(conditions: conditions))
    }

    private func tell(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}
