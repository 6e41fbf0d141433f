import CZlib

/// Decompresses gzip data piece by piece, so that a caller sees the first bytes, and how much they promise, before it
/// makes room for the rest. Checks the checksums at the end; refuses bytes beyond it.
final class GzipReader {
    private let source: ImmutableBytes
    private let path: String
    // zlib keeps the address of its stream, so the stream must never move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var hasEnded = false

    /// Deflate cannot do better than 1032 to 1, so that a header that promises more than this is known to lie.
    static let greatestRatio = 1032

    /// - Parameter path: what messages call the data.
    init(_ source: ImmutableBytes, path: String) throws {
        self.source = source
        self.path = path
        stream.initialize(to: z_stream())
        // The reader keeps its source, and so the memory that zlib reads.
        stream.pointee.next_in = source.withBuffer { UnsafeMutablePointer(mutating: $0.baseAddress) }
        stream.pointee.avail_in = uInt(source.count)
        // 15 bits of window, and 16 to demand the gzip wrapper.
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw DatasetError(.inputOutput, "zlib cannot start to decompress \(path) (status \(status)).")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Fills `memory` as far as the data reaches and returns how many bytes that was: fewer than asked for only at a
    /// sound end of the data.
    func read(into memory: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
        stream.pointee.next_out = memory.baseAddress
        stream.pointee.avail_out = uInt(memory.count)
        while stream.pointee.avail_out > 0, !hasEnded {
            let status = inflate(stream, Z_NO_FLUSH)
            switch status {
            case Z_OK:
                continue
            case Z_STREAM_END:
                try endMember()
            case Z_BUF_ERROR:
                throw malformed("the gzip data is cut short")
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
                throw malformed("not sound gzip data (\(reason))")
            }
        }
        return memory.count - Int(stream.pointee.avail_out)
    }

    /// Gzip data may be several members one after the other, and nothing else.
    private func endMember() throws {
        guard let next = stream.pointee.next_in, stream.pointee.avail_in > 0 else {
            hasEnded = true
            return
        }
        guard next.pointee == 0x1F else {
            throw malformed("\(stream.pointee.avail_in) bytes follow the end of the gzip data")
        }
        inflateReset(stream)
    }

    private func malformed(_ problem: String) -> DatasetError {
        .malformed(path, "\(problem), at offset \(source.count - Int(stream.pointee.avail_in)) of \(source.count)")
    }
}
