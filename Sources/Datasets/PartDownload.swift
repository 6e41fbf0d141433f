import Foundation
import Wording

/// Fetches the files that a folder lacks. A mirror that failed once is not asked again, so that without a network the
/// wait is one timeout a mirror.
struct PartDownload {
    private var mirrors: [URL]
    private let timeout: TimeInterval

    /// What went wrong so far, one phrase a mirror.
    private(set) var failures: [String] = []

    /// Where the last file came from.
    private(set) var lastMirror: URL?

    init(mirrors: [URL], timeout: TimeInterval) {
        self.mirrors = mirrors
        self.timeout = timeout
    }

    /// Fetches one file and keeps it in `folder`, but only if its bytes are the official ones.
    ///
    /// - Returns: the file, or nil when no mirror is left; then `failures` says why.
    mutating func fetch(_ part: IDXDataset.Part, into folder: URL, report: (String) -> Void) -> IDXFile? {
        while let mirror = mirrors.first {
            let address = mirror.appendingPathComponent(part.fileName + ".gz")
            do {
                report("Fetching \(address.absoluteString)")
                // No official file grows by compression beyond a few bytes, and the largest has 47 million.
                let content = try download(address, limit: 64 << 20, timeout: timeout)
                let bytes = ImmutableBytes(content)
                // Some servers and clients take the compression off on the way.
                let isCompressed = bytes.isGzip
                let file = try IDXFile(
                    bytes, isCompressed: isCompressed, path: address.absoluteString, rank: part.rank)
                guard part.official.agrees(file: bytes, isCompressed: isCompressed, content: file.checksum) == true
                else {
                    throw DownloadError("not the official bytes (by their SHA-256)")
                }
                let fileName = part.fileName + (isCompressed ? ".gz" : "")
                keep(content, at: folder.appendingPathComponent(fileName), report: report)
                lastMirror = mirror
                return file
            } catch let error as DatasetError {
                failures.append("\(address.absoluteString): \(error.problem)")
            } catch {
                failures.append("\(address.absoluteString): \(reason(error))")
            }
            mirrors.removeFirst()
        }
        return nil
    }

    /// Writes a file whole or not at all: beside its place first, then by a rename. A folder that cannot be written
    /// costs the next run another download, and this one nothing.
    private func keep(_ content: Data, at file: URL, report: (String) -> Void) {
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try content.write(to: file, options: .atomic)
        } catch {
            report("\(file.path) could not be kept for the next run: \(reason(error))")
        }
    }
}
