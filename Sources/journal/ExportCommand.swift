import ArgumentParser
import Foundation
import JournalStore
import Registry
import Scheduler
import Wording

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes what the journal keeps to files for other programs.",
        discussion: """
              journal export sqlite l2l-mnist --to l2l.sqlite
              journal export trials l2l-mnist --to trials.csv
              journal export optimizer l2l-mnist --to l2l.safetensors
            """,
        subcommands: [
            SQLiteExportCommand.self, TrialsExportCommand.self, ResultsExportCommand.self, PointsExportCommand.self,
            TensorBoardExportCommand.self, OptimizerExportCommand.self,
        ],
        defaultSubcommand: SQLiteExportCommand.self)
}

struct OptimizerExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimizer",
        abstract: "Writes a learned optimizer as a safetensors file.",
        discussion: """
            The file has the weights under their names, and in its metadata the optimizer's kind, its configuration as \
            JSON, the experiment that learned it and its evaluation loss:

              journal export optimizer l2l-mnist --to l2l.safetensors

            It takes the place of one that was exported before, and only with --force of any other file. A link stays, \
            and what it leads to is replaced; into a FIFO, a pipe or a device the file is written as it is:

              journal export optimizer l2l-mnist --to /dev/stdout | sha256sum
            """)

    @Argument(
        help: ArgumentHelp(
            "The experiment that learned it: NAME for the newest version, NAME@HASH for an older one; NAME/3 for the "
                + "third of several replicates, of which NAME is the one with the lowest evaluation loss.",
            valueName: "name"), completion: NameCompletion.experiments)
    var optimizer: String

    @Option(name: .customLong("to"), help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
    var file: String

    @Flag(help: "Replaces a file that is there, whatever it is.")
    var force = false

    @OptionGroup var journal: JournalLocation

    func validate() throws {
        if file.isEmpty { throw ValidationError("--to needs the name of a file.") }
    }

    func run() throws {
        let journal = try journal.reading()
        if let notice = try VersionNotice(optimizer: optimizer, in: journal) { StandardError.write("\(notice)\n") }
        if let notice = try ReplicateNotice(optimizer: optimizer, in: journal) { StandardError.write("\(notice)\n") }
        let export = try OptimizerExport(named: optimizer, in: journal, registry: .standard)
        let replacement = FileReplacement(
            path: file, refusal: "no optimizer that journal has exported; --force replaces it")
        try replacement.write(export.file.bytes) { force || OptimizerExport.isOne($0) }
        StandardError.write(
            "Wrote \(export.reference) to \(file): \(counted(export.file.tensors.count, "tensor")).\n")
    }
}
