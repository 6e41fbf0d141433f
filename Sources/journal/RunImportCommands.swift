import ArgumentParser
import Foundation
import Interchange
import JournalStore
import Wording

/// What the imports of runs have in common.
struct RunImportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the experiment is called in the journal. Without this option: what it was called before, without what "
                + "names may not have.", valueName: "name"))
    var name: String?

    @OptionGroup var journal: JournalLocation

    func record(_ experiments: [ImportedExperiment]) throws {
        if name != nil, experiments.count > 1 {
            let names = experiments.map(\.name).joined(separator: ", ")
            throw Failure(
                exitCode: EX_USAGE, "--name is for one experiment, and there are \(experiments.count): \(names)")
        }
        if let name, safeName(name) != name {
            throw Failure(
                exitCode: EX_USAGE,
                "found the name \"\(name)\"; allowed: letters, digits and the signs . _ - + = , (--name)")
        }
        let journal = try Journal(writing: journal.path, programVersion: ProgramVersion.current)
        defer { try? journal.close() }
        for experiment in experiments {
            let runs = RunImport(experiment, name: name)
            switch try runs.record(in: journal) {
            case .imported(let trials):
                StandardError.write("Imported \(counted(trials, "run")) as \(runs.name).\n")
            case .wasThere:
                StandardError.write("Nothing to do: the journal has these runs as \(runs.name) already.\n")
            }
        }
    }
}

struct TensorBoardImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensorboard",
        abstract: "Takes the scalars of TensorBoard's event files into the journal.",
        discussion: """
            Every folder with event files becomes a trial of the kind imported, of one experiment.

              journal import tensorboard runs --name digits
              journal plot digits
            """)

    @Argument(
        help: ArgumentHelp("The folder with the runs, as tensorboard --logdir has it.", valueName: "folder"),
        completion: .directory)
    var folder: String

    @OptionGroup var options: RunImportOptions

    func run() throws {
        guard NamedFile.status(of: folder)?.isFolder == true else {
            throw Failure(exitCode: EX_NOINPUT, "there is no folder \(folder)")
        }
        try options.record([TensorBoardFolder(folder).experiment])
    }
}

struct MLflowImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlflow",
        abstract: "Takes MLflow's runs into the journal: parameters, metrics and tags.",
        discussion: """
            Every experiment of MLflow becomes one here, every run a trial of the kind imported. A parameter called \
            optimizer, problem or seed is the trial's, so that journal compare pairs runs by their seeds.

              journal import mlflow mlruns
              journal import mlflow mlflow.db
              journal query trials --experiment Default
            """)

    @Argument(
        help: ArgumentHelp("The folder mlruns, or the SQLite file that MLflow keeps its runs in.", valueName: "path"),
        completion: .file())
    var path: String

    @OptionGroup var options: RunImportOptions

    func run() throws { try options.record(MLflowStore(path).experiments) }
}
