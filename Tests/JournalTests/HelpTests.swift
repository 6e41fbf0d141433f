import ArgumentParser
import Foundation
import Testing

@testable import journal

/// What the program says of itself.
@Suite struct HelpTests {
    let program = try! Program()

    static let commands: [CommandHelp] = {
        let help = Data(JournalProgram._dumpHelp().utf8)
        return (try? JSONDecoder().decode(CommandHelp.Tool.self, from: help).command.leaves) ?? []
    }()

    @Test func calledBareItTeaches() throws {
        let bare = try program.call()
        #expect(bare.code == 0 && bare.messages.isEmpty)
        for step in ["journal init first.json", "journal run first.json", "journal compare first"] {
            #expect(bare.output.contains("\n  \(step)\n"))
        }
        for group in Commands.groups { #expect(bare.output.contains("\n\(group.name.uppercased()):\n")) }
        for call in [["help"], ["--help"], ["-h"]] {
            #expect(try program.start(call).outcome().output == bare.output)
        }
    }

    @Test func theListHasAllCommands() {
        let calls = Self.commands.map(\.call)
        let listed = Commands.groups.flatMap(\.subcommands).compactMap { $0.configuration.commandName }
        #expect(calls.count >= listed.count && Set(listed).count == listed.count)
        #expect(["journal run", "journal export optimizer"].allSatisfy(calls.contains))
    }

    /// Each command shows at least one call of itself, and every call that any help shows can be given.
    @Test(arguments: commands.map(\.call)) func examplesCanBeGiven(call: String) throws {
        let command = try #require(Self.commands.first { $0.call == call })
        let lines = (command.discussion ?? "").split(separator: "\n")
        let examples = lines.filter { $0.hasPrefix("  journal ") }.map { $0.dropFirst(2) }
        #expect(examples.contains { $0 == call || $0.hasPrefix(call + " ") })
        for example in examples {
            let words = Self.words(String(example))
            #expect(throws: Never.self, "\(example)") { try JournalProgram.parseAsRoot(Array(words.dropFirst())) }
        }
    }

    /// The words of the first command of a shell's line.
    private static func words(_ line: String) -> [String] {
        var (words, word, quote) = ([String](), "", Character?.none)
        for character in line {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            } else if quote == nil, "|<>".contains(character) {
                break
            } else if quote == nil, character == " " {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }

    @Test func theVersionTellsKernelsAndBuild() throws {
        let lines = try program.call("--version", environment: ["JOURNAL_KERNELS": ""]).lines
        #expect(lines.first == "journal \(ProgramVersion.current)")
        #expect(lines.dropFirst().first?.hasPrefix("kernels ") == true)
        #expect(lines.last == "build \(ProgramVersion.build)")
        let amiss = try program.call("--version", environment: ["JOURNAL_KERNELS": "abacus"])
        #expect(amiss.code == 0 && amiss.output.contains("journal doctor"))
    }

    @Test func theManualPageHasAllCommandsAndOptions() throws {
        let page = try program.call("manual")
        #expect(page.code == 0)
        for command in Self.commands {
            #expect(page.output.contains("\n.SS \"\(command.call)\"\n"))
            for name in (command.arguments ?? []).filter(\.shouldDisplay).flatMap({ $0.names ?? [] })
            where !["help", "h", "version"].contains(name.name) {
                #expect(page.output.contains("\\fB\(Roff.escaped(name.text))\\fR"))
            }
        }
        try program.write(page.output, to: "journal.1")
        let read = try program.shell(
            "command -v man >/dev/null && MANWIDTH=80 LANG=C.UTF-8 man --warnings -l journal.1")
        // Some small machines have a man that only says that there is none.
        guard read.code == 0, read.output.contains("JOURNAL(1)") else { return }
        #expect(read.messages.isEmpty)
        #expect(read.output.contains("journal init first.json"))
    }

    @Test func theSchemaIsTheCommittedOne() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Schemas/experiment.schema.json")
        #expect(try program.call("schema").output == String(contentsOf: file, encoding: .utf8))
    }
}
