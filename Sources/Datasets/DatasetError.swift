import Foundation

/// Why a data set could not be loaded, in words for the person who asked for it: what is wrong, where, what is
/// allowed, and what to do.
public struct DatasetError: Error, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// No data set has this name: a bad spec (sysexits 65).
        case unknownName

        /// A file holds something else than it must (sysexits 65).
        case malformedFile

        /// Some files of the data set are there and others are not (sysexits 66).
        case missingFile

        /// The data is neither in a folder nor to be fetched (sysexits 66); only this makes a fallback step in.
        case unavailable

        /// The system refused to read (sysexits 74).
        case inputOutput
    }

    public let kind: Kind
    public let description: String

    /// The description without the name of the file and without advice, for a sentence that has its own.
    public let problem: String

    /// Which files to put where, to go on after "put", if the data is unavailable.
    public private(set) var wanted = ""

    init(_ kind: Kind, _ description: String, problem: String? = nil) {
        self.kind = kind
        self.description = description
        self.problem = problem ?? description
    }

    /// Data that is nowhere to be had.
    ///
    /// - Parameters:
    ///   - problem: a sentence on where it was looked for.
    ///   - unread: a sentence on what was found there instead.
    ///   - wanted: which files to put where, to go on after "put".
    static func unavailable(_ problem: String, unread: String?, wanted: String) -> DatasetError {
        let problem = [problem, unread].compactMap { $0 }.joined(separator: " ")
        var error = DatasetError(
            .unavailable, "\(problem) Put \(wanted), or name the data folder that has them.", problem: problem)
        error.wanted = wanted
        return error
    }

    /// A file or folder of one's own that is not there.
    ///
    /// - Parameter what: `file` or `folder`.
    static func absent(_ file: URL, _ what: String) -> DatasetError {
        let problem = "There is no \(what) \(file.path)"
        var error = DatasetError(
            .unavailable,
            "\(problem). Put it there, or name another \"path\": an absolute one, or one relative to the spec.",
            problem: "\(problem).")
        error.wanted = "it there"
        return error
    }

    /// A fault in what a file or folder of one's own holds.
    ///
    /// - Parameter problem: what is wrong where, and what is allowed, without a full stop.
    static func fault(in path: String, _ problem: String) -> DatasetError {
        DatasetError(.malformedFile, "\(path): \(problem).", problem: problem)
    }

    /// A fault in a file's bytes.
    static func malformed(_ path: String, _ problem: String) -> DatasetError {
        DatasetError(
            .malformedFile,
            "\(path): \(problem). Replace the file; where the data set is downloaded, it is enough to remove it.",
            problem: problem)
    }
}
