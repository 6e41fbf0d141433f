import Analysis
import JournalStore
import Nouns

extension ExperimentEntry {
    /// The entry for programs, its keys always in the same order. The results are as `journal compare` has them.
    public func json() -> String {
        OrderedJSON.members([
            "experiment": .string(name),
            "version": .string(version.record.hash),
            "question": .optional(question),
            "tags": .array(tags.map(OrderedJSON.string)),
            "archivedAt": .optional(archivedAt),
            "versions": .array(versions.map(\.json)),
            "before": .optional(before?.hash),
            "differences": .array(version.differences.map(\.json)),
            "datasets": .array(datasets.map(\.json)),
            "takenOver": .array(takenOver.map(\.json)),
            "failures": .array(
                failures.map { .members(["trial": .integer($0.trial), "error": .string($0.error)]) }),
            "comparison": comparison,
            "results": .array(named.map(\.json)),
            "learned": .array(
                learned.map { trial, optimizer in
                    .members([
                        "trial": .integer(trial.id), "replicate": trial.replicate.map { .integer(Int64($0)) } ?? .null,
                        "name": .string(optimizer.name), "kind": .string(optimizer.kind),
                        "evaluationLoss": optimizer.evaluationLoss.map(OrderedJSON.number) ?? .null,
                    ])
                }),
            "notes": .array(notes.map(\.json)),
            "conclusion": conclusion?.json ?? .null,
        ]).text() + "\n"
    }

    private var comparison: OrderedJSON {
        if case .comparison(let comparison) = results { comparison.value } else { .null }
    }
    private var named: [NamedResults] { if case .named(let results) = results { results } else { [] } }
}

extension TrialEntry {
    /// The entry for programs. Its curves are told by their lengths: `journal query points` has them.
    public func json() -> String {
        func document(_ text: String) -> OrderedJSON { JSONValue(parsing: text).map(OrderedJSON.init) ?? .string(text) }
        let results = trial.results?.values.sorted { $0.key.rawValue < $1.key.rawValue } ?? []
        return OrderedJSON.members([
            "trial": .integer(trial.id),
            "experiment": .string(experiment.name),
            "version": .string(experiment.hash),
            "kind": .string(trial.kind.rawValue),
            "problem": .string(trial.problem),
            "optimizer": .string(trial.optimizer),
            "replicate": trial.replicate.map { .integer(Int64($0)) } ?? .null,
            "seed": .integer(Int64(trial.seed)),
            "status": .string(trial.status.rawValue),
            "steps": .integer(Int64(trial.steps)),
            "precision": .string(trial.precision),
            "startedAt": .optional(trial.startedAt),
            "finishedAt": .optional(trial.finishedAt),
            "error": .optional(trial.error),
            "note": .optional(trial.note),
            "programVersion": .optional(programVersion),
            "kernelTable": .optional(trial.kernelTable),
            "takenFrom": trial.takenFrom.map(OrderedJSON.integer) ?? .null,
            "results": .object(results.map { ($0.key.rawValue, .number($0.value)) }),
            "optimizerSettings": document(trial.optimizerSettings),
            "problemSettings": document(trial.problemSettings),
            "architecture": trial.architecture.map(document) ?? .null,
            "curves": .array(
                curves.map { curve in
                    .members([
                        "metric": .string(curve.metric.rawValue), "points": .integer(Int64(curve.values.count)),
                        "last": curve.values.last.map(OrderedJSON.number) ?? .null,
                    ])
                }),
            "checkpoint": checkpoint.map { .integer(Int64($0)) } ?? .null,
            "snapshots": .array(snapshots.map { .integer(Int64($0)) }),
            "notes": .array(notes.map(\.json)),
        ]).text() + "\n"
    }
}

extension JournalLog {
    /// The log for programs: the entries that a listing asks for, one after the other.
    public func json(_ listing: Listing) -> String {
        let entries = days(listing).flatMap(\.entries).map { time, entry in
            let note: EntryNote? = if case .noted(let note) = entry.event { note } else { nil }
            return OrderedJSON.members([
                "at": .string(entry.at),
                "day": .string(time.day),
                "event": .string(entry.eventName),
                "experiment": .string(entry.experiment),
                "version": .string(entry.version),
                "trial": note?.trial.map(OrderedJSON.integer) ?? .null,
                "text": .string(note?.record.text ?? entry.inWords),
                "tags": .array(entry.tags.map(OrderedJSON.string)),
                "archived": .bool(entry.isArchived),
            ])
        }
        return OrderedJSON.array(entries).text() + "\n"
    }
}

extension EntryNote {
    fileprivate var json: OrderedJSON {
        .members([
            "kind": .string(record.kind.rawValue), "createdAt": .string(record.createdAt),
            "version": .string(record.version), "trial": trial.map(OrderedJSON.integer) ?? .null,
            "text": .string(record.text),
        ])
    }
}

extension ExperimentEntry.Version {
    fileprivate var json: OrderedJSON {
        .members([
            "version": .string(record.hash),
            "createdAt": .string(record.createdAt),
            "startedAt": .optional(startedAt),
            "finishedAt": .optional(finishedAt),
            "programVersions": .array(programVersions.map(OrderedJSON.string)),
            "trials": .object(
                TrialStatus.allCases.filter { count($0) > 0 }.map { ($0.rawValue, .integer(Int64(count($0)))) }),
            "differences": .array(differences.map(\.json)),
        ])
    }
}

extension JSONDifference {
    fileprivate var json: OrderedJSON {
        .members([
            "path": .string(path.description), "old": old.map(OrderedJSON.init) ?? .null,
            "new": new.map(OrderedJSON.init) ?? .null,
        ])
    }
}

extension TakenOver {
    fileprivate var json: OrderedJSON {
        .members(["experiment": .string(name), "version": .string(hash), "trials": .integer(Int64(trials))])
    }
}

extension NamedResults {
    fileprivate var json: OrderedJSON {
        .members([
            "kind": .string(kind.rawValue), "problem": .string(problem), "optimizer": .string(optimizer),
            "trials": .integer(Int64(trials)), "diverged": .integer(Int64(diverged)),
            "values": .object(values.map { ($0.metric.rawValue, $0.summary.json) }),
        ])
    }
}

extension OrderedJSON {
    fileprivate static func optional(_ text: String?) -> OrderedJSON { text.map(OrderedJSON.string) ?? .null }

    /// A value with the keys of its objects in alphabetical order.
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .bool(value)
        case .integer(let value): self = .integer(Int64(value))
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .array(elements.map(OrderedJSON.init))
        case .object(let members):
            self = .object(members.sorted { $0.key < $1.key }.map { ($0.key, OrderedJSON($0.value)) })
        }
    }
}
