import Nouns

/// The checksum of examples of one's own: of their values, in whatever form they were read.
///
/// SHA-256 of a line with the shape of an example and what its values are, and then of the training examples, their
/// labels, the test examples and their labels; numbers as 32-bit floating point, the lowest byte first.
struct ValueChecksum {
    enum Values: String {
        case bytes, numbers
    }

    private let checksum = SHA256()

    /// The checksum of no examples so far.
    ///
    /// - Parameter shape: of one example.
    init(shape: [Int], of values: Values) {
        checksum.add("\(shape) \(values.rawValue)\n")
    }

    /// Goes on with the bytes of an example, or of several.
    func add(_ bytes: ImmutableBytes, from offset: Int = 0) {
        bytes.withBuffer { checksum.add(UnsafeBufferPointer(rebasing: $0[offset...])) }
    }

    /// Goes on with numbers of examples.
    func add(_ numbers: [Float]) {
        numbers.map(\.bitPattern.littleEndian).withUnsafeBytes(checksum.add)
    }

    /// Goes on with labels.
    func add(labels: [UInt8]) {
        checksum.add(labels)
    }

    func finish() -> String { checksum.finish() }

    /// Of splits that are in memory.
    static func of(_ splits: [Split], shape: [Int]) -> String {
        var values = Values.numbers
        if case .bytes = splits[0].inputs { values = .bytes }
        let checksum = ValueChecksum(shape: shape, of: values)
        for split in splits {
            switch split.inputs {
            case .bytes(let storage, let offset): checksum.add(storage, from: offset)
            case .numbers(let numbers): checksum.add(numbers)
            case .pictures: preconditionFailure("pictures are not in memory")
            }
            checksum.add(labels: split.labels)
        }
        return checksum.finish()
    }
}
