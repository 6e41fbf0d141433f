import ArgumentParser
import JournalStore

/// Where the journal is: an option that all commands share.
struct JournalLocation: ParsableArguments {
    @Option(
        name: .customLong("journal"),
        help: ArgumentHelp(
            "The journal's file. Without this option: $JOURNAL, or journal.sqlite in the working folder.",
            valueName: "file"), completion: .file())
    var file: String?

    var path: String { Self.path(of: file) }

    /// The journal's file where the option has this value.
    static func path(of file: String?) -> String {
        file ?? Arguments.path(inEnvironment: "JOURNAL") ?? "journal.sqlite"
    }

    /// Opens the journal to read. Where something of it seems to be missing, says so on standard error.
    ///
    /// - Throws: `JournalError` when the file is missing, is not a journal, or needs a newer program.
    func reading() throws -> Journal {
        if let warning = Journal.warning(of: path) { StandardError.write("\(warning)\n") }
        return try Journal(reading: path, programVersion: ProgramVersion.current)
    }

    /// Opens the journal that is there to write in it, beside a run if one goes on; does something with it, and closes
    /// it.
    ///
    /// - Throws: `JournalError` when the file is missing, is not a journal, or needs a newer program; what `body` throws.
    @discardableResult
    func writing<Result>(_ body: (Journal) throws -> Result) throws -> Result {
        // To write, a journal is made where there is none.
        try reading().close()
        let patience = LockPatience(report: { StandardError.write("\($0)\n") })
        let journal = try Journal(writing: path, programVersion: ProgramVersion.current, patience: patience)
        do {
            let result = try body(journal)
            try journal.close()
            return result
        } catch {
            try? journal.close()
            throw error
        }
    }

    func validate() throws {
        if file == "" { throw ValidationError("--journal needs the name of a file.") }
    }
}
