import Foundation
import Testing

@testable import Datasets

@Suite struct CIFARTests {
    private static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]

    /// A record whose colours are `red`, `green` and `blue` but for the second pixel of the first row, which is `odd`.
    private static func record(_ label: UInt8, _ red: UInt8, _ green: UInt8, _ blue: UInt8, odd: UInt8) -> [UInt8] {
        [label]
            + [red, green, blue].flatMap { value in
                var plane = [UInt8](repeating: value, count: 1024)
                plane[1] = odd
                return plane
            }
    }

    /// Two records in each training file and three in the test file.
    private static func write(in folder: TemporaryFolder, replacing name: String? = nil, with bytes: [UInt8]? = nil)
        throws
    {
        for (index, fileName) in names.enumerated() {
            let records = (0..<(index == 5 ? 3 : 2)).flatMap { number in
                record(UInt8((2 * index + number) % 10), UInt8(index), 100, 200, odd: UInt8(number))
            }
            guard let content = fileName == name ? bytes : records else { continue }
            try folder.write(content, to: "cifar-10-batches-bin/\(fileName)")
        }
    }

    private static func load(_ folder: TemporaryFolder) throws -> Dataset {
        try DatasetLibrary(TestFiles.sources, folder: folder.url, cacheFolder: folder.url, mirrors: []).load(
            name: "cifar-10", seed: 1)
    }

    private static func refusal(replacing name: String, with bytes: [UInt8]?) throws -> DatasetError? {
        let folder = try TemporaryFolder()
        try write(in: folder, replacing: name, with: bytes)
        return #expect(throws: DatasetError.self) { try load(folder) }
    }

    @Test func recordsBecomeImagesWithChannelsLast() throws {
        let folder = try TemporaryFolder()
        try Self.write(in: folder)
        let dataset = try Self.load(folder)
        #expect(dataset.name == "cifar-10")
        #expect(dataset.shape == [32, 32, 3])
        #expect(dataset.classes == 10)
        #expect(dataset.training.labels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(dataset.test.labels == [0, 1, 2])
        #expect(
            dataset.training.withImages { Array($0[3 * 3072..<3 * 3072 + 9]) } == [1, 100, 200, 1, 1, 1, 1, 100, 200])
        #expect(dataset.training.withImages { Array($0.suffix(3)) } == [4, 100, 200])
        #expect(
            dataset.origin.description
                == "files in \(folder.url.path)/cifar-10-batches-bin, not compared with the official ones")
        #expect(dataset.note == "not the official bytes: 2, 2, 2, 2, 2, 3 images a file, not 10000")
        #expect(dataset.checksum.count == 64)
    }

    /// A record of CIFAR-100 has the superclass before the class.
    @Test(arguments: [("cifar-100", 100, [7, 99, 0] as [UInt8]), ("cifar-100-coarse", 20, [3, 19, 0])])
    func aHundredClassesOrTheirSuperclasses(name: String, classes: Int, labels: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let records = [(3, 7), (19, 99), (0, 0)].flatMap { coarse, fine in
            [UInt8(coarse)] + Self.record(UInt8(fine), UInt8(fine), 100, 200, odd: 1)
        }
        try folder.write(records, to: "cifar-100-binary/train.bin")
        try folder.write(Array(records.suffix(3074)), to: "cifar-100-binary/test.bin")
        let library = DatasetLibrary(TestFiles.sources, folder: folder.url, cacheFolder: folder.url, mirrors: [])
        let dataset = try library.load(name: name, seed: 1)
        #expect(dataset.classes == classes)
        #expect(dataset.training.labels == labels)
        #expect(dataset.test.labels == [0])
        #expect(dataset.training.withImages { Array($0[3072..<3078]) } == [99, 100, 200, 1, 1, 1])
        #expect(dataset.note == "not the official bytes: 3, 1 images a file, not 50000, 10000")
        try folder.write([20] + records.dropFirst(), to: "cifar-100-binary/train.bin")
        let error = #expect(throws: DatasetError.self) { try library.load(name: name, seed: 1) }
        #expect(error?.description.contains("label 20 at offset 0: labels are 0 to 19") == true)
        try folder.write(
            Array(records.prefix(1)) + [100] + Array(records.dropFirst(2)), to: "cifar-100-binary/train.bin")
        let fine = #expect(throws: DatasetError.self) { try library.load(name: name, seed: 1) }
        #expect(fine?.description.contains("label 100 at offset 1: labels are 0 to 99") == true)
        try folder.write([1, 2], to: "cifar-100-binary/train.bin")
        let short = #expect(throws: DatasetError.self) { try library.load(name: name, seed: 1) }
        #expect(short?.description.contains("records of 3074 bytes (2 labels and") == true)
    }

    @Test func malformedFilesAreRefusedWithTheirPlace() throws {
        let sound = Self.record(3, 1, 2, 3, odd: 4)
        let short = try Self.refusal(replacing: "data_batch_2.bin", with: Array(sound.dropLast()))
        #expect(short?.kind == .malformedFile)
        #expect(
            short?.description.contains(
                "data_batch_2.bin: it has 3072 bytes, which is no whole number of records of 3073") == true)
        let empty = try Self.refusal(replacing: "test_batch.bin", with: [])
        #expect(empty?.description.contains("it has 0 bytes") == true)
        let label = try Self.refusal(
            replacing: "data_batch_5.bin", with: sound + Self.record(10, 1, 2, 3, odd: 4))
        #expect(label?.kind == .malformedFile)
        #expect(label?.description.contains("label 10 at offset 3073: labels are 0 to 9") == true)
    }

    @Test func missingFilesAreNamed() throws {
        let error = try Self.refusal(replacing: "data_batch_3.bin", with: nil)
        #expect(error?.kind == .missingFile)
        #expect(
            error?.description.contains("only some of the 6 files of cifar-10: data_batch_3.bin is missing") == true)
        let empty = try TemporaryFolder()
        let unavailable = #expect(throws: DatasetError.self) { try Self.load(empty) }
        #expect(unavailable?.kind == .unavailable)
        #expect(unavailable?.description.contains("Put the files data_batch_1.bin, ") == true)
    }

    @Test func theFallbackStepsIn() throws {
        let folder = try TemporaryFolder()
        let dataset = try DatasetLibrary(TestFiles.sources, folder: folder.url, cacheFolder: folder.url, mirrors: [])
            .load(name: "cifar-10", fallback: "synthetic-digits", seed: 1)
        #expect(dataset.shape == [28, 28])
        #expect(dataset.note?.hasPrefix("stands in for cifar-10") == true)
    }

    @Test(.enabled(if: realData != nil, "needs JOURNAL_DATA with CIFAR-10")) func realFilesAreBalanced() throws {
        let folder = try #require(realData)
        let dataset = try DatasetLibrary(TestFiles.sources, folder: folder, cacheFolder: folder, mirrors: []).load(
            name: "cifar-10", seed: 1)
        for split in [dataset.training, dataset.test] {
            let counts = (0..<10).map { label in split.labels.count { $0 == label } }
            #expect(Set(counts) == [split.count / 10])
        }
    }
}

private let realData: URL? = ProcessInfo.processInfo.environment["JOURNAL_DATA"]
    .map { URL(fileURLWithPath: $0, isDirectory: true) }
    .flatMap { folder in
        let files = folder.appendingPathComponent("cifar-10-batches-bin").path
        return FileManager.default.fileExists(atPath: files) ? folder : nil
    }

@Suite struct ClassSubsetTests {
    private func dataset(test: [UInt8] = [2, 0, 1, 2]) -> Dataset {
        Dataset(
            name: "small", origin: .synthetic(seed: 1), checksum: "sum", classes: 3, shape: [1, 2],
            training: Split(features: 2, images: [1, 2, 3, 4, 5, 6, 7, 8], labels: [0, 1, 2, 0]),
            test: Split(features: 2, images: (0..<UInt8(2 * test.count)).map { $0 }, labels: test), note: "a note")
    }

    @Test func keepsItsClassesInTheListsOrder() throws {
        let part = try dataset().restricted(toClasses: [2, 0])
        #expect(part.classes == 2)
        #expect(part.training.labels == [1, 0, 1])
        #expect(part.training.withImages { Array($0) } == [1, 2, 5, 6, 7, 8])
        #expect(part.test.labels == [0, 1, 0])
        #expect(part.test.withImages { Array($0) } == [0, 1, 2, 3, 6, 7])
        #expect(part.note == "a note; classes 2, 0 alone")
        #expect(part.checksum == "sum")
    }

    @Test func refusesClassesThatAreNotThere() {
        let unknown = #expect(throws: DatasetError.self) { try dataset().restricted(toClasses: [0, 3]) }
        #expect(unknown?.description == "small has no class 3: its classes are 0 to 2.")
        let absent = #expect(throws: DatasetError.self) { try dataset(test: [0, 0]).restricted(toClasses: [0, 1]) }
        #expect(absent?.description == "The test examples of small have none of class 1.")
    }
}
