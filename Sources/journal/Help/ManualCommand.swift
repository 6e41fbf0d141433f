import ArgumentParser
import Foundation

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Prints the manual page, for man.",
        discussion: """
            All commands with their options and examples, made from their own help. To read it, and to put it where \
            man finds it:

              journal manual | man -l -
              journal manual > ~/.local/share/man/man1/journal.1
            """)

    func run() throws {
        let page = try ManualPage(help: Data(JournalProgram._dumpHelp().utf8), version: ProgramVersion.current)
        try StandardOutput.write(page.text)
    }
}
