import Foundation
import Wording

/// The text of a note, from where the person has it.
struct NoteDraft {
    let text: String
    /// The file that an editor wrote it to; nil where it came from elsewhere.
    let file: String?

    /// - Parameters:
    ///   - argument: The text itself, `-` for standard input, nil for an editor.
    ///   - entry: What the note is on, as the person called it.
    /// - Throws: ``Failure`` where there is no editor, it failed, or nothing was written.
    init(_ argument: String?, on entry: String) throws {
        switch argument {
        case "-":
            text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
            file = nil
        case let text?:
            self.text = text
            file = nil
        case nil:
            let written = try Self.written(on: entry)
            (text, file) = (written.text, written.file)
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            discard()
            throw Failure(exitCode: EX_DATAERR, "nothing was written, and so nothing was noted")
        }
    }

    /// Removes the editor's file, once the journal has what it holds.
    func discard() {
        guard let file else { return }
        try? FileManager.default.removeItem(atPath: file)
    }

    /// What follows is no part of the note. (A line that begins with # is a heading in Markdown.)
    private static func hint(_ entry: String) -> String {
        "\n<!-- A note on \(entry), in Markdown. What stands from this line on is left out; write nothing for no note. -->\n"
    }

    private static func written(on entry: String) throws -> (text: String, file: String) {
        let names = ["VISUAL", "EDITOR"]
        guard let editor = names.lazy.compactMap({ Arguments.path(inEnvironment: $0) }).first else {
            throw Failure(
                exitCode: EX_USAGE,
                "what is the note? Give its text, - to read it from standard input, or set $VISUAL or $EDITOR to an editor"
            )
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("journal-note-\(UUID().uuidString).md")
        try Data(hint(entry).utf8).write(to: file)
        let code = Editor.open(file.path, with: editor)
        let written = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        let text = written.range(of: "<!-- A note on ").map { String(written[..<$0.lowerBound]) } ?? written
        guard code == 0 else {
            let isEmpty = !text.contains { !$0.isWhitespace }
            if isEmpty { try? FileManager.default.removeItem(at: file) }
            throw Failure(
                exitCode: EX_UNAVAILABLE,
                "the editor \(editor) ended with code \(code), and so nothing was noted"
                    + (isEmpty ? "" : "; what was written is in \(file.path)"))
        }
        return (text, file.path)
    }
}
