import ArgumentParser
import Foundation

/// The manual page in the language of `man`, made from the help of the commands.
struct ManualPage {
    private let program: CommandHelp
    private let version: String

    /// - Parameter help: what the argument parser tells of the program.
    /// - Throws: where that is in another form than it has been.
    init(help: Data, version: String) throws {
        program = try JSONDecoder().decode(CommandHelp.Tool.self, from: help).command
        self.version = version
    }

    var text: String {
        let commands = program.subcommands ?? []
        var page = Roff()
        page.request("TH", "JOURNAL", "1", "", "journal \(version)", "Research journal")
        // Words of a command line are not to be broken.
        page.request("nh")
        page.request("ad", "l")
        page.section("NAME")
        page.line("\(program.commandName) \\- \(Roff.escaped(Self.phrase(program.abstract ?? "")))", isEscaped: true)
        page.section("SYNOPSIS")
        page.request("B", program.call)
        page.line("\\fISUBCOMMAND\\fR [\\fIARGUMENTS\\fR]", isEscaped: true)
        page.section("DESCRIPTION")
        page.prose(program.discussion ?? "")
        for group in JournalProgram.configuration.groupedSubcommands {
            page.section(group.name.uppercased())
            for type in group.subcommands {
                let name = type.configuration.commandName
                for command in commands.first(where: { $0.commandName == name })?.leaves ?? [] {
                    write(command, to: &page)
                }
            }
        }
        page.section("EXIT STATUS")
        page.prose(Self.exitCodes)
        page.section("ENVIRONMENT")
        for (name, meaning) in Self.environment { page.item("\\fB\(name)\\fR", meaning) }
        return page.text
    }

    private func write(_ command: CommandHelp, to page: inout Roff) {
        let arguments = (command.arguments ?? []).filter {
            $0.shouldDisplay && $0.names?.contains { $0.name == "help" } != true
        }
        .filter { $0.valueName != "version" }
        page.request("SS", command.call)
        page.prose(command.abstract ?? "")
        page.request("PP")
        let synopsis = arguments.filter(\.isPositional).map(Self.synopsis)
        let options = arguments.contains { !$0.isPositional } ? ["[\\fIOPTIONS\\fR]"] : []
        page.line(
            (["\\fB\(Roff.escaped(command.call))\\fR"] + synopsis + options).joined(separator: " "), isEscaped: true)
        page.request("PP")
        page.prose(command.discussion ?? "")
        for argument in arguments {
            page.item(Self.label(argument), Self.meaning(of: argument))
            if let discussion = argument.discussion { page.line(discussion) }
        }
    }

    private static func synopsis(_ argument: CommandHelp.Argument) -> String {
        let name = "\\fI\(Roff.escaped((argument.valueName ?? "").uppercased()))\\fR"
        let repeated = argument.isRepeating ? "\(name) ..." : name
        return argument.isOptional ? "[\(repeated)]" : repeated
    }

    private static func label(_ argument: CommandHelp.Argument) -> String {
        let value = "\\fI\(Roff.escaped((argument.valueName ?? "").uppercased()))\\fR"
        guard !argument.isPositional else { return value }
        let names = (argument.names ?? []).map { "\\fB\(Roff.escaped($0.text))\\fR" }.joined(separator: ", ")
        return argument.takesValue ? "\(names) \(value)" : names
    }

    private static func meaning(of argument: CommandHelp.Argument) -> String {
        let values = (argument.allValues ?? []).joined(separator: ", ")
        let notes = [
            values.isEmpty ? nil : "values: \(values)", argument.defaultValue.map { "default: \($0)" },
        ].compactMap { $0 }
        return [argument.abstract ?? "", notes.isEmpty ? "" : "(\(notes.joined(separator: "; ")))"]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// A sentence as the line under NAME has it.
    private static func phrase(_ sentence: String) -> String {
        let bare = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
        return bare.prefix(1).lowercased() + bare.dropFirst()
    }

    private static let exitCodes = """
        0 when all was done; 1 when a trial failed; 64 where a command was given wrongly; 65 where a spec or a file holds \
        something else than it must; 66 where something that was named is not there; 69 where another program, or \
        something that the program needs, is missing; 73 where a file is in the way; 74 where the system could not read or \
        write; 130 when it was told to stop.
        """

    private static let environment = [
        ("JOURNAL", "The journal's file, where --journal doesn't name one."),
        ("JOURNAL_DATA", "The folder that holds the data, where --data-dir doesn't name one."),
        ("JOURNAL_KERNELS", "The kernels to compute with, in place of the fastest that the processor has."),
        ("NO_COLOR", "Where it is set, nothing is coloured."),
    ]
}
