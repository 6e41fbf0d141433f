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
    let problem: String

    init(_ kind: Kind, _ description: String, problem: String? = nil) {
        self.kind = kind
        self.description = description
        self.problem = problem ?? description
    }

    /// A fault in a file's bytes.
    static func malformed(_ path: String, _ problem: String) -> DatasetError {
        DatasetError(
            .malformedFile,
            "\(path): \(problem). Replace the file, or remove all files of its folder to fetch them anew.",
            problem: problem)
    }
}
