import Foundation

/// Files that a person names, read and written whole.
enum NamedFile {
    /// - Throws: ``Failure``: with code 66 where there is no such file, with 74 where it cannot be read.
    static func read(_ path: String) throws -> Data {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(exitCode: EX_NOINPUT, "there is no file \(path)")
        }
        guard !isFolder.boolValue else { throw Failure(exitCode: EX_NOINPUT, "\(path) is a folder, not a file") }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure(exitCode: EX_IOERR, "\(path) cannot be read: \(reason(error))")
        }
    }

    /// Writes a file, in place of one that is there; on a fault that one stays as it was.
    ///
    /// - Throws: ``Failure``: with code 66 where there is no such folder, with 74 where the file cannot be written.
    static func write(_ data: Data, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw Failure(exitCode: EX_NOINPUT, "there is no folder \(folder) to write \(path) to")
        }
        do {
            try data.write(to: url, options: .atomic)
        } catch {
            throw Failure(exitCode: EX_IOERR, "\(path) cannot be written: \(reason(error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return cause.map { String(cString: strerror(Int32($0.code))) } ?? "\(error)"
    }
}
