import Foundation
import Nouns

/// Named tensors and some texts about them, in the format of the `safetensors` library, which other programs read.
///
/// A file is 8 bytes, little-endian, that say how long the header is; the header, a JSON object from names to
/// `{"dtype", "shape", "data_offsets"}` with the texts under `__metadata__`; and the tensors' bytes, little-endian, row by
/// row, without gaps.
public struct SafetensorsFile: Sendable, Equatable {
    public var metadata: [String: String]
    public var tensors: [NamedTensor]

    public init(metadata: [String: String], tensors: [NamedTensor]) {
        self.metadata = metadata
        self.tensors = tensors
    }

    /// The name under which a header holds what is no tensor.
    static let metadataKey = "__metadata__"

    /// The whole file. Tensors lie in their order, and the same ones always give the same bytes.
    public var bytes: Data {
        var members: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }.map { "\($0.key.quotedAsJSON):\($0.value.quotedAsJSON)" }
            members.append("\(Self.metadataKey.quotedAsJSON):{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for tensor in tensors {
            let end = offset + tensor.bytes.count
            members.append(
                "\(tensor.name.quotedAsJSON):{\"dtype\":\"\(tensor.elementType.safetensorsName)\","
                    + "\"shape\":\(tensor.shapeText),\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Data("{\(members.joined(separator: ","))}".utf8)
        // As the library does it, so that the numbers after the header begin at a multiple of their size.
        header.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8))
        var file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
        file.append(header)
        for tensor in tensors { file.append(tensor.bytes) }
        return file
    }
}

extension NamedTensor.ElementType {
    /// What the format calls the type.
    var safetensorsName: String { self == .float32 ? "F32" : "F64" }

    init?(safetensorsName name: String) {
        switch name {
        case "F32": self = .float32
        case "F64": self = .float64
        default: return nil
        }
    }
}
