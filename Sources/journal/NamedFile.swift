import Foundation
import Wording

/// Files that a person names, read whole.
enum NamedFile {
    /// - Throws: ``Failure``: with code 66 where there is no such file, with 74 where it cannot be read.
    static func read(_ path: String) throws -> Data {
        let descriptor = ForeignBytes.withPath(path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            if [ENOENT, ENOTDIR].contains(errno) { throw Failure(exitCode: EX_NOINPUT, "there is no file \(path)") }
            throw unreadable(path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        guard !status.isFolder else { throw Failure(exitCode: EX_NOINPUT, "\(path) is a folder, not a file") }
        var content = Data()
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &part, part.count)
            if count > 0 {
                content.append(contentsOf: part[..<count])
            } else if count == 0 {
                return content
            } else if errno != EINTR {
                throw unreadable(path)
            }
        }
    }

    /// Whether there is a file, and not a folder, of that name.
    static func exists(_ path: String) -> Bool { status(of: path).map { !$0.isFolder } ?? false }

    /// What the system knows of what is there, links followed; nil where nothing is.
    static func status(of path: String) -> stat? {
        var status = stat()
        return ForeignBytes.withPath(path) { stat($0, &status) } == 0 ? status : nil
    }

    private static func unreadable(_ path: String) -> Failure {
        Failure(exitCode: EX_IOERR, "\(path) cannot be read: \(reason(systemError: errno))")
    }
}

extension stat {
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    var isPlainFile: Bool { st_mode & S_IFMT == S_IFREG }
}
