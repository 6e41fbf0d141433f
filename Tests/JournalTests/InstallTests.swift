import Foundation
import Testing

/// `Scripts/install` with the program of the tests, and the completions that it installs, in a real bash.
@Suite struct InstallTests {
    let program = try! Program()

    static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Scripts/install").path

    @Test func itInstallsAndRemoves() throws {
        let installed = try program.shell("'\(Self.script)' --prefix place")
        #expect(installed.code == 0)
        let files = [
            "bin/journal", "share/man/man1/journal.1", "share/bash-completion/completions/journal",
            "share/zsh/site-functions/_journal", "share/fish/vendor_completions.d/journal.fish",
        ]
        for file in files {
            #expect(installed.messages.contains("place/\(file)\n") && program.has("place/\(file)"))
        }
        #expect(installed.messages.contains("is not in your PATH"))
        #expect(try program.shell("place/bin/journal --version").output.hasPrefix("journal "))
        #expect(
            try !program.shell("PATH=$PWD/place/bin:$PATH '\(Self.script)' --prefix place").messages.contains(
                "not in your PATH"))

        try program.write("mine", to: "place/bin/mine")
        #expect(try program.shell("'\(Self.script)' --uninstall --prefix place").code == 0)
        for file in files { #expect(!program.has("place/\(file)")) }
        #expect(program.has("place/bin/mine"))
        #expect(try program.shell("'\(Self.script)' --nonsense").code == 64)
    }

    @Test func bashCompletesNamesFromTheJournal() throws {
        try program.write(Specs.quadratic, to: "quadratic.json")
        try program.write(Specs.quadratic, to: "Experiments/other.json")
        try program.call("run", "quadratic.json", "--quiet", "--journal", "old one.sqlite")
        try program.call("run", "quadratic.json", "--quiet")
        #expect(try completions("compare", "") == ["quadratic"])
        #expect(try completions("compare", "quadratic", "--against", "") == ["sgd", "trained"])
        #expect(try completions("compare", "quadratic", "--metric", "").contains("finalLoss"))
        #expect(try completions("query", "--experiment", "q") == ["quadratic"])
        #expect(try completions("run", "").isSuperset(of: ["quadratic.json", "other", "Experiments"]))
        #expect(try completions("run", "Experiments/o") == ["Experiments/other.json"])
        #expect(try completions("compare", "--journal", #"old\ one.sqlite"#, "") == ["quadratic"])
        // Where there is nothing to read, there is nothing to say.
        #expect(try completions("compare", "--journal", "none.sqlite", "").isEmpty)
        #expect(try completions("compare", "--journal", "quadratic.json", "").isEmpty)
        #expect(!program.has("none.sqlite"))
    }

    /// What bash proposes for the last of the words.
    private func completions(_ words: String...) throws -> Set<String> {
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        let outcome = try program.shell(
            """
            source <("$JOURNAL_PROGRAM" --generate-completion-script bash)
            COMP_WORDS=("$JOURNAL_PROGRAM" \(line)); COMP_CWORD=\(words.count)
            COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
            _journal "$JOURNAL_PROGRAM" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """)
        #expect(outcome.messages.isEmpty)
        return Set(outcome.lines.map(String.init))
    }
}
