import Foundation
import Locking

/// Sections of pages that take longer than a reader waits: they are made beside, kept, and made anew when what they show
/// has changed. Meanwhile the reader sees the last one.
final class SectionCache: Sendable {
    private struct Entry {
        var stamp: String?
        var pieces: [String: HTML]?
        var isBeingMade = false
        /// Before this it is not made anew, so that what is dear does not take the processor from the run that it shows.
        var restsUntil = Date.distantPast
        var lastUse = 0
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var uses = 0
    }

    private let state = Locked(State())
    private let door: JournalDoor
    private static let capacity = 64
    /// How many times the time that it took to make a section it then stays as it is.
    private static let rest = 10.0

    init(_ door: JournalDoor) { self.door = door }

    /// A section's pieces by their names; nil where it has not been made yet and is not within the time given.
    ///
    /// - Parameters:
    ///   - key: which section of which page it is.
    ///   - stamp: what it shows changes when this changes.
    ///   - patience: seconds to wait for one that is new.
    ///   - make: makes it, on another thread, from a journal of its own.
    func section(
        _ key: String, stamp: String, patience: Double = 0.06,
        make: @escaping @Sendable (PageReader) throws -> [String: HTML]
    ) async -> (pieces: [String: HTML]?, isCurrent: Bool) {
        if begins(key, stamp) {
            // A thread of its own: on the few that all tasks share, two sections would keep every page waiting.
            DispatchQueue(label: "journal.section", qos: .utility).async { [self] in
                let begin = Date.now
                let pieces = (try? door.read { try make(PageReader(journal: $0)) }) ?? [:]
                state.withLock { state in
                    let rest = Self.rest * Date.now.timeIntervalSince(begin)
                    state.entries[key] = Entry(
                        stamp: stamp, pieces: pieces, restsUntil: .now + rest, lastUse: state.uses)
                    if state.entries.count > Self.capacity,
                        let oldest = state.entries.filter({ !$0.value.isBeingMade })
                            .min(by: { $0.value.lastUse < $1.value.lastUse })
                    {
                        state.entries[oldest.key] = nil
                    }
                }
            }
        }
        let deadline = Date.now + patience
        while true {
            let entry = state.withLock { $0.entries[key] }
            if let entry, entry.stamp == stamp, !entry.isBeingMade { return (entry.pieces, true) }
            if let entry, !entry.isBeingMade { return (entry.pieces, false) }
            guard Date.now < deadline, (try? await Task.sleep(for: .milliseconds(4))) != nil else {
                return (entry?.pieces, false)
            }
        }
    }

    /// Whether the section has to be made now, by whoever asks.
    private func begins(_ key: String, _ stamp: String) -> Bool {
        state.withLock { state in
            state.uses += 1
            var entry = state.entries[key] ?? Entry()
            defer { state.entries[key] = entry }
            entry.lastUse = state.uses
            guard entry.stamp != stamp, !entry.isBeingMade, Date.now > entry.restsUntil else { return false }
            entry.isBeingMade = true
            return true
        }
    }
}
