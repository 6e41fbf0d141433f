/// What the first bytes of an `.npy` file say (NumPy enhancement proposal 1, versions 1 to 3).
struct ArrayHeader {
    /// What the elements are: `u1`, `i4`, `f8`, without the order of their bytes.
    let type: String
    let shape: [Int]
    /// Whether the first index runs fastest.
    let isFortran: Bool
    /// Where the elements begin.
    let size: Int

    static let types = ["b1", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"]

    /// How many there are.
    var count: Int { shape.reduce(1, *) }
    var elementSize: Int { Int(type.dropFirst()) ?? 1 }

    /// - Parameter path: what messages call the file.
    /// - Throws: `DatasetError` of kind `malformedFile`.
    init(_ content: ImmutableBytes, path: String) throws {
        func fault(_ problem: String) -> DatasetError { .fault(in: path, problem) }
        let (text, start): (String, Int) = try content.withBuffer { buffer in
            let bytes = LittleEndianBytes(buffer)
            guard buffer.starts(with: [0x93] + Array("NUMPY".utf8)), let version = bytes.number(at: 6, size: 1) else {
                throw fault("not an array of NumPy, which starts with 93 and \"NUMPY\"")
            }
            guard (1...3).contains(version) else {
                throw fault("its header is of version \(version); allowed: 1, 2 and 3")
            }
            let lengthSize = version == 1 ? 2 : 4
            let start = 8 + lengthSize
            guard let length = bytes.number(at: 8, size: lengthSize), let text = bytes.part(at: start, count: length)
            else { throw fault("it is cut short inside its header") }
            return (String(decoding: text, as: UTF8.self), start + length)
        }
        size = start
        guard let order = Self.value(of: "fortran_order", in: text), let shape = Self.value(of: "shape", in: text),
            let description = Self.value(of: "descr", in: text)
        else { throw fault("its header lacks \"descr\", \"fortran_order\" or \"shape\"") }
        isFortran = order.hasPrefix("True")
        let sizes = shape.dropFirst().prefix { $0 != ")" }.split(separator: ",").map { text in
            Int(text.filter { !$0.isWhitespace }) ?? -1
        }
        var product = 1
        for size in sizes {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard size > 0, !overflow, next <= IDXHeader.greatestFileSize else {
                throw fault("its shape is \(sizes); allowed: sizes of at least 1, and not beyond the file")
            }
            product = next
        }
        self.shape = sizes
        // Elements of several parts have a list there.
        let isText = description.first == "'" || description.first == "\""
        let quoted = isText ? description.dropFirst().prefix { $0 != "'" && $0 != "\"" } : ""
        type = String(quoted.drop { "<|=".contains($0) })
        guard Self.types.contains(type) else {
            throw fault(
                "its elements are \(quoted.isEmpty ? "of several parts" : "\"\(quoted)\""); allowed: "
                    + Self.types.joined(separator: ", ")
                    + ", the lowest byte first. Save array.astype(...) of one of them")
        }
        guard content.count - start == product * elementSize else {
            throw fault(
                "its header promises \(product * elementSize) bytes of elements, and it has \(content.count - start)")
        }
    }

    /// What follows a key in the text of a Python dictionary.
    private static func value(of key: String, in text: String) -> Substring? {
        for quote in ["'", "\""] {
            let parts = text.split(separator: "\(quote)\(key)\(quote)", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            return parts[1].drop { $0 == ":" || $0 == " " }
        }
        return nil
    }
}
