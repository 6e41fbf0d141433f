import Foundation
import TensorEngine
import Testing

@Suite("Large memory")
struct HugePagesTests {
    private static let mebibyte = 1 << 20

    /// What must hold of memory of any size, on both sides of where it comes straight from the system.
    @Test(arguments: [0, 1, 63, 64, 4096, mebibyte - 1, mebibyte, 2 * mebibyte, 2 * mebibyte + 1, 5 * mebibyte + 4095])
    func isZeroBeginsAtACacheLineAndIsNobodyElses(_ byteCount: Int) {
        let blocks = (0..<3).map { _ in HugePages.allocate(byteCount: byteCount) }
        for (index, block) in blocks.enumerated() {
            let bytes = UnsafeRawBufferPointer(start: block, count: byteCount)
            #expect(Int(bitPattern: block).isMultiple(of: 64))
            #expect(bytes.allSatisfy { $0 == 0 })
            block.initializeMemory(as: UInt8.self, repeating: UInt8(index + 1), count: byteCount)
        }
        for (index, block) in blocks.enumerated() {
            let bytes = UnsafeRawBufferPointer(start: block, count: byteCount)
            #expect(bytes.allSatisfy { $0 == UInt8(index + 1) })
        }
        for block in blocks { HugePages.deallocate(block, byteCount: byteCount) }
    }

    #if os(Linux)
        /// 60 GiB and more, one after the other, of which nothing may be left, nor of what is cut off to begin at a huge
        /// page: 2 MiB each time. Other tests run beside.
        @Test(arguments: [3 * mebibyte, 5 * mebibyte + 4095]) func isGivenBack(_ byteCount: Int) throws {
            let before = try addressSpace()
            for _ in 0..<20_000 {
                HugePages.deallocate(HugePages.allocate(byteCount: byteCount), byteCount: byteCount)
            }
            #expect(try addressSpace() - before < 10 << 30)
        }

        /// Of this process, in bytes.
        private func addressSpace() throws -> Int {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmSize:") })
            return try #require(Int(line.split(whereSeparator: \.isWhitespace).dropLast().last ?? "")) * 1024
        }
    #endif
}
