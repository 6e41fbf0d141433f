import Wording

/// A file in the binary format of CIFAR: records of one or two labels and an image of 32 × 32 in a red, a green and a
/// blue plane, one byte each, and nothing else.
struct LabelledImageFile: Sendable {
    /// What images are read as: [height, width, channels], the order in which networks take them.
    static let shape = [32, 32, 3]

    private static let pixels = 32 * 32
    private static let channels = 3

    /// The labels of a record, and which of them counts.
    struct Labels: Hashable, Sendable {
        /// How many classes each label tells apart, in their order.
        let classes: [Int]

        /// What the Python version calls them.
        let keys: [String]
        let used: Int
    }

    let bytes: ImmutableBytes
    private let labels: Labels
    /// How many records there are; at least one.
    let count: Int

    /// Takes a file's bytes, and checks that they are whole records with labels that there are.
    ///
    /// - Parameter path: what messages call the file.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ bytes: ImmutableBytes, path: String, labels: Labels) throws {
        self.bytes = bytes
        self.labels = labels
        let recordSize = Self.recordSize(labels)
        count = bytes.count / recordSize
        guard count > 0, bytes.count.isMultiple(of: recordSize) else {
            let parts = labels.classes.count == 1 ? "a label" : "\(labels.classes.count) labels"
            throw DatasetError.malformed(
                path,
                """
                it has \(counted(bytes.count, "byte")), which is no whole number of records of \(recordSize) bytes \
                (\(parts) and 32 × 32 × 3 colours), at least one
                """)
        }
        try bytes.withBuffer { bytes in
            for record in stride(from: 0, to: bytes.count, by: recordSize) {
                for (index, classes) in labels.classes.enumerated() where bytes[record + index] >= classes {
                    throw DatasetError.malformed(
                        path,
                        "label \(bytes[record + index]) at offset \(record + index): labels are 0 to \(classes - 1)")
                }
            }
        }
    }

    private static func recordSize(_ labels: Labels) -> Int { labels.classes.count + channels * pixels }

    /// The records of several files, one after the other. Copies every image once.
    static func split(_ files: [LabelledImageFile]) -> Split {
        let count = files.reduce(0) { $0 + $1.count }
        var classOfImage: [UInt8] = []
        classOfImage.reserveCapacity(count)
        let images = ImmutableBytes(count: count * channels * pixels) { memory in
            var image = memory.baseAddress!
            for file in files {
                file.bytes.withBuffer { bytes in
                    for record in 0..<file.count {
                        let start = bytes.baseAddress! + record * recordSize(file.labels)
                        classOfImage.append(start[file.labels.used])
                        for channel in 0..<channels {
                            let plane = start + file.labels.classes.count + channel * pixels
                            for pixel in 0..<pixels { image[pixel * channels + channel] = plane[pixel] }
                        }
                        image += channels * pixels
                    }
                }
            }
        }
        return Split(features: channels * pixels, storage: images, offset: 0, labels: classOfImage)
    }
}
