import Foundation
import Wording

extension ImmutableBytes {
    /// Reads a whole file.
    ///
    /// - Throws: `DatasetError`: `inputOutput` if the system refuses, `malformedFile` if the file is too large.
    static func reading(_ file: URL) throws -> ImmutableBytes {
        let descriptor = ForeignBytes.withPath(file.path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw inputOutput(file, "cannot be opened: \(reason(systemError: errno))") }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw inputOutput(file, "is not a plain file")
        }
        let size = Int(status.st_size)
        guard size <= IDXHeader.greatestFileSize else {
            throw DatasetError.malformed(
                file.path, "it has \(size) bytes, more than the \(IDXHeader.greatestFileSize) allowed")
        }
        return try ImmutableBytes(count: size) { memory in
            var position = 0
            while position < size {
                let count = read(descriptor, memory.baseAddress! + position, size - position)
                guard count > 0 else {
                    let problem = count == 0 ? "it shrank while it was read" : reason(systemError: errno)
                    throw inputOutput(file, "cannot be read at offset \(position): \(problem)")
                }
                position += count
            }
        }
    }

    /// Reads a whole file of one's own.
    ///
    /// - Throws: `DatasetError`: as above, and `unavailable` if there is no such file.
    static func reading(own file: URL) throws -> ImmutableBytes {
        guard file.exists else { throw DatasetError.absent(file, "file") }
        guard file.isPlainFile else { throw DatasetError.fault(in: file.path, "a folder, where a file is expected") }
        return try reading(file)
    }

    private static func inputOutput(_ file: URL, _ problem: String) -> DatasetError {
        DatasetError(.inputOutput, "\(file.path) \(problem).")
    }
}
