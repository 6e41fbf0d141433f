import ArgumentParser
import Foundation
import JournalStore
import Scheduler

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes what the journal keeps to files for other programs.",
        subcommands: [OptimizerExportCommand.self])
}

struct OptimizerExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimizer",
        abstract: "Writes a learned optimizer as a safetensors file.",
        discussion: """
            The file has the weights under their names, and in its metadata the optimizer's kind, its configuration as \
            JSON, the experiment that learned it and its evaluation loss.
            """)

    @Argument(
        help: ArgumentHelp(
            "The experiment that learned it: NAME for the newest version, NAME@HASH for an older one.", valueName: "name"))
    var optimizer: String

    @Option(name: .customLong("to"), help: ArgumentHelp("The file to write.", valueName: "file"))
    var file: String

    @OptionGroup var journal: JournalLocation

    func run() throws {
        let journal = try Journal(reading: journal.path, programVersion: ProgramVersion.current)
        let export = try OptimizerExport(named: optimizer, in: journal)
        try NamedFile.write(export.file.bytes, to: file)
        let count = export.file.tensors.count
        StandardError.write("Wrote \(export.reference) to \(file): \(count) \(count == 1 ? "tensor" : "tensors").\n")
    }
}
