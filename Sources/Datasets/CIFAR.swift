import Foundation

/// The photographs of Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images": 50,000 training and
/// 10,000 test images, 32 × 32 in colour, in the files of the binary version.
///
/// The official sums are published for the archive, not for its files, so the bytes are not compared with them: a reader
/// of results has the SHA-256 of what was used.
struct CIFAR: DatasetSource {
    let name: String
    private let folder: String
    /// The files of the training split and how many images each officially has; files with fewer or more are used, with
    /// a note.
    private let training: [(name: String, count: Int)]
    private let test: (name: String, count: Int)
    private let labels: LabelledImageFile.Labels

    /// Ten classes.
    static let ten = CIFAR(
        name: "cifar-10", folder: "cifar-10-batches-bin",
        training: (1...5).map { ("data_batch_\($0).bin", 10_000) }, test: ("test_batch.bin", 10_000),
        labels: .init(classes: [10], used: 0))

    /// A hundred classes.
    static let hundred = hundred(name: "cifar-100", used: 1)

    /// The same images with the twenty superclasses that the hundred fall into.
    static let hundredCoarse = hundred(name: "cifar-100-coarse", used: 0)

    private static func hundred(name: String, used: Int) -> CIFAR {
        CIFAR(
            name: name, folder: "cifar-100-binary", training: [("train.bin", 50_000)], test: ("test.bin", 10_000),
            labels: .init(classes: [20, 100], used: used))
    }

    private var files: [(name: String, count: Int)] { training + [test] }
    private var fileNames: [String] { files.map(\.name) }

    func load(_ request: DatasetRequest) throws -> Dataset {
        let folders = request.folders.map { $0.appendingPathComponent(folder, isDirectory: true) }
        func missing(in folder: URL) -> [String] {
            fileNames.filter { !FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
        }
        guard let folder = folders.first(where: { missing(in: $0).count < fileNames.count }) else {
            throw unavailable(folders)
        }
        let missing = missing(in: folder)
        guard missing.isEmpty else {
            throw DatasetError(
                .missingFile, """
                    \(folder.path) has only some of the \(fileNames.count) files of \(name): \
                    \(missing.joined(separator: ", ")) is missing. Put it there, or remove the others.
                    """)
        }
        let read = try fileNames.map { fileName in
            let file = folder.appendingPathComponent(fileName)
            return try LabelledImageFile(.reading(file), path: file.path, labels: labels)
        }
        let checksum = SHA256()
        read.forEach { checksum.add($0.bytes) }
        return Dataset(
            name: name, origin: .uncheckedFiles(folder), checksum: checksum.finish(),
            classes: labels.classes[labels.used], shape: LabelledImageFile.shape,
            training: LabelledImageFile.split(Array(read.dropLast())),
            test: LabelledImageFile.split(Array(read.suffix(1))), note: note(read.map(\.count)))
    }

    private func note(_ counts: [Int]) -> String? {
        let official = files.map(\.count)
        guard counts != official else { return nil }
        func wording(_ counts: [Int]) -> String {
            Set(counts).count == 1 ? "\(counts[0])" : counts.map(String.init).joined(separator: ", ")
        }
        return "not the official bytes: \(wording(counts)) images a file, not \(wording(official))"
    }

    private func unavailable(_ folders: [URL]) -> DatasetError {
        .unavailable(
            "\(name) is neither in \(folders.map(\.path).joined(separator: " nor in ")), nor is it downloaded.",
            unread: nil,
            wanted: "the files \(fileNames.joined(separator: ", ")) of its binary version into \(folders[0].path)")
    }
}
