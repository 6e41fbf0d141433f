import Analysis
import JournalStore

extension EntryPage {
    /// A note with its date and, where that says more than the entry itself, what it is on.
    ///
    /// - Parameters:
    ///   - version: the hash of the version that the entry shows.
    ///   - trial: the trial that the entry shows; nil where it shows the experiment.
    mutating func note(
        _ note: EntryNote, shownWith version: String, _ trial: Int64? = nil, isCalled name: String? = nil
    ) {
        let record = note.record
        var head = LocalTime.text(record.createdAt)
        if let name { head += ", \(name)" }
        if let number = note.trial {
            if number != trial { head += ", on trial \(number)" }
        } else if record.trialIdentity != nil {
            head += ", on a trial that is gone"
        }
        if record.version != version { head += ", on version \(record.version.prefix(12))" }
        paragraph(head, .faint)
        markdown(record.text, indent: 2 * Self.indent)
    }

    mutating func notes(_ notes: [EntryNote], shownWith version: String, _ trial: Int64? = nil) {
        guard !notes.isEmpty else { return }
        heading("Notes")
        for (index, note) in notes.enumerated() {
            if index > 0 { gap() }
            let isConclusion = note.record.kind == .conclusion
            self.note(note, shownWith: version, trial, isCalled: isConclusion ? "an earlier conclusion" : nil)
        }
    }
}
