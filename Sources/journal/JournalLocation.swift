import ArgumentParser

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

    func validate() throws {
        if file == "" { throw ValidationError("--journal needs the name of a file.") }
    }
}
