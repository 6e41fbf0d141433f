import ArgumentParser
import JournalStore

/// Where the journal is: an option that all commands share.
struct JournalLocation: ParsableArguments {
    @Option(
        name: .customLong("journal"),
        help: ArgumentHelp(
            "The journal's file. Without this option: $JOURNAL, or journal.sqlite in the working folder.",
            valueName: "file"))
    var file: String?

    var path: String {
        file ?? Arguments.path(inEnvironment: "JOURNAL") ?? "journal.sqlite"
    }

    /// Opens the journal to read. Where something of it seems to be missing, says so on standard error.
    ///
    /// - Throws: `JournalError` when the file is missing, is not a journal, or needs a newer program.
    func reading() throws -> Journal {
        if let warning = Journal.warning(of: path) { StandardError.write("\(warning)\n") }
        return try Journal(reading: path, programVersion: ProgramVersion.current)
    }

    func validate() throws {
        if file == "" { throw ValidationError("--journal needs the name of a file.") }
    }
}
