import Foundation
import Nouns
import TensorEngine

/// Numbers and buffers as the bytes of a checkpoint: numbers first, then the buffers' elements.
enum StateBytes {
    static func encoded<Scalar: TensorScalar>(_ numbers: [Double], _ buffers: [ElementBuffer<Scalar>]) -> Data {
        var data = Data()
        for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
        for buffer in buffers { data.append(Data(littleEndian: buffer.start, count: buffer.count)) }
        return data
    }

    /// Fills buffers like those that were encoded, in the same precision.
    ///
    /// - Returns: the numbers.
    /// - Throws: `TrialFailure` where the bytes are of something else.
    static func restore<Scalar: TensorScalar>(
        _ data: Data, numbers count: Int, _ buffers: [ElementBuffer<Scalar>]
    ) throws -> [Double] {
        try restore(data, numbers: count) { _ in buffers }
    }

    /// The same where the numbers say which buffers there are.
    static func restore<Scalar: TensorScalar>(
        _ data: Data, numbers count: Int, _ buffersOf: ([Double]) -> [ElementBuffer<Scalar>]
    ) throws -> [Double] {
        let head = 8 * count
        guard data.count >= head else { throw misfit(data.count, expected: head) }
        let numbers = stride(from: 0, to: head, by: 8).map { offset in
            data.withUnsafeBytes { raw in
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            }
        }
        let buffers = buffersOf(numbers)
        let expected = head + buffers.reduce(0) { $0 + $1.count } * MemoryLayout<Scalar>.size
        guard data.count == expected else { throw misfit(data.count, expected: expected) }
        var start = data.startIndex + head
        for buffer in buffers {
            let end = start + buffer.count * MemoryLayout<Scalar>.size
            let tensor = NamedTensor(
                name: "checkpoint", shape: [buffer.count], elementType: Scalar.elementType,
                bytes: data.subdata(in: start..<end))
            for (index, element) in tensor.elements(as: Scalar.self).enumerated() { buffer.start[index] = element }
            start = end
        }
        return numbers
    }

    private static func misfit(_ count: Int, expected: Int) -> TrialFailure {
        TrialFailure("the checkpoint has \(count) bytes, not \(expected): run with --fresh to start over")
    }
}
