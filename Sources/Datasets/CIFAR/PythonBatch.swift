/// A file of CIFAR's Python version: a pickled dictionary with the images in an array and the labels in lists.
enum PythonBatch {
    /// How a pickle of protocol 2 or later starts: no label of a binary file is as high.
    static func isPickle(_ content: ImmutableBytes) -> Bool {
        content.withBuffer { $0.first == PickleOpcode.protocolVersion.rawValue }
    }

    /// The same images and labels as the records of the binary version.
    ///
    /// - Parameter path: what messages call the file.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    static func records(
        of content: ImmutableBytes, path: String, labels: LabelledImageFile.Labels
    ) throws -> ImmutableBytes {
        try content.withBuffer { bytes in
            let dictionary = try PickledDictionary(bytes, path: path)
            let columns = try zip(labels.keys, labels.classes).map { key, classes in
                try dictionary.integers(key).enumerated().map { position, label in
                    guard (0..<classes).contains(label) else {
                        throw DatasetError.malformed(
                            path,
                            """
                            label \(label) at position \(position) of its \(key): labels are 0 to \(classes - 1)
                            """)
                    }
                    return UInt8(label)
                }
            }
            let imageSize = LabelledImageFile.shape.reduce(1, *)
            return try dictionary.withRows(of: "data", size: imageSize) { images in
                let count = images.count / imageSize
                if let index = columns.firstIndex(where: { $0.count != count }) {
                    throw DatasetError.malformed(
                        path, "it has \(columns[index].count) \(labels.keys[index]) for \(count) images")
                }
                return ImmutableBytes(count: images.count + columns.count * count) { records in
                    var record = records.baseAddress!
                    for image in 0..<count {
                        for column in columns {
                            record.pointee = column[image]
                            record += 1
                        }
                        record.update(from: images.baseAddress! + image * imageSize, count: imageSize)
                        record += imageSize
                    }
                }
            }
        }
    }
}
