import Foundation
import Testing

@testable import journal

/// The spec that a newcomer begins with.
@Suite struct InitTests {
    let program = try! Program()

    @Test(arguments: StarterSpec.allCases) func theSpecRunsAsItIs(kind: StarterSpec) throws {
        let made = try program.call("init", "mine", "--kind", kind.rawValue)
        #expect(made.code == 0 && made.messages.hasPrefix("Wrote mine.json"))
        #expect(try program.call("run", "mine.json", "--quiet").code == 0)
        // What it says to call next can be called; runs have been.
        let steps = made.messages.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("journal ") && !$0.hasPrefix("journal run mine.json") }
        #expect(steps.contains("journal compare mine"))
        for step in steps {
            let outcome = try program.shell(step.replacingOccurrences(of: "journal ", with: "\"$JOURNAL_PROGRAM\" "))
            #expect(outcome.code == 0, "\(step): \(outcome.messages)")
        }
    }

    @Test func aFileThatIsThereStays() throws {
        try program.write("mine", to: "first.json")
        let refused = try program.call("init")
        #expect(refused.code == 73)
        #expect(refused.messages.contains("first.json is there already"))
        #expect(try program.shell("cat first.json").output == "mine")
    }

    @Test(arguments: [
        ("two words.json", Int32(64), "a name without spaces"), ("nowhere/first.json", 66, "no folder nowhere"),
        ("", 64, "the name of a file"),
    ]) func whatCannotBeWrittenIsRefused(file: String, code: Int32, words: String) throws {
        let refused = try program.call("init", file)
        #expect(refused.code == code && refused.messages.contains(words))
        #expect(try program.shell("ls -A").output.isEmpty)
    }
}
