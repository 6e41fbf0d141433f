import Testing

@testable import Datasets

@Suite struct TarArchiveTests {
    private static let sound = CIFARFiles.tar([
        ("folder/a", [1, 2, 3]), ("folder/other", [UInt8](repeating: 7, count: 700)),
        ("b", [UInt8](repeating: 9, count: 512)),
    ])

    private static func read(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
        try TarArchive.read(["a", "b"], of: ImmutableBytes(bytes), path: "archive")
            .mapValues { $0.bytes.withBuffer(Array.init) }
    }

    private func refusal(_ bytes: [UInt8]) -> String {
        DatasetsTests.refusal(of: "archive") { _ = try Self.read(bytes) }
    }

    private static let content: [String: [UInt8]] = ["a": [1, 2, 3], "b": [UInt8](repeating: 9, count: 512)]

    @Test func filesAreReadByTheirNames() throws {
        #expect(try Self.read(Self.sound) == Self.content)
        #expect(try Self.read(TestFiles.gzip(Self.sound)) == Self.content)
        #expect(try Self.read(Self.sound + [UInt8](repeating: 0, count: 8192)) == Self.content)
        #expect(try Self.read(CIFARFiles.tar([("b", [])])) == ["b": []])
        let path = try TarArchive.read(["a"], of: ImmutableBytes(Self.sound), path: "archive")["a"]?.path
        #expect(path == "archive, in it folder/a")
    }

    /// Folders, links and the extended headers of newer programs.
    @Test func whatIsNoPlainFileIsPassedOver() throws {
        let extended =
            CIFARFiles.header("PaxHeader/a", size: 20, type: UInt8(ascii: "x")) + [UInt8](repeating: 49, count: 512)
        let folder = CIFARFiles.header("a/", size: 0, type: UInt8(ascii: "5"))
        let link = CIFARFiles.header("other/a", size: 0, type: UInt8(ascii: "2"))
        #expect(try Self.read(folder + link + extended + Self.sound) == Self.content)
    }

    @Test func malformedArchivesAreRefusedWithTheirPlace() {
        #expect(refusal([]).contains("it is cut short inside a header, at offset 0"))
        #expect(refusal([UInt8](repeating: 65, count: 600)).contains("not a tar archive, at offset 0"))
        #expect(refusal(Self.sound + Self.sound.prefix(1)).contains("accepted"))
        let twice = Array(Self.sound.dropLast(1024)) + Self.sound
        #expect(refusal(twice).contains("it has two files a, at offset 3584"))
        let huge = CIFARFiles.header("a", size: 0o77777777777) + Self.sound
        #expect(refusal(huge).contains("its header has a file of more bytes than follow, at offset 124"))
        #expect(refusal(TestFiles.gzip(huge)).contains("than follow, at offset 124 of its decompressed data"))
        let short = Self.sound.prefix(512 + 100)
        #expect(refusal(Array(short)).contains("it is cut short inside folder/a, at offset 612"))
        #expect(refusal(Array(TestFiles.gzip(Self.sound).dropLast(1))).contains("the gzip data is cut short"))
    }

    /// An archive without its end is as good, if all of its files are whole.
    @Test func cutsAreRefusedOrLoseWholeFiles() throws {
        for count in 0..<Self.sound.count {
            do {
                let read = try Self.read(Array(Self.sound.prefix(count)))
                #expect(read.allSatisfy { Self.content[$0.key] == $0.value })
                #expect(count.isMultiple(of: 512) || count > Self.sound.count - 1024)
            } catch is DatasetError {}
        }
        let packed = TestFiles.gzip(Self.sound)
        for count in 0..<packed.count {
            #expect(throws: DatasetError.self) { try Self.read(Array(packed.prefix(count))) }
        }
    }

    @Test func noChangedByteDoesHarm() throws {
        let packed = TestFiles.gzip(Self.sound)
        for (bytes, step) in [(Self.sound, 7), (packed, 1)] {
            for index in stride(from: 0, to: bytes.count, by: step) {
                for change: UInt8 in [0x01, 0x20, 0xFF] {
                    var bytes = bytes
                    bytes[index] ^= change
                    do { _ = try Self.read(bytes) } catch is DatasetError {}
                }
            }
        }
    }
}
