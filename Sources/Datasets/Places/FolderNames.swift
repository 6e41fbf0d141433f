import Foundation
import Wording

/// A folder that may hold a data set's files.
struct DataPlace: Hashable {
    let folder: URL

    /// Whether the name of the folder, or of one around it, says whose files they are.
    let isNamed: Bool
}

/// The names of the folders in which people keep the files of a data set.
struct FolderNames: Hashable, Sendable {
    /// What the folder with the files is called: the official name first.
    let own: [String]

    /// What a folder around that one is called; its own name once more, for archives that were unpacked into a folder
    /// of their name.
    let around: [String]

    /// Folders inside that hold the files in its place.
    var inside: [String] = []

    /// Where files are looked for in a data folder, in this order: in the official folder, in one of another name, one
    /// deeper, and in the data folder itself.
    func places(in dataFolder: URL) -> [DataPlace] {
        let deeper = around.flatMap { outer in own.map { "\(outer)/\($0)" } } + around.filter { !own.contains($0) }
        let named = (own + deeper).flatMap { path in [path] + inside.map { "\(path)/\($0)" } }
        let isNamed = names(dataFolder)
        return named.map { DataPlace(folder: folder($0, in: dataFolder), isNamed: true) }
            + inside.map { DataPlace(folder: folder($0, in: dataFolder), isNamed: isNamed) }
            + [DataPlace(folder: dataFolder, isNamed: isNamed)]
    }

    /// The official place: where messages ask for files, and where downloads go.
    func officialPlace(in dataFolder: URL) -> URL { folder(own[0], in: dataFolder) }

    /// Whether a folder goes by one of the names, or is the one inside a folder that does.
    func names(_ folder: URL) -> Bool {
        let folder = folder.standardizedFileURL
        let outer = inside.contains(folder.lastPathComponent) ? folder.deletingLastPathComponent() : folder
        return (own + around).contains { $0.lowercased() == outer.lastPathComponent.lowercased() }
    }

    private func folder(_ path: String, in dataFolder: URL) -> URL {
        dataFolder.appendingPathComponent(path, isDirectory: true)
    }
}

extension URL {
    var exists: Bool { ForeignBytes.isThere(path) }

    var isPlainFile: Bool {
        var status = stat()
        return ForeignBytes.withPath(path) { stat($0, &status) } == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
