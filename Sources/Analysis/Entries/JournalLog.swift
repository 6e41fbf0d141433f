import JournalStore

/// What has happened in a journal, one thing after the other.
public struct JournalLog: Sendable {
    /// One thing that happened.
    public struct Entry: Sendable {
        public let event: Event
        /// When, as the journal has it.
        public let at: String
        public let experiment: String
        /// The hash of the version.
        public let version: String
        public let tags: [String]
        public let isArchived: Bool
    }

    public enum Event: Sendable, Equatable {
        /// The first of its runs began.
        case begun(trials: Int)
        /// A later run went on with it.
        case resumed(completed: Int, trials: Int)
        /// Its trials have all been completed.
        case completed(trials: Int)
        /// All that it asks for had been computed for other versions.
        case takenOver(trials: Int)
        /// Its last run has ended, and not all trials are completed.
        case stopped(completed: Int, failed: Int, trials: Int)
        /// A note or a conclusion.
        case noted(EntryNote)
    }

    /// Oldest first.
    public let entries: [Entry]

    /// - Parameter tag: Of experiments with this tag only.
    /// - Throws: ``JournalError`` where the journal cannot be read, or naming its tags where none is so called.
    public init(of journal: Journal, tag: String? = nil) throws {
        let tags = try journal.tags()
        if let tag, !tags.values.contains(where: { $0.contains(tag) }) {
            let known = Set(tags.values.joined()).sorted()
            throw JournalError(
                .missing,
                "no experiment has the tag \(tag); "
                    + (known.isEmpty
                        ? "there are none: journal tag EXPERIMENT +TAG" : "there are \(known.joined(separator: ", "))"))
        }
        let archived = Set(try journal.archivedExperiments().keys)
        func entry(_ event: Event, _ at: String, _ experiment: String, _ version: String) -> Entry {
            Entry(
                event: event, at: at, experiment: experiment, version: version, tags: tags[experiment] ?? [],
                isArchived: archived.contains(experiment))
        }
        let tallies = Dictionary(grouping: try journal.tallies(), by: \.experiment)
        let events = try journal.experiments().flatMap { version in
            Self.events(of: version, tallies[version.id] ?? []).map { entry($0, $1, version.name, version.hash) }
        }
        let notes = try EntryNote.all(in: journal).map { note in
            entry(.noted(note), note.record.createdAt, note.record.experiment, note.record.version)
        }
        entries = (events + notes).filter { entry in tag.map(entry.tags.contains) ?? true }
            .enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private static func events(of version: ExperimentRecord, _ tallies: [TrialTally]) -> [(Event, String)] {
        func count(_ status: TrialStatus? = nil) -> Int {
            tallies.filter { status == nil || $0.status == status }.reduce(0) { $0 + $1.trials }
        }
        let total = count()
        guard total > 0 else { return [] }
        let own = tallies.filter { !$0.isTakenOver && $0.startedAt != nil }
        guard !own.isEmpty else {
            return count(.completed) == total ? [(.takenOver(trials: total), version.createdAt)] : []
        }
        let runs = Dictionary(grouping: own, by: \.run).values.map { tallies in
            (startedAt: tallies.compactMap(\.startedAt).min() ?? "", trials: tallies)
        }.sorted { $0.startedAt < $1.startedAt }
        var events: [(Event, String)] = []
        var before = tallies.filter(\.isTakenOver).reduce(0) { $0 + $1.trials }
        for (index, run) in runs.enumerated() {
            let event: Event = index == 0 ? .begun(trials: total) : .resumed(completed: before, trials: total)
            events.append((event, run.startedAt))
            before += run.trials.filter { $0.status == .completed }.reduce(0) { $0 + $1.trials }
        }
        guard count(.running) == 0, let end = own.compactMap(\.finishedAt).max() else { return events }
        let isComplete = count(.completed) == total
        events.append(
            (
                isComplete
                    ? .completed(trials: total)
                    : .stopped(completed: count(.completed), failed: count(.failed), trials: total), end
            ))
        return events
    }
}
