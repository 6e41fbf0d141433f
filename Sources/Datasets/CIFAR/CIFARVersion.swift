import Foundation

/// One of the forms in which CIFAR is distributed, with all its files.
struct CIFARVersion: Sendable {
    /// The files of the training split, then that of the test split.
    let files: [String]

    /// Where the unpacked files are.
    let folders: FolderNames

    /// The names of the packed files, without ending: the official one first.
    let archives: [String]

    /// Whether the names of the files are those of no other data; otherwise a folder of any name does not tell.
    let filesTell: Bool

    /// - Parameters:
    ///   - folder: what the official archive unpacks into.
    ///   - archive: the official archive, without ending.
    ///   - titles: what people call a folder with all versions.
    init(files: [String], folder: String, archive: String, titles: [String], filesTell: Bool) {
        self.files = files
        self.filesTell = filesTell
        folders = FolderNames(own: [folder], around: [folder] + titles)
        archives = [archive, folder]
    }

    /// The files of a version, read.
    struct Content {
        /// The folder or the archive that has them.
        let location: URL

        /// In the order of the version's files.
        let files: [(path: String, bytes: ImmutableBytes)]
    }

    /// Reads the files from the first folder that has any of them.
    ///
    /// - Parameter name: what messages call the data set.
    /// - Returns: nil where there is none.
    /// - Throws: `DatasetError`; of kind `missingFile` if the folder lacks some of them.
    func unpacked(in dataFolder: URL, name: String) throws -> Content? {
        for place in folders.places(in: dataFolder) {
            let paths = files.map { place.folder.appendingPathComponent($0) }
            let missing = zip(files, paths).filter { !$1.exists }.map(\.0)
            let isTold = place.isNamed || filesTell
            guard missing.count < files.count, isTold || paths.allSatisfy(\.isPlainFile) else { continue }
            guard missing.isEmpty else {
                throw DatasetError(
                    .missingFile,
                    """
                    \(place.folder.path) has only some of the \(files.count) files of \(name): \
                    \(missing.joined(separator: ", ")) is missing. Put it there, or remove the others.
                    """)
            }
            return Content(location: place.folder, files: try paths.map { ($0.path, try .reading($0)) })
        }
        return nil
    }

    /// Reads the files from the first archive that is there.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: `DatasetError`.
    func packed(in dataFolder: URL) throws -> Content? {
        let places = [dataFolder] + folders.around.map { dataFolder.appendingPathComponent($0, isDirectory: true) }
        let candidates = places.flatMap { folder in
            archives.flatMap { archive in
                ["tar.gz", "tgz", "tar"].map { folder.appendingPathComponent("\(archive).\($0)") }
            }
        }
        guard let archive = candidates.first(where: \.isPlainFile) else { return nil }
        let members = try TarArchive.read(files, of: .reading(archive), path: archive.path)
        return Content(
            location: archive,
            files: try files.map { file in
                guard let member = members[file] else {
                    throw DatasetError.malformed(archive.path, "it has no file \(file)")
                }
                return (member.path, member.bytes)
            })
    }
}
