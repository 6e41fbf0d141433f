import Dispatch
import Foundation
import GRDB

extension Journal {
    /// Brings into this journal what others have: experiments, trials with all that was recorded of them, tunings.
    ///
    /// A trial that both have, with the same results, is one. Where the results differ nothing is taken, unless
    /// `preference` says whose results are right; the outcome lists what differs. Of a trial that is completed on one
    /// side only, that side is taken. It can be repeated, and stopped at any time: it commits once or twice a second,
    /// between two trials.
    ///
    /// A journal that cannot be read is listed in the outcome, and the others are merged.
    ///
    /// - Parameters:
    ///   - selection: the trials that may come, and then no notes and tags come; nil for all.
    ///   - areAtRest: whether nothing writes to the others any more, so that they are read without locks.
    ///   - areLive: whether they are copies of journals that processes write at this moment elsewhere: then what runs there
    ///     is shown as running here, until a later merge says how it ended or the process isn't heard of for a minute.
    /// - Throws: ``JournalError`` when an other journal is not there or is this one, or when the write fails.
    public func merge(
        _ others: [String], preferring preference: MergePreference? = nil, only selection: MergeSelection? = nil,
        areAtRest: Bool = false, areLive: Bool = false
    ) throws -> MergeOutcome {
        try Self.requireOthers(others, than: path)
        var outcome = MergeOutcome()
        try inWords(path: path) {
            try database.writeWithoutTransaction { db in
                let commits = Commits(db, isInPlace: requireInPlace)
                try commits.inTransactions { pause in
                    try liveness.bury(db)
                    for path in others {
                        let journal: Journal
                        do {
                            journal =
                                try areAtRest
                                ? Journal(atRest: path, programVersion: programVersion)
                                : Journal(reading: path, programVersion: programVersion)
                        } catch let error as JournalError {
                            outcome.faults.append((path, error))
                            continue
                        }
                        outcome = try journal.database.read { other in
                            var merge = Merge(
                                path, other, into: db, preferring: preference, only: selection, isLive: areLive,
                                after: outcome, pause: pause)
                            do {
                                try merge.run()
                            } catch let error as JournalError where error.kind == .badData {
                                var outcome = merge.outcome
                                outcome.faults.append((path, JournalError(.badData, "\(path): \(error.message)")))
                                return outcome
                            }
                            return merge.outcome
                        }
                        try journal.database.close()
                        try pause()
                    }
                }
            }
        }
        return outcome
    }

    /// Sees to it that there are files to merge, and another one each than this journal.
    ///
    /// - Throws: ``JournalError`` of kind `missing` or `usage`.
    public static func requireOthers(_ others: [String], than path: String) throws {
        for other in others {
            do {
                try JournalFile.requireReadable(other)
            } catch let error as JournalError where error.kind != .missing {
                // One bad file among many is no reason to leave all the others.
                continue
            }
            if let own = JournalFile.Identity(path), JournalFile.Identity(other) == own {
                throw JournalError(.usage, "\(other) is the journal itself; name another to merge into it")
            }
        }
    }
}

/// Work in transactions that are short enough for other processes to have their turn, and so few that it is fast.
private struct Commits {
    private static let longest: UInt64 = 500_000_000

    private let db: Database
    private let isInPlace: () throws -> Void

    /// - Parameter isInPlace: throws where the file is no longer where it was.
    init(_ db: Database, isInPlace: @escaping () throws -> Void) {
        self.db = db
        self.isInPlace = isInPlace
    }

    /// Does the work, which calls `pause` wherever what it did may be committed.
    func inTransactions(_ work: (_ pause: @escaping () throws -> Void) throws -> Void) throws {
        try db.beginTransaction(.immediate)
        var began = DispatchTime.now().uptimeNanoseconds
        do {
            try work {
                guard DispatchTime.now().uptimeNanoseconds - began > Self.longest else { return }
                try isInPlace()
                try db.commit()
                try db.beginTransaction(.immediate)
                began = DispatchTime.now().uptimeNanoseconds
            }
            try isInPlace()
            try db.commit()
        } catch {
            if db.isInsideTransaction { try db.rollback() }
            throw error
        }
    }
}
