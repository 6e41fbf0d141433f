import ArgumentParser
import Datasets
import Foundation
import Registry
import TensorKernels

/// Does one work in this process. The comparison calls it, so that a work's peak memory is its own.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Does one work of ours in this process and prints a line of JSON.",
        shouldDisplay: false)

    @Argument(help: "The work.")
    var work: Work

    @Option(help: "How many times are measured.")
    var repeats: Int?

    @Option(help: "How many threads work.")
    var threads = 2

    @Option(name: .customLong("data"), help: "The folder with data; digits are drawn where it has none.")
    var dataFolder: String?

    func run() throws {
        try KernelChoice.check()
        let library = DatasetLibrary(
            Registry.standard.datasets, folder: dataFolder.map { URL(fileURLWithPath: $0) }, mirrors: [])
        let seconds = try work.seconds(repeats: repeats ?? work.repeats, threads: threads, library: library)
        let measurement = Measurement(program: "journal", seconds: seconds, peakMebibytes: Machine.peakMebibytes)
        print(try measurement.line())
    }
}
