import ArgumentParser
import Foundation
import TensorKernels

/// The program, as a person calls it.
@main
struct JournalProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "A research journal for learned optimizers.",
        discussion: """
            Experiments are JSON files. Running one trains optimizers and compares them with hand-designed ones; every \
            curve, result and learned weight goes into the journal, a single SQLite file.

            A first session, in seconds and without any data:

              journal init first.json
              journal run first.json
              journal compare first

            The journal is journal.sqlite in the working folder, unless --journal or $JOURNAL names another.
            """,
        version: ProgramVersion.description,
        subcommands: Commands.hidden,
        groupedSubcommands: Commands.groups)

    static func main() {
        // A reader that goes away, such as head, is met where we write.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT) { _ in _exit(Interruption.exitCode) }
        do {
            var command = try parseAsRoot(Arguments.all)
            try command.run()
        } catch {
            if let failure = Failure(error) ?? wrongUse(error) { end(failure) }
            guard exitCode(for: error) == .success else { exit(withError: error) }
            do {
                try StandardOutput.show(HelpScreen.shown(fullMessage(for: error)) + "\n")
            } catch {
                if let failure = Failure(error) { end(failure) }
            }
            Foundation.exit(EXIT_SUCCESS)
        }
    }

    private static func end(_ failure: Failure) -> Never {
        StandardError.write(failure.text)
        Foundation.exit(failure.exitCode)
    }

    /// What the argument parser has to say of wrong use, so that it is spelled as the terminal shows it.
    private static func wrongUse(_ error: any Error) -> Failure? {
        let code = exitCode(for: error).rawValue
        return code == EX_USAGE ? Failure(exitCode: code, text: fullMessage(for: error) + "\n") : nil
    }
}

enum ProgramVersion {
    /// Another one wherever the engine's bits change: trials record it.
    static let current = "0.8.2"

    /// The version, and what else decides what this program computes and how fast, a line each.
    static var description: String {
        """
        journal \(current)
        kernels \((try? KernelChoice.check())?.rawValue ?? "none: see journal doctor")
        build \(build)
        """
    }

    /// How it was compiled, and for what.
    static var build: String {
        #if DEBUG
            let configuration = "debug"
        #else
            let configuration = "release"
        #endif
        #if arch(x86_64)
            let processor = "x86_64"
        #elseif arch(arm64)
            let processor = "arm64"
        #else
            let processor = "another processor"
        #endif
        #if os(macOS)
            let system = "macOS"
        #else
            let system = "Linux"
        #endif
        return "\(configuration), \(processor), \(system)"
    }
}
