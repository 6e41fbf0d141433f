import Foundation

/// The photographs of Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images": 50,000 training and
/// 10,000 test images of ten classes, 32 × 32 in colour, in the files of the binary version.
///
/// The official sums are published for the archive, not for its files, so the bytes are not compared with them: a reader
/// of results has the SHA-256 of what was used.
struct CIFAR10: DatasetSource {
    let name = "cifar-10"

    /// How many images an official file has; files with fewer or more are used, with a note.
    private static let officialCount = 10_000
    private static let folder = "cifar-10-batches-bin"
    private static let fileNames = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

    func load(_ request: DatasetRequest) throws -> Dataset {
        let folders = request.folders.map { $0.appendingPathComponent(Self.folder, isDirectory: true) }
        func missing(in folder: URL) -> [String] {
            Self.fileNames.filter { !FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
        }
        guard let folder = folders.first(where: { missing(in: $0).count < Self.fileNames.count }) else {
            throw unavailable(folders)
        }
        let missing = missing(in: folder)
        guard missing.isEmpty else {
            throw DatasetError(
                .missingFile, """
                    \(folder.path) has only some of the \(Self.fileNames.count) files of \(name): \
                    \(missing.joined(separator: ", ")) is missing. Put it there, or remove the others.
                    """)
        }
        let files = try Self.fileNames.map { fileName in
            let file = folder.appendingPathComponent(fileName)
            return try LabelledImageFile(.reading(file), path: file.path, classes: 10)
        }
        let checksum = SHA256()
        files.forEach { checksum.add($0.bytes) }
        let counts = files.map(\.count)
        return Dataset(
            name: name, origin: .uncheckedFiles(folder), checksum: checksum.finish(), classes: 10,
            shape: LabelledImageFile.shape, training: LabelledImageFile.split(Array(files.dropLast())),
            test: LabelledImageFile.split(Array(files.suffix(1))),
            note: counts.allSatisfy { $0 == Self.officialCount } ? nil : Self.note(counts))
    }

    private static func note(_ counts: [Int]) -> String {
        let found = Set(counts).count == 1 ? "\(counts[0])" : counts.map(String.init).joined(separator: ", ")
        return "not the official bytes: \(found) images a file, not \(officialCount)"
    }

    private func unavailable(_ folders: [URL]) -> DatasetError {
        DatasetError(
            .unavailable, """
                \(name) is neither in \(folders.map(\.path).joined(separator: " nor in ")), nor is it downloaded. \
                Put the files \(Self.fileNames.joined(separator: ", ")) of its binary version there, or name the data \
                folder that has them.
                """)
    }
}
