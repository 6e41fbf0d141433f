import Foundation
import Testing

@testable import Datasets

/// Tables as text.
@Suite struct TableTests {
    private static func load(
        _ text: String, label: String = "kind", separator: String = ",", testShare: Double = 0.5
    ) throws -> Dataset {
        let folder = try TemporaryFolder()
        try folder.write(Array(text.utf8), to: "table.csv")
        return try TableDataset(
            name: "table.csv", file: folder.url.appendingPathComponent("table.csv"), label: label, separator: separator,
            testShare: testShare
        ).load(DatasetRequest(folders: [folder.url], mirrors: [], timeout: 1, seed: 1, report: { _ in }))
    }

    private static func rows(_ split: Split) -> [[Float]] {
        var numbers = [Float](repeating: 0, count: split.count * split.features)
        var labels = [Float](repeating: 0, count: split.count * 9)
        split.fill(indices: Array(0..<split.count), images: &numbers, oneHot: &labels, classes: 9)
        return (0..<split.count).map { Array(numbers[$0 * split.features..<($0 + 1) * split.features]) }
    }

    private static let table = "a,kind,b\n1,x,5\n2,y,5\n3,x,5\n4,y,5\n5,x,5\n6,y,5\n"

    @Test func columnsAreStandardizedByTheRowsToTrainOn() throws {
        let dataset = try Self.load(Self.table, testShare: 0.34)
        #expect(dataset.shape == [2] && dataset.classes == 2 && dataset.note == "classes x, y")
        #expect(dataset.training.count == 4 && dataset.test.count == 2)
        #expect(dataset.test.labels.sorted() == [0, 1])
        let rows = Self.rows(dataset.training)
        #expect(abs(rows.map { $0[0] }.reduce(0, +)) < 1e-5)
        #expect(abs(rows.map { $0[0] * $0[0] }.reduce(0, +) / 4 - 1) < 1e-5)
        // One value alone tells nothing.
        #expect((rows + Self.rows(dataset.test)).allSatisfy { $0[1] == 0 })
    }

    /// By content alone: the same rows in another spelling are the same data, divided alike.
    @Test(arguments: [
        ("a,kind,b\r\n1,x,5\r\n2,y,5\r\n3,x,5\r\n4,y,5\r\n5,x,5\r\n6,y,5", ","),
        ("\u{FEFF}\"a\",\"kind\",\"b\"\n\n 1 ,\"x\",5.0\n2,y,\"5\"\n3,x,5e0\n4,y,5\n5,x,5\n6,y,5\n\n", ","),
        ("a;kind;b\n1;x;5\n2;y;5\n3;x;5\n4;y;5\n5;x;5\n6;y;5\n", ";"),
        ("a\tkind\tb\n1\tx\t5\n2\ty\t5\n3\tx\t5\n4\ty\t5\n5\tx\t5\n6\ty\t5\n", "\t"),
    ])
    func spellingMakesNoDifference(text: String, separator: String) throws {
        #expect(try Self.load(text, separator: separator).checksum == Self.load(Self.table).checksum)
        #expect(try Self.load(text, separator: separator).training.labels == Self.load(Self.table).training.labels)
    }

    @Test func classesAreSorted() throws {
        #expect(try Self.load("a,kind\n1,10\n2,9\n3,10\n4,9").note == "classes 9, 10")
        #expect(try Self.load("a,kind\n1,b\n2,10\n3,\"a, \"\"q\"\"\"\n4,b").note == "classes 10, \"a, \"q\"\", b")
    }

    @Test(arguments: [
        ("", "it is empty"), ("a,kind\n", "no rows below its first line"), ("kind\nx\ny", "no column beside the label"),
        ("a,kid\n1,x", "line 1 has no column \"kind\" for the label; it has \"a\" or \"kid\" (did you mean \"kid\"?)"),
        ("a,a,kind\n1,2,x", "line 1: two columns are called \"a\""),
        ("a,city,kind\n1,2,x\n1,Ulm,y", "line 3, column 2 (city): \"Ulm\" is text"),
        ("a,b,kind\n1,2,x\n\n1,,y", "line 4, column 2 (b): a value is missing"),
        ("a,b,kind\n1,NA,x", "line 2, column 2 (b): a value is missing (\"NA\")"),
        ("a,kind\n1,x\n2,", "line 3, column 2 (kind): the label is missing"),
        ("a,kind\n1,x\n1,2,y", "line 3 has 3 fields, and its first line names 2"),
        ("a,kind\n1,x\n2,\"y", "line 3, column 2: a quote that is never closed"),
        ("a,kind\n\"1\"2,x", "line 2, column 1: text after a closing quote"),
        ("a,kind\n1\",x", "line 2, column 1: a quote inside a field"),
        ("a,kind\n1,x\n2,x", "column kind: it has 1 class"),
        ("a,kind\n1,\"x\ny\"\n,z", "line 4, column 1 (a): a value is missing"),
    ])
    func whatIsWrongIsToldWithItsPlace(text: String, words: String) {
        let error = #expect(throws: DatasetError.self) { try Self.load(text) }
        #expect(error?.kind == .malformedFile)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func moreClassesThanThereMayBeAreRefused() {
        let text = "a,kind\n" + (0..<300).map { "1,\($0)\n" }.joined()
        let error = #expect(throws: DatasetError.self) { try Self.load(text) }
        #expect(error?.description.contains("it has 300 classes; allowed: at most 256") == true)
    }

    @Test func someClassesAreKept() throws {
        let dataset = try Self.load("a,kind\n1,x\n2,y\n3,z\n4,x\n5,y\n6,z").restricted(toClasses: [2, 0])
        #expect(dataset.training.labels.sorted() == [0, 1] && dataset.training.features == 1)
    }
}
