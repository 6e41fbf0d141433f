import Dispatch
import Foundation
import Locking
import Nouns
import Wording

/// Images and labels in four IDX files, as MNIST has them.
public struct IDXDataset: DatasetSource {
    /// One of the four files.
    struct Part: Sendable {
        /// The name of the file without `.gz`, such as `train-images-idx3-ubyte`.
        let fileName: String

        let official: OfficialSum

        /// How many dimensions the file has: three for images, one for labels.
        let rank: Int

        /// The names that the file goes by: compressed or not, and with the dot that some unpacking programs write.
        var fileNames: [String] {
            [fileName, fileName.replacingOccurrences(of: "-idx", with: ".idx")].flatMap { ["\($0).gz", $0] }
        }
    }

    public let name: String
    let classes: Int
    let folders: FolderNames

    /// Whether the files go by names that another data set had first, so that a folder of any name does not tell.
    var borrowsNames = false

    /// Training images, training labels, test images, test labels.
    let parts: [Part]

    /// Addresses of folders that hold the parts, compressed.
    let mirrors: [URL]

    public var isFetched: Bool { true }

    public func load(_ request: DatasetRequest) throws -> Dataset {
        let place = try place(in: request.folders)
        let folder = place ?? folders.officialPlace(in: request.folders[0])
        var files = try readParts(in: folder)
        let missing = parts.indices.filter { files[$0] == nil }
        guard !missing.isEmpty else { return try assemble(files.compactMap { $0 }, origin: nil, folder: folder) }

        var download = PartDownload(mirrors: request.mirrors ?? mirrors, timeout: request.timeout)
        for index in missing {
            guard request.fetches, let file = download.fetch(parts[index], into: folder, report: request.report) else {
                throw unavailable(missing.map { parts[$0] }, folder: folder, request: request, download: download)
            }
            files[index] = (file, true)
        }
        return try assemble(
            files.compactMap { $0 }, origin: download.lastMirror.map { .downloaded($0) }, folder: folder)
    }

    /// The first folder that has any of the files, unless they are another data set's of the same names.
    private func place(in dataFolders: [URL]) throws -> URL? {
        for place in dataFolders.flatMap(folders.places) {
            guard parts.contains(where: { locate($0, in: place.folder) != nil }) else { continue }
            if try place.isNamed || areOwn(filesIn: place.folder) { return place.folder }
        }
        return nil
    }

    /// Whether files in a folder whose name does not say so are this data set's: MNIST's names are also those of
    /// Fashion-MNIST, whose files must therefore have the official labels.
    private func areOwn(filesIn folder: URL) throws -> Bool {
        func hasOfficialLabels(_ dataset: IDXDataset) throws -> Bool {
            try dataset.parts.contains { part in
                guard part.rank == 1, let file = locate(part, in: folder) else { return false }
                return try read(part, at: file).isOfficial == true
            }
        }
        if borrowsNames { return try hasOfficialLabels(self) }
        return try !Self.borrowers.contains { try $0.folders.names(folder) || hasOfficialLabels($0) }
    }

    private static let borrowers = [fashionMNIST]

    /// A sentence on files that were found and not read, since their folder's name does not say whose they are.
    private func mistakable(in dataFolders: [URL]) -> String? {
        let place = dataFolders.flatMap(folders.places).first { place in
            parts.contains { locate($0, in: place.folder) != nil }
        }
        guard let place else { return nil }
        return "Files of these names are in \(place.folder.path), but nothing says that they are those of \(name)."
    }

    private func locate(_ part: Part, in folder: URL) -> URL? {
        guard let file = part.fileNames.map(folder.appendingPathComponent).first(where: \.exists) else { return nil }
        // Some archives unpack each file into a folder of its name.
        let deeper = file.appendingPathComponent(file.lastPathComponent)
        return deeper.isPlainFile ? deeper : file
    }

    private func read(_ part: Part, at url: URL) throws -> (file: IDXFile, isOfficial: Bool?) {
        let bytes = try ImmutableBytes.reading(url)
        let file = try IDXFile(bytes, isCompressed: bytes.isGzip, path: url.path, rank: part.rank)
        return (file, part.official.agrees(file: bytes, isCompressed: bytes.isGzip, content: file.checksum))
    }

    /// The parts that are there, side by side: one takes as long to decompress as all others.
    private func readParts(in folder: URL) throws -> [(file: IDXFile, isOfficial: Bool?)?] {
        typealias Outcome = Result<(file: IDXFile, isOfficial: Bool?)?, any Error>
        let outcomes = Locked([Outcome](repeating: .success(nil), count: parts.count))
        DispatchQueue.concurrentPerform(iterations: parts.count) { index in
            let outcome = Outcome {
                try locate(parts[index], in: folder).map { try read(parts[index], at: $0) }
            }
            outcomes.withLock { $0[index] = outcome }
        }
        return try outcomes.withLock { $0 }.map { try $0.get() }
    }

    private func unavailable(
        _ missing: [Part], folder: URL, request: DatasetRequest, download: PartDownload
    ) -> DatasetError {
        let names = missing.map(\.fileName).joined(separator: ", ")
        let failures =
            download.failures.isEmpty
            ? "there is no mirror to fetch from" : download.failures.joined(separator: "; ")
        func attempts(_ words: String) -> String { request.fetches ? "\(words) (\(failures))" : "" }
        if missing.count < parts.count {
            return DatasetError(
                .missingFile,
                """
                \(folder.path) has only some of the \(parts.count) files of \(name): \(names) (plain or with .gz) \
                is missing\(attempts(", and could not be fetched")). Put it there, or remove the others.
                """)
        }
        let searched = request.folders.map { folders.officialPlace(in: $0).path }
        let negation = request.fetches || searched.count > 1 ? "neither" : "not"
        let places = searched.joined(separator: " nor in ")
        return .unavailable(
            "\(name) is \(negation) in \(places)\(attempts(", nor could it be fetched")).",
            unread: mistakable(in: request.folders) ?? folders.unread(in: request.folders),
            wanted: "the files \(names) (plain or with .gz) into \(searched[0])")
    }

    /// Checks the parts against each other and makes a data set of them.
    private func assemble(
        _ read: [(file: IDXFile, isOfficial: Bool?)], origin: Dataset.Origin?, folder: URL
    ) throws -> Dataset {
        let files = read.map(\.file)
        let training = try split(images: files[0], labels: files[1])
        let test = try split(images: files[2], labels: files[3])
        let shape = Array(files[0].dimensions.dropFirst())
        guard files[2].dimensions.dropFirst() == files[0].dimensions.dropFirst() else {
            throw DatasetError.malformed(
                files[2].path,
                """
                its images are \(Array(files[2].dimensions.dropFirst())) and those of \(files[0].path) are \(shape)
                """)
        }
        let checksum = files[0].checksum.value
        files.dropFirst().forEach { checksum.add($0.bytes) }
        let unofficial = zip(parts, read).filter { $1.isOfficial == false }.map(\.0.fileName)
        let found: Dataset.Origin =
            read.contains { $0.isOfficial == false }
            ? .otherFiles(folder)
            : read.contains { $0.isOfficial == nil } ? .uncheckedFiles(folder) : .officialFiles(folder)
        return Dataset(
            name: name, origin: origin ?? found,
            checksum: checksum.finish(), classes: classes, shape: shape, training: training, test: test,
            note: unofficial.isEmpty ? nil : "not the official bytes: \(unofficial.joined(separator: ", "))")
    }

    private func split(images: IDXFile, labels: IDXFile) throws -> Split {
        guard images.dimensions[0] == labels.dimensions[0] else {
            throw DatasetError.malformed(
                labels.path,
                """
                it has \(labels.dimensions[0]) labels for the \(images.dimensions[0]) images of \(images.path), \
                at offset 4
                """)
        }
        let classOfImage = labels.values
        if let position = classOfImage.firstIndex(where: { $0 >= classes }) {
            throw DatasetError.malformed(
                labels.path,
                """
                label \(classOfImage[position]) at offset \(labels.offset + position): \
                labels are 0 to \(classes - 1)
                """)
        }
        return Split(
            features: images.dimensions[1] * images.dimensions[2], storage: images.bytes, offset: images.offset,
            labels: classOfImage)
    }
}
