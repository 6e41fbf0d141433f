import Foundation
import Wording

/// A file that is written where a person says: whole or not at all, in place of one that is there.
///
/// A link stays one, and what it leads to is replaced; a replaced file's permissions stay. What is no plain file, such
/// as a FIFO or `/dev/stdout`, is written into.
struct FileReplacement {
    /// The path as the person gave it.
    let path: String
    /// What may be said of a file that is not to be replaced: `is …`.
    let refusal: String

    /// Writes the file.
    ///
    /// - Parameter mayReplace: whether a file with this content, which is there now, is one to be replaced.
    /// - Throws: ``Failure``: with code 66 where there is no such folder; with 73 where a folder is there or a file
    ///   that is not to be replaced; with 74 where it cannot be written. A file that is there is then as it was.
    func write(_ data: Data, mayReplace: (Data) -> Bool) throws {
        guard let status = NamedFile.status(of: path) else {
            return try replace(try Self.endOfLinks(path), with: data, like: nil)
        }
        if status.isFolder { throw Failure(exitCode: EX_CANTCREAT, "\(path) is a folder, not a file") }
        // Links in /dev lead to descriptors that are open already.
        guard status.isPlainFile, !path.hasPrefix("/dev/") else { return try writeInto(data) }
        guard ForeignBytes.withPath(path, { access($0, W_OK) }) == 0 else { throw unwritable() }
        if status.st_size > 0, !mayReplace(try NamedFile.read(path)) {
            throw Failure(
                exitCode: EX_CANTCREAT,
                "\(path) is there already, and is \(refusal)")
        }
        try replace(try Self.endOfLinks(path), with: data, like: status)
    }

    private func writeInto(_ data: Data) throws {
        let descriptor = ForeignBytes.withPath(path) { open($0, O_WRONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw unwritable() }
        defer { close(descriptor) }
        let error = data.withUnsafeBytes { writeAll($0, to: descriptor) }
        guard error == 0 else { throw unwritable(error) }
    }

    /// Writes a new file beside the old one, and then puts it in its place.
    private func replace(_ target: String, with data: Data, like old: stat?) throws {
        let folder = Self.folder(of: target)
        guard NamedFile.status(of: folder)?.isFolder == true else {
            throw Failure(exitCode: EX_NOINPUT, "there is no folder \(folder) to write \(path) to")
        }
        let new = "\(folder)/.journal-\(UUID().uuidString)"
        // Told to end meanwhile, the program does so when there is nothing left to clear away.
        var (signals, earlier) = (sigset_t(), sigset_t())
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, &earlier)
        defer { pthread_sigmask(SIG_SETMASK, &earlier, nil) }

        let descriptor = ForeignBytes.withPath(new) { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else {
            throw Failure(exitCode: EX_IOERR, "the folder \(folder) cannot be written: \(reason(systemError: errno))")
        }
        let error = fill(descriptor, with: data, like: old)
        close(descriptor)
        let moved =
            error == 0
            ? ForeignBytes.withPath(new) { new in ForeignBytes.withPath(target) { rename(new, $0) == 0 ? 0 : errno } }
            : error
        guard moved == 0 else {
            _ = ForeignBytes.withPath(new) { unlink($0) }
            throw unwritable(moved)
        }
        // So that the new name outlasts a loss of power; not all file systems have it.
        let opened = ForeignBytes.withPath(folder) { open($0, O_RDONLY | O_CLOEXEC) }
        guard opened >= 0 else { return }
        fsync(opened)
        close(opened)
    }

    /// Returns 0, or the error that it met.
    private func fill(_ descriptor: Int32, with data: Data, like old: stat?) -> Int32 {
        if let old {
            // Only the superuser may give files away; whoever may not owns the new file, as of every other.
            _ = fchown(descriptor, old.st_uid, old.st_gid)
            if fchmod(descriptor, old.st_mode & 0o7777) != 0 { return errno }
        }
        let error = data.withUnsafeBytes { writeAll($0, to: descriptor) }
        if error != 0 { return error }
        return fsync(descriptor) == 0 ? 0 : errno
    }

    /// What a path leads to, be it there or not.
    static func endOfLinks(_ path: String) throws -> String {
        var end = path
        for _ in 0..<40 {
            var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = target.withUnsafeMutableBytes { buffer in
                ForeignBytes.withPath(end) { readlink($0, buffer.baseAddress!, buffer.count) }
            }
            guard count > 0 else { return end }
            let next = ForeignBytes.text(of: Array(target[..<count]))
            end = next.hasPrefix("/") ? next : "\(folder(of: end))/\(next)"
        }
        throw Failure(exitCode: EX_IOERR, "\(path) cannot be written: \(reason(systemError: ELOOP))")
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    func unwritable(_ error: Int32 = errno) -> Failure {
        Failure(exitCode: EX_IOERR, "\(path) cannot be written: \(reason(systemError: error))")
    }
}
