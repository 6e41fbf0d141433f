import JournalStore
import Locking

/// Opens the journal for pages: a few connections that are used again, each for one page at a time, and a new one when
/// the file has been replaced.
final class JournalDoor: Sendable {
    let path: String
    private let programVersion: String
    private let idle = Locked<[Journal]>([])

    init(path: String, programVersion: String) {
        self.path = path
        self.programVersion = programVersion
    }

    /// A connection of one's own.
    ///
    /// - Throws: `JournalError` when the file is missing, is not a journal, or needs a newer program.
    func open() throws -> Journal {
        while let journal = idle.withLock({ $0.popLast() }) {
            if journal.isCurrent { return journal }
            try? journal.close()
        }
        return try Journal(reading: path, programVersion: programVersion)
    }

    /// Gives a connection back.
    func putBack(_ journal: Journal) {
        idle.withLock { $0.append(journal) }
    }

    /// Writes in the journal, beside a run if one goes on.
    func write(_ body: (Journal) throws -> Void) throws {
        // To write, a journal is made where there is none.
        putBack(try open())
        let journal = try Journal(writing: path, programVersion: programVersion)
        do { try body(journal) } catch {
            try? journal.close()
            throw error
        }
        try journal.close()
    }

    func read<Result>(_ body: (Journal) throws -> Result) throws -> Result {
        let journal = try open()
        defer { putBack(journal) }
        return try body(journal)
    }
}

/// What sections are made from, apart from the page that asks for them.
struct PageReader {
    let journal: Journal
}
