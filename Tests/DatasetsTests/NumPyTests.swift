import Foundation
import Testing

@testable import Datasets

/// Arrays of NumPy.
@Suite struct NumPyTests {
    /// Four examples of 2 × 2 to train on and two to test on.
    private static let arrays = [
        ("x_train.npy", ZipWriter.array("|u1", [4, 2, 2], (0..<16).map { UInt8(10 * $0) })),
        ("y_train.npy", labels([0, 1, 2, 1])),
        ("x_test.npy", ZipWriter.array("|u1", [2, 2, 2], (0..<8).map { UInt8(10 * $0) })),
        ("y_test.npy", labels([0, 1])),
    ]

    private static func labels(_ labels: [Int]) -> [UInt8] {
        ZipWriter.array("<i8", [labels.count], labels.flatMap { ZipWriter.little($0, 8) })
    }

    private static func load(_ bytes: [UInt8], testShare: Double? = nil) throws -> Dataset {
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "own.npz")
        return try NumPyDataset(
            name: "own.npz", file: folder.url.appendingPathComponent("own.npz"), testShare: testShare
        ).load(DatasetRequest(folders: [folder.url], mirrors: [], timeout: 1, seed: 1, report: { _ in }))
    }

    private static func load(replacing arrays: [String: [UInt8]], testShare: Double? = nil) throws -> Dataset {
        let files = Self.arrays.map { ($0.0, arrays[$0.0] ?? $0.1) }.filter { !$0.1.isEmpty }
        return try load(ZipWriter.archive(files, isDeflated: false), testShare: testShare)
    }

    private static func refusal(replacing arrays: [String: [UInt8]], testShare: Double? = nil) -> String {
        let error = #expect(throws: DatasetError.self) { try load(replacing: arrays, testShare: testShare) }
        #expect(error?.kind == .malformedFile)
        return error?.description ?? ""
    }

    private static func inputs(_ split: Split) -> [Float] {
        var numbers = [Float](repeating: 0, count: split.count * split.features)
        var labels = [Float](repeating: 0, count: split.count * 256)
        split.fill(indices: Array(0..<split.count), images: &numbers, oneHot: &labels, classes: 256)
        return numbers
    }

    @Test func whatNumPyWritesIsRead() throws {
        let dataset = try Self.load(Fixtures.archive)
        #expect(dataset.shape == [2, 2] && dataset.classes == 3)
        #expect(dataset.training.labels == [0, 1, 2, 1] && dataset.test.labels == [0, 1])
        #expect(dataset.training.withImages { Array($0) } == (0..<16).map { UInt8(10 * $0) })
        #expect(dataset.origin.description.hasPrefix("read from /"))
    }

    /// Stored or deflated, of whichever version, order and width: the same values are the same data.
    @Test func theChecksumIsThatOfTheValues() throws {
        let checksum = try Self.load(Fixtures.archive).checksum
        #expect(try Self.load(ZipWriter.archive(Self.arrays, isDeflated: false)).checksum == checksum)
        #expect(try Self.load(ZipWriter.archive(Self.arrays, isDeflated: true)).checksum == checksum)
        // Element (i, j, k) stands at i + 4 j + 8 k.
        let turned = (0..<16).map { (place: Int) -> UInt8 in
            let (first, second, third) = (place % 4, place / 4 % 2, place / 8)
            return UInt8(10 * (4 * first + 2 * second + third))
        }
        let others = [
            "x_train.npy": ZipWriter.array("|u1", [4, 2, 2], turned, isFortran: true, version: 2),
            "y_train.npy": ZipWriter.array("|u1", [4, 1], [0, 1, 2, 1], version: 3),
        ]
        #expect(try Self.load(replacing: others).checksum == checksum)
        #expect(try Self.load(replacing: ["y_train.npy": Self.labels([0, 1, 2, 0])]).checksum != checksum)
        let reshaped = [
            "x_train.npy": ZipWriter.array("|u1", [4, 4], (0..<16).map { UInt8(10 * $0) }),
            "x_test.npy": ZipWriter.array("|u1", [2, 4], (0..<8).map { UInt8(10 * $0) }),
        ]
        #expect(try Self.load(replacing: reshaped).checksum != checksum)
    }

    /// -1.5 in each type that has it, 3 in the others.
    @Test(arguments: [
        ("<f2", [0x00, 0xBE] as [UInt8], Float(-1.5)), ("<f4", [0, 0, 0xC0, 0xBF], -1.5),
        ("<f8", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF], -1.5), ("|i1", [0xFD], -3), ("<i2", [0xFD, 0xFF], -3),
        ("<u2", [3, 0], 3), ("<i4", [3, 0, 0, 0], 3), ("<u4", [3, 0, 0, 0], 3), ("<i8", [3, 0, 0, 0, 0, 0, 0, 0], 3),
        ("<u8", [3, 0, 0, 0, 0, 0, 0, 0], 3), ("|b1", [1], 1),
    ])
    func numbersAreTakenAsTheyAre(type: String, element: [UInt8], value: Float) throws {
        func numbers(_ count: Int) -> [UInt8] {
            ZipWriter.array(type, [count], (0..<count).flatMap { _ in element })
        }
        let dataset = try Self.load(replacing: ["x_train.npy": numbers(4), "x_test.npy": numbers(2)])
        #expect(dataset.shape == [1])
        #expect(Self.inputs(dataset.training) == [value, value, value, value])
        #expect(try dataset.restricted(toClasses: [1, 0]).training.labels == [1, 0, 0])
    }

    @Test func bytesAreScaled() throws {
        #expect(Self.inputs(try Self.load(Fixtures.archive).test).last == Float(70) * (Float(1) / 255))
    }

    @Test func aShareIsHeldBackWhereThereAreNoTestArrays() throws {
        let labels = (0..<20).map { $0 % 2 }
        let arrays: [String: [UInt8]] = [
            "x_train.npy": ZipWriter.array("|u1", [20, 1], (0..<20).map { UInt8($0) }),
            "y_train.npy": Self.labels(labels),
            "x_test.npy": [], "y_test.npy": [],
        ]
        let dataset = try Self.load(replacing: arrays, testShare: 0.2)
        #expect(dataset.training.count == 16 && dataset.test.count == 4)
        #expect(dataset.test.labels.sorted() == [0, 0, 1, 1])
        let all = dataset.training.withImages(Array.init) + dataset.test.withImages(Array.init)
        #expect(all.sorted() == (0..<20).map { UInt8($0) })
        #expect(try Self.load(replacing: arrays, testShare: 0.2).checksum == dataset.checksum)
        #expect(Self.refusal(replacing: arrays).contains("it has no array x_test, but x_train and y_train; allowed: "))
        #expect(Self.refusal(replacing: [:], testShare: 0.2).contains("allowed: one of the two"))
        #expect(Self.refusal(replacing: arrays, testShare: 0.01).contains("comes to no example"))
    }

    @Test(arguments: [
        ("y_train.npy", ZipWriter.array("|u1", [4, 3], [UInt8](repeating: 0, count: 12)), "looks one-hot"),
        ("y_train.npy", ZipWriter.array("|u1", [3], [0, 1, 2]), "it has 3 labels for 4 examples"),
        (
            "y_train.npy", ZipWriter.array("|i1", [4], [0, 1, 2, 0xFF]),
            "label 3, counted from 0, is -1; allowed: 0 to 255"
        ),
        ("y_train.npy", ZipWriter.array("<f4", [4], [UInt8](repeating: 0, count: 16)), "no whole numbers"),
        ("x_train.npy", ZipWriter.array(">f4", [4], [UInt8](repeating: 0, count: 16)), "\">f4\"; allowed: b1, u1"),
        ("x_train.npy", ZipWriter.array("|u1", [4, 2, 2], [1, 2, 3]), "promises 16 bytes of elements, and it has 3"),
        ("x_train.npy", ZipWriter.array("|u1", [4, 0], []), "allowed: sizes of at least 1"),
        ("x_train.npy", ZipWriter.array("|u1", [4, 1, 1, 1, 1], [1, 2, 3, 4]), "allowed: [n], [n, features]"),
        ("x_train.npy", ZipWriter.array("|u1", [4, 2, 2], [], version: 4), "version 4; allowed: 1, 2 and 3"),
        ("x_train.npy", ZipWriter.array("|u1", [4, 4], (0..<16).map { UInt8($0) }), "allowed: the same in both"),
        (
            "x_train.npy", ZipWriter.array("<f4", [4], [0, 0, 0xC0, 0x7F] + [UInt8](repeating: 0, count: 12)),
            "example 0 has nan"
        ),
        ("x_train.npy", Array("no array".utf8), "not an array of NumPy"),
    ])
    func whatIsWrongIsTold(name: String, bytes: [UInt8], words: String) {
        let message = Self.refusal(replacing: [name: bytes])
        #expect(message.contains(words), "\(message)")
    }

    /// However it is damaged, an archive is refused or has the same bytes.
    @Test func damagedArchivesNeverTrap() throws {
        let checksum = try Self.load(Fixtures.archive).checksum
        for position in Fixtures.archive.indices {
            var damaged = Fixtures.archive
            damaged[position] ^= position.isMultiple(of: 2) ? 0x81 : 0xFF
            do {
                #expect(try Self.load(damaged).checksum == checksum, "byte \(position)")
            } catch let error as DatasetError {
                #expect(error.kind == .malformedFile)
            }
        }
        for count in stride(from: 0, to: Fixtures.archive.count, by: 7) {
            #expect(throws: DatasetError.self) { try Self.load(Array(Fixtures.archive.prefix(count))) }
        }
    }

    @Test func aFileThatIsNotThereIsUnavailable() throws {
        let folder = try TemporaryFolder()
        let request = DatasetRequest(folders: [folder.url], mirrors: [], timeout: 1, seed: 1, report: { _ in })
        func error(_ name: String) -> DatasetError? {
            #expect(throws: DatasetError.self) {
                try NumPyDataset(name: name, file: folder.url.appendingPathComponent(name), testShare: nil).load(
                    request)
            }
        }
        #expect(error("none.npz")?.kind == .unavailable)
        #expect(error("")?.kind == .malformedFile)
    }
}
