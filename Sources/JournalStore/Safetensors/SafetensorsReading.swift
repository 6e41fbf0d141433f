import Foundation
import Nouns
import Wording

extension SafetensorsFile {
    /// The longest header that is read, the library's own limit: more is no list of tensors.
    private static let longestHeader = 100_000_000

    /// Reads a whole file. Tensors come in the order in which their bytes lie; those of no elements by name.
    ///
    /// - Parameter file: what messages call the file.
    /// - Throws: ``JournalError`` that says what is wrong: the file is cut off, the header is not one, a tensor has another
    ///   type than F32 or F64, or bytes that are not what its shape says, or tensors overlap or leave gaps.
    public init(_ bytes: Data, file: String) throws {
        func fault(_ message: String) -> JournalError {
            JournalError(.badData, "\(file) is no safetensors file: \(message)")
        }
        let bytes = Data(bytes)
        guard bytes.count >= 8 else {
            throw fault("it has \(counted(bytes.count, "byte")), and the length of the header alone takes 8")
        }
        let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= Self.longestHeader else {
            throw fault(
                "its first 8 bytes say that the header has \(length) bytes; at most \(Self.longestHeader) are allowed")
        }
        guard Int(length) <= bytes.count - 8 else {
            throw fault(
                "it is cut off: the header should have \(counted(Int(length), "byte")), and \(bytes.count - 8) are there"
            )
        }
        let data = bytes[(8 + Int(length))...]
        var metadata: [String: String] = [:]
        var placed: [(range: Range<Int>, tensor: NamedTensor)] = []
        for (name, value) in try Self.header(bytes[8..<8 + Int(length)], fault) {
            switch (value, name) {
            case (.texts(let texts), Self.metadataKey): metadata = texts
            case (_, Self.metadataKey): throw fault("\(Self.metadataKey) is not an object from names to texts")
            case (.tensor(let entry), _): placed.append(try entry.placed(name, in: data, fault))
            default:
                throw fault("tensor \(name): found something else than an object with dtype, shape and data_offsets")
            }
        }
        placed.sort { first, second in
            (first.range.lowerBound, first.range.upperBound, first.tensor.name)
                < (second.range.lowerBound, second.range.upperBound, second.tensor.name)
        }
        var end = 0
        for (range, tensor) in placed {
            guard range.lowerBound == end else {
                let what =
                    range.lowerBound < end
                    ? "overlaps the tensor before it, which ends" : "leaves a gap after the bytes that end"
                throw fault("tensor \(tensor.name) begins at \(range.lowerBound) and \(what) at \(end)")
            }
            end = range.upperBound
        }
        guard end == data.count else {
            throw fault("after the last tensor, which ends at \(end), \(data.count - end) more bytes follow")
        }
        self.init(metadata: metadata, tensors: placed.map(\.tensor))
    }

    private static func header(_ bytes: Data, _ fault: (String) -> JournalError) throws -> [String: HeaderValue] {
        guard bytes.first == UInt8(ascii: "{"), String(data: bytes, encoding: .utf8) != nil,
            let header = try? JSONDecoder().decode([String: HeaderValue].self, from: bytes)
        else { throw fault("its header is not a JSON object") }
        return header
    }
}

/// What stands under a name of the header.
private enum HeaderValue: Decodable {
    case tensor(HeaderEntry)
    case texts([String: String])
    case other

    init(from decoder: any Decoder) throws {
        if let entry = try? HeaderEntry(from: decoder) {
            self = .tensor(entry)
        } else if let texts = try? [String: String](from: decoder) {
            self = .texts(texts)
        } else {
            self = .other
        }
    }
}

/// What the header says of a tensor.
private struct HeaderEntry: Decodable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    private enum CodingKeys: String, CodingKey {
        case dtype, shape
        case dataOffsets = "data_offsets"
    }

    /// The tensor, and where its bytes lie among all tensors' bytes.
    func placed(
        _ name: String, in data: Data, _ fault: (String) -> JournalError
    ) throws -> (range: Range<Int>, tensor: NamedTensor) {
        guard let type = NamedTensor.ElementType(safetensorsName: dtype) else {
            throw fault("tensor \(name) has the dtype \(dtype); allowed: F32 or F64")
        }
        guard let size = byteCount(of: type) else {
            throw fault(
                "tensor \(name) has the shape \(shape); allowed: sizes of 0 or more whose product is a number of bytes")
        }
        guard dataOffsets.count == 2, dataOffsets[0] >= 0, dataOffsets[0] <= dataOffsets[1] else {
            throw fault("tensor \(name) has the data_offsets \(dataOffsets); allowed: its begin and its end")
        }
        let (begin, end) = (dataOffsets[0], dataOffsets[1])
        guard end <= data.count else {
            throw fault("it is cut off: tensor \(name) ends at \(end), and \(data.count) bytes are there")
        }
        guard end - begin == size else {
            throw fault("tensor \(name) of shape \(shape) in \(dtype) has \(counted(end - begin, "byte")), not \(size)")
        }
        let bytes = data[data.startIndex + begin..<data.startIndex + end]
        return (begin..<end, NamedTensor(name: name, shape: shape, elementType: type, bytes: Data(bytes)))
    }

    /// How many bytes the shape takes; nil where a size is negative or the product overflows.
    private func byteCount(of type: NamedTensor.ElementType) -> Int? {
        var count = type.byteCount
        for size in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflows else { return nil }
            count = product
        }
        return count
    }
}
