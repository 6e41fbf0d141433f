/// A file in the binary format of CIFAR-10: records of a label and an image of 32 × 32 in a red, a green and a blue
/// plane, one byte each, and nothing else.
struct LabelledImageFile: Sendable {
    /// What images are read as: [height, width, channels], the order in which networks take them.
    static let shape = [32, 32, 3]

    private static let pixels = 32 * 32
    private static let channels = 3
    private static let recordSize = 1 + channels * pixels

    let bytes: ImmutableBytes
    /// How many records there are; at least one.
    let count: Int

    /// Takes a file's bytes, and checks that they are whole records with labels 0 ..< `classes`.
    ///
    /// - Parameter path: what messages call the file.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ bytes: ImmutableBytes, path: String, classes: Int) throws {
        self.bytes = bytes
        count = bytes.count / Self.recordSize
        guard count > 0, bytes.count.isMultiple(of: Self.recordSize) else {
            throw DatasetError.malformed(
                path, """
                    it has \(bytes.count) bytes, which is no whole number of records of \(Self.recordSize) bytes \
                    (a label and 32 × 32 × 3 colours), at least one
                    """)
        }
        try bytes.withBuffer { bytes in
            for position in stride(from: 0, to: bytes.count, by: Self.recordSize) where bytes[position] >= classes {
                throw DatasetError.malformed(
                    path, "label \(bytes[position]) at offset \(position): labels are 0 to \(classes - 1)")
            }
        }
    }

    /// The records of several files, one after the other. Copies every image once.
    static func split(_ files: [LabelledImageFile]) -> Split {
        let count = files.reduce(0) { $0 + $1.count }
        var labels: [UInt8] = []
        labels.reserveCapacity(count)
        let images = ImmutableBytes(count: count * channels * pixels) { memory in
            var image = memory.baseAddress!
            for file in files {
                file.bytes.withBuffer { bytes in
                    for record in 0..<file.count {
                        let start = bytes.baseAddress! + record * recordSize
                        labels.append(start[0])
                        for channel in 0..<channels {
                            let plane = start + 1 + channel * pixels
                            for pixel in 0..<pixels { image[pixel * channels + channel] = plane[pixel] }
                        }
                        image += channels * pixels
                    }
                }
            }
        }
        return Split(features: channels * pixels, storage: images, offset: 0, labels: labels)
    }
}
