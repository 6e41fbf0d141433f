import Foundation
import Nouns
import Testing

@testable import JournalStore

@Suite struct SafetensorsTests {
    private let file = SafetensorsFile(
        metadata: ["kind": "lstm", "configuration": #"{"layers":[4],"ü":"a/b"}"#],
        tensors: [
            NamedTensor(
                name: "lstm1/weight", shape: [2, 3],
                values: [1, -0.0, .infinity, Float(bitPattern: 1), .nan, 3.25] as [Float]),
            NamedTensor(name: "linear/bias", shape: [], values: [.pi] as [Double]),
            NamedTensor(name: "empty \"one\"", shape: [0, 5], values: [] as [Float]),
        ])

    /// A file with this header, and data of so many bytes.
    private func file(_ header: String, data: Int, length: UInt64? = nil) -> Data {
        withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) } + Data(header.utf8)
            + Data(repeating: 7, count: data)
    }

    private func message(_ bytes: Data) -> String {
        let error = journalError { _ = try SafetensorsFile(bytes, file: "a.safetensors") }
        #expect(error?.kind == .badData)
        #expect(error?.message.hasPrefix("a.safetensors is no safetensors file: ") == true)
        return String((error?.message ?? "").dropFirst("a.safetensors is no safetensors file: ".count))
    }

    @Test func comesBackToTheBit() throws {
        let bytes = file.bytes
        let read = try SafetensorsFile(bytes, file: "x")
        #expect(read == file)
        #expect(read.bytes == bytes)
        #expect(read.tensors[0].floats.map(\.bitPattern) == file.tensors[0].floats.map(\.bitPattern))
    }

    @Test func isLaidOutAsTheFormatSays() throws {
        let bytes = file.bytes
        let length = Int(bytes.prefix(8).enumerated().reduce(0) { $0 + UInt64($1.element) << (8 * UInt64($1.offset)) })
        #expect((8 + length) % 8 == 0)
        let header = try #require(
            try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: [String: Any]])
        #expect(header["__metadata__"] as? [String: String] == file.metadata)
        #expect(header["lstm1/weight"]?["dtype"] as? String == "F32")
        #expect(header["linear/bias"]?["dtype"] as? String == "F64")
        #expect(header["lstm1/weight"]?["shape"] as? [Int] == [2, 3])
        #expect(header["linear/bias"]?["data_offsets"] as? [Int] == [24, 32])
        #expect(bytes.count == 8 + length + 32)
        #expect(Array(bytes[(8 + length)...].prefix(4)) == [0, 0, 0x80, 0x3F])
    }

    @Test func everyTruncationIsRefused() {
        let bytes = file.bytes
        for length in 0..<bytes.count { _ = message(bytes.prefix(length)) }
    }

    @Test func everyChangedByteIsReadOrRefused() {
        let bytes = file.bytes
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x15
            let error = journalError { _ = try SafetensorsFile(changed, file: "a.safetensors") }
            #expect(error == nil || error?.kind == .badData)
        }
    }

    @Test func saysWhatIsWrong() {
        func entry(_ dtype: String, _ shape: String, _ offsets: String) -> String {
            #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
        }
        let good = entry("F32", "[2]", "[0,8]")
        #expect(message(Data([1, 2, 3])) == "it has 3 bytes, and the length of the header alone takes 8")
        #expect(
            message(file("{}", data: 0, length: 100))
                == "it is cut off: the header should have 100 bytes, and 2 are there")
        #expect(message(file("{}", data: 0, length: .max)).contains("at most 100000000 are allowed"))
        #expect(message(file("[1]", data: 0)) == "its header is not a JSON object")
        #expect(message(file("{", data: 0)) == "its header is not a JSON object")
        #expect(message(file(#"{"a":1}"#, data: 0)).hasPrefix("tensor a: found something else"))
        #expect(message(file(#"{"__metadata__":{"a":1}}"#, data: 0)).hasPrefix("__metadata__ is not"))
        #expect(
            message(file(#"{"a":\#(entry("BF16", "[4]", "[0,8]"))}"#, data: 8))
                == "tensor a has the dtype BF16; allowed: F32 or F64")
        #expect(
            message(file(#"{"a":\#(entry("F32", "[3]", "[0,8]"))}"#, data: 8))
                == "tensor a of shape [3] in F32 has 8 bytes, not 12")
        #expect(
            message(file(#"{"a":\#(entry("F32", "[-2]", "[0,8]"))}"#, data: 8)).hasPrefix("tensor a has the shape [-2]")
        )
        #expect(
            message(file(#"{"a":\#(entry("F32", "[4611686018427387904,4]", "[0,8]"))}"#, data: 8))
                .hasPrefix("tensor a has the shape"))
        #expect(message(file(#"{"a":\#(entry("F32", "[2]", "[8,0]"))}"#, data: 8)).contains("its begin and its end"))
        #expect(message(file(#"{"a":\#(entry("F32", "[2]", "[8]"))}"#, data: 8)).contains("its begin and its end"))
        #expect(
            message(file(#"{"a":\#(good)}"#, data: 7)) == "it is cut off: tensor a ends at 8, and 7 bytes are there")
        #expect(
            message(file(#"{"a":\#(good)}"#, data: 9)) == "after the last tensor, which ends at 8, 1 more bytes follow")
        #expect(
            message(file(#"{"a":\#(good),"b":\#(entry("F32", "[2]", "[4,12]"))}"#, data: 12))
                == "tensor b begins at 4 and overlaps the tensor before it, which ends at 8")
        #expect(
            message(file(#"{"a":\#(good),"b":\#(entry("F32", "[2]", "[12,20]"))}"#, data: 20))
                == "tensor b begins at 12 and leaves a gap after the bytes that end at 8")
    }
}
