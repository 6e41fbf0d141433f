import ArgumentParser
import JournalStore
import Registry
import Scheduler

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes into the journal what files hold.",
        discussion: """
              journal import optimizer l2l.safetensors --name borrowed
              journal import mlflow mlruns
              journal import tensorboard runs
            """,
        subcommands: [OptimizerImportCommand.self, MLflowImportCommand.self, TensorBoardImportCommand.self])
}

struct OptimizerImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimizer",
        abstract: "Takes a learned optimizer from a safetensors file into the journal.",
        discussion: """
            The file is one that journal export optimizer has written, or another program in the same way. Afterwards \
            specs compare the optimizer with {"kind": "stored", "name": NAME}:

              journal import optimizer l2l.safetensors --name borrowed
            """)

    @Argument(
        help: ArgumentHelp("The file to read.", valueName: "file"), completion: .file(extensions: ["safetensors"]))
    var file: String

    @Option(
        help: ArgumentHelp(
            "What the optimizer is called in the journal. Without this option: what the file is called.",
            valueName: "name"))
    var name: String?

    @OptionGroup var journal: JournalLocation

    func run() throws {
        let optimizer = try OptimizerImport(NamedFile.read(file), path: file, name: name, registry: .standard)
        let journal = try Journal(writing: journal.path, programVersion: ProgramVersion.current)
        defer { try? journal.close() }
        switch try optimizer.record(in: journal) {
        case .imported:
            StandardError.write(
                "Imported \(file). Specs compare it with {\"kind\": \"stored\", \"name\": \"\(optimizer.name)\"}.\n")
        case .wasThere:
            StandardError.write("Nothing to do: the journal has this optimizer as \(optimizer.name) already.\n")
        }
    }
}
