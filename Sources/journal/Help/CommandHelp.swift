/// What the argument parser tells of commands for other programs (`--experimental-dump-help`), as far as it is used.
struct CommandHelp: Decodable {
    struct Tool: Decodable {
        var command: CommandHelp
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            /// As it is typed.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var isOptional: Bool
        var isRepeating: Bool
        var shouldDisplay: Bool
        var names: [Name]?
        var preferredName: Name?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
        var discussion: String?

        var isPositional: Bool { kind == "positional" }
        var takesValue: Bool { kind != "flag" }
    }

    var commandName: String
    var superCommands: [String]?
    var shouldDisplay: Bool
    var abstract: String?
    var discussion: String?
    var subcommands: [CommandHelp]?
    var arguments: [Argument]?

    /// The whole call, without its arguments.
    var call: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// The commands in it that do something, each after the one that it belongs to; the help of the parser is none.
    var leaves: [CommandHelp] {
        let inner = (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
        return inner.isEmpty ? [self] : inner.flatMap(\.leaves)
    }
}
