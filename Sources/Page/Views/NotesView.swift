import JournalStore
import Wording

/// What people have written on an experiment or a trial, and where they write more.
struct NotesView {
    let request: PageRequest
    let experiment: ExperimentRecord
    /// Nil for the experiment, with the notes on all its versions and trials.
    let trial: TrialRecord?

    /// On all versions of the experiment and their trials, oldest first.
    private let notes: [NoteRecord]
    /// The numbers that trials have now which notes are on, by the notes' ids.
    private let trials: [Int64: Int64]

    init(_ request: PageRequest, on experiment: ExperimentRecord, trial: TrialRecord? = nil) throws {
        self.request = request
        self.experiment = experiment
        self.trial = trial
        notes = try request.journal.notes(of: experiment.name)
        trials = notes.contains { $0.trialIdentity != nil } ? try request.journal.trialsWithNotes() : [:]
    }

    /// The last of them stands.
    private var lastConclusion: NoteRecord? { notes.last { $0.kind == .conclusion && $0.trialIdentity == nil } }

    /// What the experiment came to, in the words that stand; nothing where none do.
    var conclusion: HTML {
        .part(
            id: "concluded",
            lastConclusion.map { note in
                [
                    .section(
                        "conclusion", "Conclusion",
                        [
                            Markdown(note.text).html,
                            .element("p", [.class("muted")], [TimeText.html(note.createdAt)] + place(note)),
                        ])
                ]
            } ?? [])
    }

    var html: HTML {
        let shown = notes.filter { note in
            trial.map { trials[note.id] == $0.id } ?? (note.id != lastConclusion?.id)
        }
        return .section(
            "notes", "Notes",
            [.part(id: "notes", shown.isEmpty ? [.note("None yet.")] : shown.map(article)), .served([form])])
    }

    private func article(_ note: NoteRecord) -> HTML {
        .element(
            "article", [.class("note")],
            [
                .element("p", [.class("muted")], [TimeText.html(note.createdAt)] + place(note)),
                Markdown(note.text).html,
            ])
    }

    /// What it is on, where that is not the page.
    private func place(_ note: NoteRecord) -> [HTML] {
        var pieces: [HTML] = []
        if note.kind == .conclusion, note.id != lastConclusion?.id { pieces.append(", an earlier conclusion") }
        if trial == nil, let number = trials[note.id] {
            pieces += [", on ", .link("trial \(number)", Address(["trials", String(number)]))]
        }
        if note.version != experiment.hash { pieces.append(.text(", on version \(note.version.prefix(12))")) }
        return pieces
    }

    private var form: HTML {
        .details(
            "Add a note",
            [
                .form(
                    [.plain("method", "post"), .action(Address(["notes"]))],
                    [
                        .hidden("token", request.token),
                        trial.map { .hidden("trial", String($0.id)) } ?? .hidden("experiment", experiment.reference),
                        .element(
                            "label", [],
                            [
                                "The note, in Markdown. It gets its date, and stays as it is.",
                                .element(
                                    "textarea",
                                    [.plain("name", "text"), .plain("rows", "5"), .flag("required")], []),
                            ]),
                        .element(
                            "p", [.class("actions")],
                            [
                                .button("Add the note"),
                                trial == nil
                                    ? .element(
                                        "label", [.class("inline")],
                                        [
                                            .element(
                                                "input",
                                                [
                                                    .plain("type", "checkbox"), .plain("name", "concludes"),
                                                    .plain("value", "yes"),
                                                ], []),
                                            "It is what the experiment came to",
                                        ]) : .nothing,
                            ]),
                    ])
            ], id: "add-note")
    }
}
