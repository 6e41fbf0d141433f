import Foundation
import Wording

/// Files too large to be held in memory: made beside their place, and put there when they are whole.
extension FileReplacement {
    /// Has `body` write the file to a descriptor: of a new file, or of what is no plain file, such as `/dev/stdout`.
    ///
    /// - Parameters:
    ///   - mayReplace: whether a file that begins so, which is there now, is one to be replaced.
    ///   - outlastsPowerLoss: whether to wait until the file is on the disk: too long for thousands of them.
    /// - Throws: ``Failure``, as ``write(_:mayReplace:)``, and what `body` throws. A file that is there is then as it was.
    func stream(
        mayReplace: (Data) -> Bool, outlastsPowerLoss: Bool = true, _ body: (Int32) throws -> Void
    ) throws {
        if let status = NamedFile.status(of: path), !status.isFolder, !status.isPlainFile || path.hasPrefix("/dev/") {
            let descriptor = ForeignBytes.withPath(path) { open($0, O_WRONLY | O_CLOEXEC) }
            guard descriptor >= 0 else { throw unwritable() }
            defer { close(descriptor) }
            return try body(descriptor)
        }
        try make(mayReplace: mayReplace, outlastsPowerLoss: outlastsPowerLoss) { new in
            let descriptor = ForeignBytes.withPath(new) { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
            guard descriptor >= 0 else { throw unwritable() }
            defer { close(descriptor) }
            try body(descriptor)
        }
    }

    /// Has `body` make a file at a path that it is given, in the folder where the file is to be.
    ///
    /// - Throws: As ``stream(mayReplace:_:)``.
    func make(
        mayReplace: (Data) -> Bool, outlastsPowerLoss: Bool = true, _ body: (String) throws -> Void
    ) throws {
        let old = NamedFile.status(of: path)
        if let old {
            if old.isFolder { throw Failure(exitCode: EX_CANTCREAT, "\(path) is a folder, not a file") }
            guard old.isPlainFile else { throw Failure(exitCode: EX_CANTCREAT, "\(path) is no plain file") }
            guard ForeignBytes.withPath(path, { access($0, W_OK) }) == 0 else { throw unwritable() }
            if old.st_size > 0, !mayReplace(try Self.head(of: path)) {
                throw Failure(exitCode: EX_CANTCREAT, "\(path) is there already, and is \(refusal)")
            }
        }
        let target = try Self.endOfLinks(path)
        let folder = Self.folder(of: target)
        guard NamedFile.status(of: folder)?.isFolder == true else {
            throw Failure(exitCode: EX_NOINPUT, "there is no folder \(folder) to write \(path) to")
        }
        guard ForeignBytes.withPath(folder, { access($0, W_OK) }) == 0 else {
            throw Failure(exitCode: EX_IOERR, "the folder \(folder) cannot be written: \(reason(systemError: errno))")
        }
        let scratch = ScratchFile("\(folder)/.journal-\(UUID().uuidString)")
        defer { scratch.remove() }
        try body(scratch.path)
        if let old {
            _ = ForeignBytes.withPath(scratch.path) { chown($0, old.st_uid, old.st_gid) }
            _ = ForeignBytes.withPath(scratch.path) { chmod($0, old.st_mode & 0o7777) }
        }
        if outlastsPowerLoss { try Self.sync(scratch.path) }
        let error = ForeignBytes.withPath(scratch.path) { new in
            ForeignBytes.withPath(target) { rename(new, $0) == 0 ? 0 : errno }
        }
        guard error == 0 else { throw unwritable(error) }
        if outlastsPowerLoss { try? Self.sync(folder) }
    }

    private static func sync(_ path: String) throws {
        let descriptor = ForeignBytes.withPath(path) { open($0, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw Failure(exitCode: EX_IOERR, "\(path) cannot be written: \(reason(systemError: errno))")
        }
    }

    /// How a file begins.
    private static func head(of path: String) throws -> Data {
        let descriptor = ForeignBytes.withPath(path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            throw Failure(exitCode: EX_IOERR, "\(path) cannot be read: \(reason(systemError: errno))")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        return Data(bytes[..<max(0, count)])
    }
}

/// A file that is on its way to its name, and is gone however the program ends, unless it is killed.
private final class ScratchFile {
    /// What a signal's handler removes: it may do no more than read memory that stays where it is.
    nonisolated(unsafe) private static var names: [UnsafeMutablePointer<CChar>] = []

    let path: String
    private let earlier: [(signal: Int32, action: sigaction)]

    init(_ path: String) {
        self.path = path
        // What SQLite has beside a file while it writes it.
        Self.names = ["", "-wal", "-shm", "-journal"].map { suffix in
            ForeignBytes.withPath(path + suffix) { strdup($0) }
        }
        earlier = [SIGINT, SIGTERM, SIGHUP].map { number in
            var (action, old) = (sigaction(), sigaction())
            action.__sigaction_handler.sa_handler = { number in
                for name in ScratchFile.names { unlink(name) }
                _exit(128 + number)
            }
            sigaction(number, &action, &old)
            return (number, old)
        }
    }

    /// Takes the file away where it is still there, and leaves signals to whoever had them before.
    func remove() {
        for (number, action) in earlier {
            var action = action
            sigaction(number, &action, nil)
        }
        for name in Self.names {
            unlink(name)
            free(name)
        }
        Self.names = []
    }
}
