import Nouns
import Testing

@Suite struct SHA256Tests {
    @Test func textsHashAsPublished() {
        #expect(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }

    @Test func piecesHashAsTheWhole() {
        #expect(SHA256().finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let checksum = SHA256()
        checksum.add(Array("a".utf8))
        checksum.add(Array("bc".utf8))
        #expect(checksum.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func copiesGoOnByThemselves() {
        let start = SHA256()
        start.add("a")
        let copy = start.copy()
        copy.add("bc")
        start.add("another end")
        #expect(copy.finish() == sha256("abc"))
        #expect(start.finish() == sha256("aanother end"))
    }
}
