import GRDB
import Wording

/// What went wrong with a journal, in words for the person at the terminal.
public struct JournalError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The sort of fault, which decides the exit code.
    public enum Kind: String, Sendable {
        /// A condition, sort key, limit or SQL statement that means nothing here; what no node of a cluster has.
        case usage
        /// Not a journal: not a database, damaged, another application's, or a newer program's.
        case badData
        /// A file, folder, experiment or learned optimizer that does not exist.
        case missing
        /// There is no queue here that runs could be submitted to, or it gives no answer.
        case unavailable
        /// The disk is full, the folder read-only, the file locked, a read or write failed.
        case inputOutput
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { message }

    /// The exit code of `sysexits.h` for this fault.
    public var exitCode: Int32 {
        switch kind {
        case .usage: 64
        case .badData: 65
        case .missing: 66
        case .unavailable: 69
        case .inputOutput: 74
        }
    }
}

extension JournalError {
    /// Puts an SQLite error on the file at `path` into words.
    init(_ error: any Error, path: String) {
        if let known = error as? JournalError {
            self = known
            return
        }
        guard let fault = error as? DatabaseError else {
            self.init(.inputOutput, "\(path): \(reason(error))")
            return
        }
        let said = fault.message ?? "SQLite error \(fault.extendedResultCode.rawValue)"
        switch fault.resultCode {
        case .SQLITE_NOTADB:
            self.init(.badData, "\(path) is not a journal: it is not an SQLite database")
        case .SQLITE_CORRUPT:
            self.init(.badData, "\(path) is damaged: \(said)")
        case .SQLITE_FULL:
            self.init(
                .inputOutput, "\(path): the disk is full; what was recorded before stands, nothing after it is saved")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.inputOutput, "\(path) cannot be written: \(said)")
        case .SQLITE_CANTOPEN:
            self.init(.inputOutput, "\(path) cannot be opened: \(said)")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.inputOutput, "\(path) is held by another process: \(said)")
        default:
            self.init(.inputOutput, "\(path): \(said)")
        }
    }
}

/// Runs `body`, and puts any SQLite error on the file at `path` into words.
func inWords<Result>(path: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch {
        throw JournalError(error, path: path)
    }
}
