import Testing

@testable import Datasets

@Suite struct PickleTests {
    private static let labels = LabelledImageFile.Labels(classes: [10], keys: ["labels"], used: 0)
    private static let batch = CIFARFiles.Batch(name: "batch", labels: [("labels", [3, 9])])

    private static func records(_ bytes: [UInt8]) throws -> [UInt8] {
        try PythonBatch.records(of: ImmutableBytes(bytes), path: "batch", labels: labels).withBuffer(Array.init)
    }

    /// What the message says of bytes that must be refused.
    private func refusal(_ bytes: [UInt8]) -> String {
        DatasetsTests.refusal(of: "batch") { _ = try Self.records(bytes) }
    }

    private func pickle(_ operations: String) -> [UInt8] {
        [0x80, 2] + operations.unicodeScalars.map { UInt8($0.value) }
    }

    @Test func nothingIsCalled() {
        #expect(
            refusal(pickle("cos\nsystem\nU\u{4}trueR.")).contains(
                "it asks for os.system, and nothing but arrays of numpy is made from a pickle, at offset 2 of the"))
        #expect(refusal(pickle("cnumpy\nndarray\n)R.")).contains("a function is called with other values"))
        #expect(refusal(pickle("cnumpy\nndarray\n)\u{81}.")).contains("operation 81 is none that arrays"))
    }

    @Test func otherPicklesAreRefusedWithWhatIsWrong() {
        #expect(refusal([]).contains("it starts with nothing, where a pickle of protocol 2 to 5"))
        #expect(refusal(Array("(dp1\n.".utf8)).contains("it starts with 28 64, where"))
        #expect(refusal([0x80, 6, 0x7D, 0x2E]).contains("it starts with 80 06, where"))
        #expect(refusal(pickle("].")).contains("its pickle is no dictionary"))
        #expect(refusal(pickle("}.")).contains("its dictionary has no labels"))
        #expect(refusal(pickle("}..")).contains("it ends before all of its bytes and values are used, at offset 3"))
        #expect(refusal(pickle("}}.")).contains("it ends before all of its bytes and values are used"))
        #expect(refusal(pickle("}(U\u{6}labelsK\u{1}u.")).contains("its labels are no list"))
        #expect(refusal(pickle("}(U\u{6}labels](NeU\u{6}labels]u.")).contains("its dictionary has 2 times labels"))
        #expect(refusal(pickle("}(U\u{6}labels](Neu.")).contains("its labels have no integer at position 0"))
        #expect(refusal(pickle("}(U\u{6}labels](K\u{A}eu.")).contains("label 10 at position 0 of its labels: "))
        #expect(refusal(pickle("}(U\u{6}labels](J\u{FF}\u{FF}\u{FF}\u{FF}eu.")).contains("label -1 at position 0"))
        #expect(refusal(pickle("}(U\u{6}labels]U\u{4}dataK\u{1}u.")).contains("its data is no array"))
        #expect(refusal(pickle("}U\u{9}labels")).contains("cut short: 9 bytes are announced and 6 follow, at offset 5"))
        #expect(refusal(pickle("}T\u{FF}\u{FF}\u{FF}\u{FF}")).contains("4294967295 bytes are announced"))
        #expect(refusal(pickle("h\u{7}")).contains("there is no value 7 to repeat"))
        #expect(refusal(pickle("e")).contains("a mark is missing"))
        #expect(refusal(pickle("](e(.")).contains("a value is missing"))
    }

    @Test func arraysOfAnotherShapeOrTypeAreRefused() {
        func changed(_ old: [UInt8], _ new: [UInt8]) -> String {
            refusal(Self.batch.pickle(.python2).replacing(old, with: new))
        }
        let shape: [UInt8] = [0x4D, 2, 0, 0x4D, 0, 12]
        #expect(changed(Array("u1".utf8), Array("f4".utf8)).contains("its data has elements of type f4, not unsigned"))
        #expect(changed(shape, [0x4D, 3, 0, 0x4D, 0, 12]).contains("its data has other bytes than the 9216"))
        #expect(changed(shape, [0x4D, 0, 12, 0x4D, 2, 0]).contains("shape [3072, 2], not [images, 3072]"))
        #expect(changed([0x4B, 3, 0x4B, 9], [0x4B, 3, 0x4E]).contains("its labels have no integer at position 1"))
        var fewer = Self.batch
        fewer.labels[0].values = [3]
        let pickle = PickleWriter.dictionary(.python2, images: Self.batch.images, labels: fewer.labels)
        #expect(refusal(pickle).contains("it has 1 labels for 2 images"))
    }

    /// Values in one another, however deep, and values that contain themselves, take no more than their bytes.
    @Test func hostileNestingIsHarmless() {
        let deep = String(repeating: "\u{85}", count: 1_000_000)
        #expect(refusal(pickle("N\(deep).")).contains("it has too many operations for its size"))
        #expect(refusal(pickle("N\(deep.prefix(3000)).")).contains("its pickle is no dictionary"))
        #expect(refusal(pickle("}q\u{1}(U\u{6}labelsh\u{1}u.")).contains("its labels are no list"))
        #expect(refusal(pickle("}(U\u{6}labels]q\u{1}h\u{1}au.")).contains("its labels have no integer at position 0"))
    }

    /// Any operations in any order are refused or make some value.
    @Test func operationsInAnyOrderDoNoHarm() {
        let operations = [
            "(", ")", "t", "\u{85}", "\u{86}", "\u{87}", "]", "a", "e", "}", "s", "u", "q\u{1}", "\u{94}", "h\u{1}",
            "N", "\u{88}", "K\u{3}", "M\u{0}\u{C}", "J\u{FF}\u{FF}\u{FF}\u{FF}", "\u{8A}\u{1}\u{80}", "\u{8A}\u{0}",
            "U\u{4}data", "U\u{6}labels", "X\u{2}\u{0}\u{0}\u{0}u1", "X\u{6}\u{0}\u{0}\u{0}latin1",
            "cnumpy\nndarray\n", "cnumpy\ndtype\n", "c_codecs\nencode\n", "cnumpy.core.multiarray\n_reconstruct\n",
            "cnumpy.core.numeric\n_frombuffer\n", "\u{93}", "R", "b",
        ]
        var state: UInt64 = 1
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        var accepted = 0
        for _ in 0..<5000 {
            let text = (0..<(1 + draw(30))).map { _ in operations[draw(operations.count)] }.joined()
            for wrapped in [text, "}(U\u{6}labels](\(text)eu", "}(U\u{6}labels]U\u{4}data\(text)u"] {
                if refusal(pickle(wrapped + ".")) == "accepted" { accepted += 1 }
            }
        }
        #expect(accepted == 0, "none of these has images")
    }

    @Test(arguments: PickleWriter.Style.allCases) func everyCutIsRefused(style: PickleWriter.Style) throws {
        let sound = Self.batch.pickle(style)
        #expect(try Self.records(sound) == Self.batch.records)
        // Most of the file are pixels: cut inside them now and then.
        for count in 0..<sound.count where count < 500 || count > sound.count - 500 || count.isMultiple(of: 97) {
            #expect(throws: DatasetError.self) { try Self.records(Array(sound.prefix(count))) }
        }
    }

    /// A changed byte is refused, or it is a pixel, a label or something that does not matter.
    @Test(arguments: PickleWriter.Style.allCases) func noChangedByteDoesHarm(style: PickleWriter.Style) throws {
        let sound = Self.batch.pickle(style)
        // Another number of images, or another length of a text, cannot agree with the rest.
        let size = Self.batch.records.count
        var accepted = 0
        var misread = 0
        for index in 0..<sound.count where index < 500 || index > sound.count - 500 || index.isMultiple(of: 97) {
            for change: UInt8 in [0x01, 0x10, 0x80, 0xFF] {
                var bytes = sound
                bytes[index] ^= change
                do {
                    let isWhole = try Self.records(bytes).count == size
                    if isWhole { accepted += 1 } else { misread += 1 }
                } catch is DatasetError {}
            }
        }
        #expect(accepted > 100)
        #expect(misread == 0)
    }
}
