import Foundation
import Nouns
import Testing

@testable import Datasets

@Suite struct IDXFileTests {
    private func read(_ bytes: [UInt8], rank: Int, isCompressed: Bool = false) throws -> IDXFile {
        try IDXFile(ImmutableBytes(bytes), isCompressed: isCompressed, path: "digits", rank: rank)
    }

    /// What the message says of bytes that must be refused.
    private func refusal(_ bytes: [UInt8], rank: Int = 3, isCompressed: Bool = false) -> String {
        DatasetsTests.refusal(of: "digits") { _ = try read(bytes, rank: rank, isCompressed: isCompressed) }
    }

    private let sound = TestFiles.idx([2, 1, 3], [1, 2, 3, 4, 5, 6])

    @Test(arguments: [false, true]) func soundFilesGiveTheirValues(isCompressed: Bool) throws {
        let file = try read(isCompressed ? TestFiles.gzip(sound) : sound, rank: 3, isCompressed: isCompressed)
        #expect(file.dimensions == [2, 1, 3])
        #expect(file.values == [1, 2, 3, 4, 5, 6])
    }

    /// Longer than what is decompressed at a time, by nothing, by a byte, and by less than a second time.
    @Test(arguments: [1 << 18, 1 << 18 + 1, 700_000], [false, true])
    func longFilesAreWholeAndHaveTheirChecksum(count: Int, isCompressed: Bool) throws {
        let values = (0..<count - 8).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let bytes = TestFiles.idx([UInt32(values.count)], values)
        let file = try read(isCompressed ? TestFiles.gzip(bytes) : bytes, rank: 1, isCompressed: isCompressed)
        #expect(file.values == values)
        #expect(file.checksum.value.finish() == sha256(ImmutableBytes(bytes)))
        #expect(file.checksum.value.finish() == sha256(ImmutableBytes(bytes)), "it can be asked for again")
    }

    @Test(arguments: [false, true]) func wrongHeadersAreRefusedWithTheirOffset(isCompressed: Bool) {
        func refusal(_ bytes: [UInt8], rank: Int = 3) -> String {
            self.refusal(isCompressed ? TestFiles.gzip(bytes) : bytes, rank: rank, isCompressed: isCompressed)
        }
        #expect(refusal([]).contains("starts with nothing where 00 00 08 03 is expected, at offset 0"))
        #expect(refusal(Array("<html>".utf8)).contains("starts with 3c 68 74 6d"))
        #expect(refusal([0, 0, 13, 3] + sound.dropFirst(4)).contains("type 0d where 08"))
        #expect(refusal(sound, rank: 1).contains("3 dimensions where 1 are expected, at offset 3"))
        #expect(refusal(Array(sound.prefix(9))).contains("ends at offset 9, inside its header of 16 bytes"))
    }

    @Test(arguments: [false, true]) func hostileDimensionsAreRefusedWithoutMakingRoom(isCompressed: Bool) {
        func refusal(_ dimensions: [UInt32]) -> String {
            let bytes = TestFiles.idx(dimensions, [1])
            return self.refusal(isCompressed ? TestFiles.gzip(bytes) : bytes, isCompressed: isCompressed)
        }
        #expect(refusal([0, 28, 28]).contains("dimension 1 is 0, at offset 4"))
        #expect(refusal([1, 28, 1 << 31]).contains("dimension 3 is 2147483648, at offset 12"))
        #expect(refusal([.max, .max, .max]).contains("dimension 1 is 4294967295"))
        #expect(refusal([60_000, 28, 28]).contains("cut short: its header promises 47040016 bytes"))
    }

    @Test func filesThatAreTooShortOrTooLongAreRefused() {
        let short = Array(sound.dropLast())
        #expect(refusal(short).contains("promises 22 bytes (dimensions [2, 1, 3]), and it has no more than 21"))
        #expect(refusal(sound + [7, 7]).contains("2 bytes follow offset 22"))
        #expect(refusal(TestFiles.gzip(short), isCompressed: true).contains("no more than 21"))
        #expect(refusal(TestFiles.gzip(sound + [7]), isCompressed: true).contains("goes on beyond offset 22"))
    }

    @Test func damagedGzipDataIsRefused() {
        let compressed = TestFiles.gzip(sound)
        for count in 0..<compressed.count {
            let refusal = refusal(Array(compressed.prefix(count)), isCompressed: true)
            #expect(refusal.contains("cut short, at offset \(count)"))
        }
        #expect(refusal(compressed + [0, 0], isCompressed: true).contains("2 bytes follow the end of the gzip data"))
        #expect(refusal(sound, isCompressed: true).contains("not sound gzip data"))

        var wrongSum = compressed
        wrongSum[compressed.count - 8] ^= 1
        #expect(refusal(wrongSum, isCompressed: true).contains("not sound gzip data (incorrect data check)"))
    }

    @Test func gzipDataOfSeveralMembersIsOneFile() throws {
        let members = TestFiles.gzip(Array(sound.prefix(10))) + TestFiles.gzip(Array(sound.dropFirst(10)))
        #expect(try read(members, rank: 3, isCompressed: true).values == [1, 2, 3, 4, 5, 6])
    }
}
