import Foundation
import JournalStore
import Wording

/// The runs of one journal on clusters, each in a folder of its own.
public struct ClusterRuns {
    /// The folder that their folders lie in.
    public let place: String

    /// - Parameter place: where they lie; nil for beside the journal.
    public init(journal: String, in place: String? = nil) {
        // The queue's nodes look from elsewhere.
        self.place = Self.whole(place ?? RunFolder.usualPlace(journal: journal))
    }

    /// The folder of a version's run; nil where there is none.
    public func folder(of name: String, _ hash: String) -> String? {
        let folder = RunFolder(in: place, name: name, hash: hash)
        return folder.exists ? folder.path : nil
    }

    /// The folder of the run that a person calls by `NAME`, for the one that was submitted last, by `NAME@HASH`, or by the
    /// folder's path.
    ///
    /// - Throws: ``JournalError`` that names what there is.
    public func folder(named reference: String) throws -> String {
        if RunFolder(reference).exists { return Self.whole(reference) }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).filter {
            RunFolder("\(place)/\($0)").exists
        }
        let matches = names.filter {
            $0 == reference || $0.hasPrefix(reference.contains("@") ? reference : "\(reference)@")
        }
        if let newest = matches.max(by: { Self.date(of: "\(place)/\($0)") < Self.date(of: "\(place)/\($1)") }) {
            return "\(place)/\(newest)"
        }
        throw JournalError(
            .missing,
            "there is no run of \(reference) on a cluster; \(place) has "
                + (names.isEmpty ? "none" : names.sorted().joined(separator: ", ")))
    }

    private static func whole(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    private static func date(of folder: String) -> Date {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/run.json")
        return attributes?[.modificationDate] as? Date ?? .distantPast
    }
}
