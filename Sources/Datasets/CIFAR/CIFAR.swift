import Foundation
import Nouns
import Wording

/// The photographs of Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images": 50,000 training and
/// 10,000 test images, 32 × 32 in colour, in the files of the binary or the Python version, unpacked or not.
///
/// The official sums are published for the archives, not for their files, so the bytes are not compared with them: a
/// reader of results has the SHA-256 of what was used.
public struct CIFAR: DatasetSource {
    public let name: String
    private let binary: CIFARVersion
    private let python: CIFARVersion

    /// How many images each file officially has; files with fewer or more are used, with a note.
    private let counts: [Int]
    private let labels: LabelledImageFile.Labels

    /// How many files the training images are in.
    public var trainingFiles: Int { counts.count - 1 }

    /// Ten classes.
    public static let ten: CIFAR = {
        let files = (1...5).map { "data_batch_\($0)" } + ["test_batch"]
        let titles = ["cifar-10", "cifar10", "CIFAR10"]
        return CIFAR(
            name: "cifar-10",
            binary: CIFARVersion(
                files: files.map { "\($0).bin" }, folder: "cifar-10-batches-bin", archive: "cifar-10-binary",
                titles: titles, filesTell: true),
            python: CIFARVersion(
                files: files, folder: "cifar-10-batches-py", archive: "cifar-10-python", titles: titles,
                filesTell: true),
            counts: files.map { _ in 10_000 }, labels: .init(classes: [10], keys: ["labels"], used: 0))
    }()

    /// A hundred classes.
    public static let hundred = hundred(name: "cifar-100", used: 1)

    /// The same images with the twenty superclasses that the hundred fall into.
    public static let hundredCoarse = hundred(name: "cifar-100-coarse", used: 0)

    private static func hundred(name: String, used: Int) -> CIFAR {
        let titles = ["cifar-100", "cifar100", "CIFAR100"]
        return CIFAR(
            name: name,
            binary: CIFARVersion(
                files: ["train.bin", "test.bin"], folder: "cifar-100-binary", archive: "cifar-100-binary",
                titles: titles, filesTell: false),
            python: CIFARVersion(
                files: ["train", "test"], folder: "cifar-100-python", archive: "cifar-100-python", titles: titles,
                filesTell: false),
            counts: [50_000, 10_000],
            labels: .init(classes: [20, 100], keys: ["coarse_labels", "fine_labels"], used: used))
    }

    public func load(_ request: DatasetRequest) throws -> Dataset {
        guard let content = try find(in: request.folders) else { throw unavailable(request.folders) }
        let read = try content.files.map { file in
            // A file without an ending is of the Python version: what else it holds, its reader tells.
            let isPickle = PythonBatch.isPickle(file.bytes) || !file.path.hasSuffix(".bin")
            let records =
                isPickle ? try PythonBatch.records(of: file.bytes, path: file.path, labels: labels) : file.bytes
            return try LabelledImageFile(records, path: file.path, labels: labels)
        }
        let numbers = request.files ?? Array(1...trainingFiles)
        precondition(numbers.allSatisfy((1...trainingFiles).contains), "\(name) has no files \(numbers)")
        let training = numbers.map { read[$0 - 1] }
        let checksum = SHA256()
        (training + read.suffix(1)).forEach { checksum.add($0.bytes) }
        let part = request.files.map { files in
            "training \(plural(files.count, "file")) \(files.map(String.init).joined(separator: ", ")) alone"
        }
        let notes = [part, note(read.map(\.count))].compactMap { $0 }
        return Dataset(
            name: name, origin: .uncheckedFiles(content.location), checksum: checksum.finish(),
            classes: labels.classes[labels.used], shape: LabelledImageFile.shape,
            training: LabelledImageFile.split(training), test: LabelledImageFile.split(Array(read.suffix(1))),
            note: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }

    /// Unpacked files before archives, which take longer to read, and the binary version before the Python one.
    private func find(in folders: [URL]) throws -> CIFARVersion.Content? {
        for folder in folders {
            let content =
                try binary.unpacked(in: folder, name: name) ?? python.unpacked(in: folder, name: name)
                ?? binary.packed(in: folder) ?? python.packed(in: folder)
            if let content { return content }
        }
        return nil
    }

    private func note(_ counts: [Int]) -> String? {
        guard counts != self.counts else { return nil }
        func wording(_ counts: [Int]) -> String {
            Set(counts).count == 1 ? "\(counts[0])" : counts.map(String.init).joined(separator: ", ")
        }
        return "not the official bytes: \(wording(counts)) images a file, not \(wording(self.counts))"
    }

    private func unavailable(_ folders: [URL]) -> DatasetError {
        let places = folders.map { binary.folders.officialPlace(in: $0).path }
        let names = FolderNames(own: binary.folders.own + python.folders.own, around: binary.folders.around)
        return .unavailable(
            "\(name) is neither in \(places.joined(separator: " nor in ")), nor is it downloaded.",
            unread: names.unread(in: folders),
            wanted: """
                the files \(binary.files.joined(separator: ", ")) of its binary version into \(places[0]), or \
                \(binary.archives[0]).tar.gz or \(python.archives[0]).tar.gz into \(folders[0].path)
                """)
    }
}
