import Foundation
import Testing
import Wording

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

struct WordingTests {
    @Test func plurals() {
        #expect([0, 1, 2].map { counted($0, "trial") } == ["0 trials", "1 trial", "2 trials"])
        #expect([1, 3].map { counted($0, "round", "rounds in turn") } == ["1 round", "3 rounds in turn"])
    }

    @Test func errorsOfFoundationAreInWords() throws {
        let missing = #expect(throws: (any Error).self) { try Data(contentsOf: URL(fileURLWithPath: "/no/such/file")) }
        #expect(reason(try #require(missing)) == "No such file or directory")
        #expect(reason(URLError(.cannotConnectToHost)) == "the server cannot be reached")
        #expect(reason(CocoaError(.fileWriteOutOfSpace)) == "the disk is full")
        #expect(reason(POSIXError(.EACCES)) == "Permission denied")
        #expect(reason(NSError(domain: "Any", code: 7)) == "an unforeseen fault (Any, code 7)")
        let errors: [any Error] = [URLError(.unknown), CocoaError(.coderInvalidValue), NSError(domain: "Any", code: 7)]
        for error in errors {
            #expect(isFoundationError(error))
            #expect(!reason(error).contains("Error Domain"))
        }
        #expect(!isFoundationError(CancellationError()))
    }
}

struct ForeignBytesTests {
    @Test(arguments: [
        Array("café 日本 🙂".utf8), [0x63, 0xE9, 0x2E, 0x6A], [0xFF, 0x00, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [],
        // What stands for a byte elsewhere, come as it is.
        Array("a\u{EFE9}b".utf8),
    ])
    func everyNameComesBack(bytes: [UInt8]) {
        #expect(ForeignBytes.bytes(of: ForeignBytes.text(of: bytes)) == bytes)
    }

    @Test func readsAsPeopleWriteIt() {
        let name = ForeignBytes.text(of: Array("caf".utf8) + [0xE9] + Array(".json".utf8))
        #expect(ForeignBytes.isIn(name))
        #expect(ForeignBytes.shown(name) == #"caf\xE9.json"#)
        #expect(ForeignBytes.shown("café") == "café")
        #expect(!ForeignBytes.isIn("café"))
    }

    @Test func pathsMadeOfSuchNamesLeadThere() {
        let folder = ForeignBytes.text(of: [0x64, 0xFC])
        #expect(ForeignBytes.bytes(of: folder + "/mnist") == [0x64, 0xFC] + Array("/mnist".utf8))
    }
}
