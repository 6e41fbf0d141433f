import JournalStore

/// A note, with the number that its trial has now.
public struct EntryNote: Sendable, Equatable {
    public let record: NoteRecord
    /// The trial that it is on; nil where it is on the experiment, or the trial is gone.
    public let trial: Int64?

    /// Those of an experiment and its trials, or of all, oldest first.
    public static func all(of experiment: String? = nil, in journal: Journal) throws -> [EntryNote] {
        let notes = try journal.notes(of: experiment)
        let numbers = try journal.trialsWithNotes()
        return notes.map { note in EntryNote(record: note, trial: numbers[note.id]) }
    }
}
