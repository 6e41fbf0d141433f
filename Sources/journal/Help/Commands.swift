import ArgumentParser

/// All that `journal` can be told to do, by what one wants: a command's place here is the whole of its registration.
enum Commands {
    static let groups = [
        CommandGroup(name: "To begin", subcommands: [InitCommand.self, DoctorCommand.self]),
        CommandGroup(
            name: "To run experiments", subcommands: [RunCommand.self, AttachCommand.self, CancelCommand.self]),
        CommandGroup(
            name: "To read what came out",
            subcommands: [
                ServeCommand.self, ShowCommand.self, CompareCommand.self, PlotCommand.self, LogCommand.self,
                QueryCommand.self,
            ]),
        CommandGroup(
            name: "To keep the notebook",
            subcommands: [
                NoteCommand.self, NotebookCommand.self, TagCommand.self, ArchiveCommand.self, DeleteCommand.self,
            ]),
        CommandGroup(
            name: "To pass on", subcommands: [ExportCommand.self, ImportCommand.self, MergeCommand.self]),
        CommandGroup(name: "About the program", subcommands: [SchemaCommand.self, ManualCommand.self]),
    ]

    /// What only the program itself calls.
    static let hidden: [any ParsableCommand.Type] = [WorkCommand.self]
}

/// A help screen of the argument parser, as this program shows it.
enum HelpScreen {
    /// Without the word that the parser puts behind the name of every group.
    static func shown(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isHeading = line.hasSuffix(ending) && line == line.uppercased()
            return isHeading ? line.dropLast(ending.count) + ":" : line
        }.joined(separator: "\n")
    }

    private static let ending = " SUBCOMMANDS:"
}
