import ArgumentParser
import Foundation
import JournalStore
import Page
import Report
import Wording

struct NotebookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notebook",
        abstract: "Writes experiments down as a document that stands alone.",
        discussion: """
            Question, spec, results with their statistics, curves, notes and conclusion of each experiment: as a notebook of \
            Jupyter whose code reads this journal, as one HTML file, or as Markdown. Without a name, all experiments that \
            are not archived:

              journal notebook l2l-mnist --to l2l-mnist.ipynb
              journal notebook --to journal.html
              journal notebook l2l-mnist l2l-cifar --to both.md
            """)

    enum Format: String, CaseIterable {
        case ipynb, html, md

        init?(path: String) {
            guard let dot = path.lastIndex(of: ".") else { return nil }
            self.init(rawValue: path[path.index(after: dot)...].lowercased())
        }
    }

    @Argument(
        help: ArgumentHelp(
            "NAME for the newest version of an experiment, NAME@HASH for an older one; or several.",
            valueName: "experiment"), completion: NameCompletion.experiments)
    var experiments: [String] = []

    @Option(
        name: .customLong("to"), help: ArgumentHelp("The .ipynb, .html or .md file to write.", valueName: "file"),
        completion: .file(extensions: Format.allCases.map(\.rawValue)))
    var file: String

    @Flag(help: "Replaces a file that is there, whatever it is.")
    var force = false

    @OptionGroup var journal: JournalLocation

    func validate() throws {
        if Format(path: file) == nil {
            throw ValidationError("--to writes what the file's name ends in: .ipynb, .html or .md.")
        }
    }

    func run() throws {
        guard let format = Format(path: file) else { return }
        let document = try Document(
            experiments, in: try journal.reading(), kinds: RecordedKinds.summaries(), journalAt: places)
        let text =
            switch format {
            case .ipynb: document.jupyter
            case .html: DocumentPage(document).text
            case .md: document.markdown
            }
        // A notebook may have been written on; it is the reader's then.
        let replacement = FileReplacement(path: file, refusal: "not to be written over; --force replaces it")
        try replacement.write(Data(text.utf8)) { $0 == Data(text.utf8) || force }
        StandardError.write("Wrote \(counted(document.blocks.count, "part")) to \(file).\n")
    }

    /// Beside the document under its own name, and where it is now.
    private var places: [String] {
        let now = URL(fileURLWithPath: journal.path).standardizedFileURL
        return [now.lastPathComponent, now.path]
    }
}
