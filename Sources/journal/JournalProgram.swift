import ArgumentParser
import Foundation

/// The program, as a person calls it.
@main
struct JournalProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "A research journal for learned optimizers.",
        discussion: """
            Experiments are JSON files. Running one trains optimizers and compares them with hand-designed ones; every \
            curve, result and learned weight goes into the journal, a single SQLite file.

              journal run Experiments/l2l-mnist.json
              journal query trials --sort finalLoss --limit 10
              journal compare l2l-mnist
              journal note l2l-mnist "The learned one is ahead from step 20."
              journal show l2l-mnist

            The journal is journal.sqlite in the working folder, unless --journal or $JOURNAL names another.
            """,
        version: "journal \(ProgramVersion.current)",
        subcommands: [
            RunCommand.self, QueryCommand.self, CompareCommand.self, PlotCommand.self, ShowCommand.self,
            NoteCommand.self, LogCommand.self, TagCommand.self, ArchiveCommand.self, DeleteCommand.self,
            ExportCommand.self, ImportCommand.self, MergeCommand.self,
        ])

    static func main() {
        // A reader that goes away, such as head, is met where we write.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT) { _ in _exit(Interruption.exitCode) }
        do {
            var command = try parseAsRoot(Arguments.all)
            try command.run()
        } catch {
            guard let failure = Failure(error) ?? wrongUse(error) else { exit(withError: error) }
            StandardError.write(failure.text)
            Foundation.exit(failure.exitCode)
        }
    }

    /// What the argument parser has to say of wrong use, so that it is spelled as the terminal shows it.
    private static func wrongUse(_ error: any Error) -> Failure? {
        let code = exitCode(for: error).rawValue
        return code == EX_USAGE ? Failure(exitCode: code, text: fullMessage(for: error) + "\n") : nil
    }
}

enum ProgramVersion {
    /// Another one wherever the engine's bits change: trials record it.
    static let current = "0.7.0"
}
