import Analysis
import ArgumentParser
import Foundation
import JournalStore
import Report

struct NoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Writes a note on an experiment or a trial.",
        discussion: """
            A note is Markdown, has its date, and is never overwritten: whoever knows better adds another. It may be added \
            while the experiment runs.

              journal note l2l-mnist "The learned one is ahead from step 20."
              journal note 12 "Diverged: the learning rate is at the edge of its grid."
              journal note l2l-mnist --conclude "It beats tuned Adam on every seed."
              journal note l2l-mnist - < notes.md

            Without a text the editor of $VISUAL or $EDITOR is opened. Of several conclusions the last stands.
            """)

    @Argument(
        help: ArgumentHelp(
            "NAME for the newest version of an experiment, NAME@HASH for an older one, or the number of a trial.",
            valueName: "experiment|trial"), completion: NameCompletion.experiments)
    var entry: String

    @Argument(
        help: ArgumentHelp(
            "The note; - reads it from standard input. Without this argument: what is written in an editor.",
            valueName: "text"))
    var text: String?

    @Flag(name: .customLong("conclude"), help: "The note is what the experiment came to.")
    var concludes = false

    @OptionGroup var journal: JournalLocation

    func run() throws {
        let reading = try journal.reading()
        let reference = try EntryReference(entry, in: reading)
        try reading.close()
        if concludes, reference.trial != nil {
            throw Failure(
                exitCode: EX_USAGE,
                "a conclusion is on an experiment: journal note \(reference.version.name) --conclude")
        }
        let draft = try NoteDraft(text, on: entry)
        do {
            try journal.writing { journal in
                try journal.addNote(
                    draft.text, to: reference.version, trial: reference.trial, kind: concludes ? .conclusion : .note)
            }
        } catch {
            if let kept = draft.file { StandardError.write("What you wrote is in \(kept).\n") }
            throw error
        }
        draft.discard()
        let kind = concludes ? "conclusion" : "note"
        let place = reference.trial.map { "trial \($0.id) of \(reference.version.reference)" }
        StandardError.write("Added a \(kind) on \(place ?? reference.version.reference).\n")
    }
}
