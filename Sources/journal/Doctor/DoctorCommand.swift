import ArgumentParser
import Foundation
import Report

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks whether all is in place here: data, kernels, journal, terminal.",
        discussion: """
            A line for each thing: ok; missing, where things go on without it; or broken, and what to do. Nothing is \
            fetched and nothing is written:

              journal doctor
              journal doctor --data-dir ~/data --journal old.sqlite
              journal doctor --format json

            It ends with code 0 unless something is broken, and then with 69.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    @OptionGroup var journal: JournalLocation
    @OptionGroup var data: DataLocation

    @Option(help: "table for people; json for programs.")
    var format = Format.table

    func run() throws {
        let terminal = Terminal.standardOutput
        let checklist = Checklist(
            ProgramCheck.items + JournalCheck(path: journal.path).items + DataCheck(library: data.library).items
                + MachineCheck(journal: journal.path, terminal: terminal).items)
        switch format {
        case .table: try StandardOutput.show(checklist.text(for: terminal))
        case .json: try StandardOutput.write(checklist.json().text() + "\n")
        }
        if !checklist.isSound { throw ExitCode(EX_UNAVAILABLE) }
    }
}
