import Foundation

/// Images and labels in four IDX files, as MNIST has them.
struct IDXDataset: DatasetSource {
    /// One of the four files.
    struct Part: Sendable {
        /// The name of the file without `.gz`.
        let fileName: String

        let official: OfficialSum

        /// How many dimensions the file has: three for images, one for labels.
        let rank: Int
    }

    let name: String
    let classes: Int

    /// Training images, training labels, test images, test labels.
    let parts: [Part]

    /// Addresses of folders that hold the parts, compressed.
    let mirrors: [URL]

    func load(_ request: DatasetRequest) throws -> Dataset {
        let folders = request.folders.map { $0.appendingPathComponent(name, isDirectory: true) }
        let folder = folders.first { folder in parts.contains { locate($0, in: folder) != nil } } ?? folders[0]
        var files = [(file: IDXFile, isOfficial: Bool?)?]()
        for part in parts {
            files.append(try locate(part, in: folder).map { try read(part, at: $0) })
        }
        let missing = parts.indices.filter { files[$0] == nil }
        guard !missing.isEmpty else { return try assemble(files.compactMap { $0 }, origin: nil, folder: folder) }

        var download = PartDownload(mirrors: request.mirrors ?? mirrors, timeout: request.timeout)
        for index in missing {
            guard let file = download.fetch(parts[index], into: folder, report: request.report) else {
                throw unavailable(missing.map { parts[$0] }, folder: folder, searched: folders, download: download)
            }
            files[index] = (file, true)
        }
        return try assemble(
            files.compactMap { $0 }, origin: download.lastMirror.map { .downloaded($0) }, folder: folder)
    }

    private func locate(_ part: Part, in folder: URL) -> URL? {
        [part.fileName + ".gz", part.fileName].map { folder.appendingPathComponent($0) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private func read(_ part: Part, at url: URL) throws -> (file: IDXFile, isOfficial: Bool?) {
        let bytes = try ImmutableBytes.reading(url)
        let isCompressed = url.pathExtension == "gz"
        let file = try IDXFile(bytes, isCompressed: isCompressed, path: url.path, rank: part.rank)
        return (file, part.official.agrees(file: bytes, isCompressed: isCompressed, content: file.bytes))
    }

    private func unavailable(
        _ missing: [Part], folder: URL, searched: [URL], download: PartDownload
    ) -> DatasetError {
        let names = missing.map(\.fileName).joined(separator: ", ")
        let attempts =
            download.failures.isEmpty
            ? "there is no mirror to fetch from" : download.failures.joined(separator: "; ")
        if missing.count < parts.count {
            return DatasetError(
                .missingFile, """
                    \(folder.path) has only some of the \(parts.count) files of \(name): \(names) (plain or with .gz) \
                    is missing, and could not be fetched (\(attempts)). Put it there, or remove the others.
                    """)
        }
        return DatasetError(
            .unavailable, """
                \(name) is neither in \(searched.map(\.path).joined(separator: " nor in ")), nor could it be fetched \
                (\(attempts)). Put the files \(names) (plain or with .gz) there, or name the data folder that has them.
                """)
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
                files[2].path, """
                    its images are \(Array(files[2].dimensions.dropFirst())) and those of \(files[0].path) are \(shape)
                    """)
        }
        let checksum = SHA256()
        files.forEach { checksum.add($0.bytes) }
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
                labels.path, """
                    it has \(labels.dimensions[0]) labels for the \(images.dimensions[0]) images of \(images.path), \
                    at offset 4
                    """)
        }
        let classOfImage = labels.values
        if let position = classOfImage.firstIndex(where: { $0 >= classes }) {
            throw DatasetError.malformed(
                labels.path, """
                    label \(classOfImage[position]) at offset \(labels.offset + position): \
                    labels are 0 to \(classes - 1)
                    """)
        }
        return Split(
            features: images.dimensions[1] * images.dimensions[2], storage: images.bytes, offset: images.offset,
            labels: classOfImage)
    }
}
