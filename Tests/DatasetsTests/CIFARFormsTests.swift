import Foundation
import Nouns
import Testing

@testable import Datasets

/// CIFAR as people have it.
@Suite struct CIFARFormsTests {
    private static func sum(_ batches: [CIFARFiles.Batch]) -> String {
        sha256(ImmutableBytes(batches.flatMap(\.records)))
    }

    private static func load(_ folder: URL, _ name: String = "cifar-10") throws -> Dataset {
        try DatasetLibrary(
            TestFiles.sources, folder: folder, cacheFolder: folder.appendingPathComponent("cache"), mirrors: []
        )
        .load(name: name, seed: 1)
    }

    /// Writes the files of the binary version, or in a style the Python one.
    private static func write(
        _ batches: [CIFARFiles.Batch], to path: String, as style: PickleWriter.Style? = nil, in folder: TemporaryFolder
    ) throws {
        for batch in batches {
            let bytes = style.map(batch.pickle) ?? batch.records
            try folder.write(bytes, to: path + batch.name + (style == nil ? ".bin" : ""))
        }
    }

    private static func tar(
        _ batches: [CIFARFiles.Batch], folder: String = "cifar-10-batches-bin/", as style: PickleWriter.Style? = nil
    ) -> [UInt8] {
        CIFARFiles.tar(
            [("\(folder)batches.meta", [1, 2, 3])]
                + batches.map { batch in
                    (folder + batch.name + (style == nil ? ".bin" : ""), style.map(batch.pickle) ?? batch.records)
                })
    }

    private static func expectTen(in folder: URL, at location: String) throws {
        let dataset = try load(folder)
        #expect(dataset.checksum == sum(CIFARFiles.ten))
        #expect(dataset.training.labels == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(dataset.test.labels == [0, 1, 2])
        let images = CIFARFiles.ten[0].images
        #expect(dataset.training.withImages { Array($0[..<6]) } == [0, 1024, 2048, 1, 1025, 2049].map { images[$0] })
        #expect(dataset.origin.description == "files in \(location), not compared with the official ones")
    }

    @Test(arguments: [
        "cifar-10-batches-bin/", "cifar-10-batches-bin/cifar-10-batches-bin/", "cifar10/cifar-10-batches-bin/",
        "cifar-10/", "",
    ]) func theFolderMayBeOneThatPeopleHave(path: String) throws {
        let folder = try TemporaryFolder()
        try Self.write(CIFARFiles.ten, to: path, in: folder)
        try Self.expectTen(in: folder.url, at: "\(folder.url.path)/\(path)".replacing(/\/$/, with: ""))
    }

    @Test(arguments: PickleWriter.Style.allCases)
    func thePythonVersionHasTheSameValues(style: PickleWriter.Style) throws {
        let folder = try TemporaryFolder()
        try Self.write(CIFARFiles.ten, to: "cifar-10-batches-py/", as: style, in: folder)
        try Self.expectTen(in: folder.url, at: "\(folder.url.path)/cifar-10-batches-py")
        try Self.expectTen(
            in: folder.url.appendingPathComponent("cifar-10-batches-py"), at: "\(folder.url.path)/cifar-10-batches-py")
    }

    @Test func archivesHaveTheSameValues() throws {
        let binary = Self.tar(CIFARFiles.ten)
        let python = Self.tar(CIFARFiles.ten, folder: "./cifar-10-batches-py/", as: .python2)
        for (name, bytes) in [
            ("cifar-10-binary.tar.gz", TestFiles.gzip(binary)), ("cifar-10-python.tar.gz", TestFiles.gzip(python)),
            ("cifar-10-binary.tar.gz", binary), ("cifar-10-python.tar", python),
            ("cifar10/cifar-10-python.tar.gz", TestFiles.gzip(python)),
        ] {
            let folder = try TemporaryFolder()
            try folder.write(bytes, to: name)
            try Self.expectTen(in: folder.url, at: "\(folder.url.path)/\(name)")
        }
    }

    @Test func anotherLabelOrPixelIsAnotherSum() throws {
        var batches = CIFARFiles.ten
        batches[5].labels[0].values[2] = 9
        let folder = try TemporaryFolder()
        try Self.write(batches, to: "cifar-10-batches-py/", as: .python2, in: folder)
        let sum = try Self.load(folder.url).checksum
        #expect(sum == Self.sum(batches))
        #expect(sum != Self.sum(CIFARFiles.ten))
    }

    /// A sum of CIFAR-100 is over both labels, whichever is used.
    @Test func aHundredClassesComeInAllFormsToo() throws {
        let forms: [(TemporaryFolder) throws -> Void] = [
            { try Self.write(CIFARFiles.hundred, to: "cifar-100-binary/", in: $0) },
            { try Self.write(CIFARFiles.hundred, to: "cifar-100-python/", as: .python2, in: $0) },
            { try Self.write(CIFARFiles.hundred, to: "", as: .python3Protocol4, in: $0) },
            {
                let bytes = Self.tar(CIFARFiles.hundred, folder: "cifar-100-python/", as: .python2)
                try $0.write(TestFiles.gzip(bytes), to: "cifar-100-python.tar.gz")
            },
            { try $0.write(Self.tar(CIFARFiles.hundred, folder: "cifar-100-binary/"), to: "cifar-100-binary.tar.gz") },
        ]
        for form in forms {
            let folder = try TemporaryFolder()
            try form(folder)
            let fine = try Self.load(folder.url, "cifar-100")
            #expect(fine.training.labels == [7, 99, 0])
            #expect(fine.checksum == Self.sum(CIFARFiles.hundred))
            let coarse = try Self.load(folder.url, "cifar-100-coarse")
            #expect(coarse.training.labels == [3, 19, 0])
            #expect(coarse.checksum == fine.checksum)
        }
    }

    @Test func unpackedFilesComeBeforeArchivesAndTheBinaryVersionFirst() throws {
        var others = CIFARFiles.ten
        others[0].labels[0].values = [9, 9]
        let folder = try TemporaryFolder()
        try folder.write(Self.tar(others), to: "cifar-10-binary.tar.gz")
        try Self.write(CIFARFiles.ten, to: "cifar-10-batches-py/", as: .python2, in: folder)
        try Self.expectTen(in: folder.url, at: "\(folder.url.path)/cifar-10-batches-py")
        try Self.write(others, to: "cifar-10-batches-bin/", in: folder)
        #expect(try Self.load(folder.url).training.labels.first == 9)
    }

    @Test func filesThatArePartlyThereAreRefused() throws {
        let folder = try TemporaryFolder()
        try Self.write(Array(CIFARFiles.ten.dropLast()), to: "cifar-10-batches-py/", as: .python2, in: folder)
        let error = #expect(throws: DatasetError.self) { try Self.load(folder.url) }
        #expect(error?.kind == .missingFile)
        #expect(
            error?.description.contains(
                "cifar-10-batches-py has only some of the 6 files of cifar-10: test_batch is missing") == true)

        let packed = try TemporaryFolder()
        try packed.write(Self.tar(Array(CIFARFiles.ten.dropFirst())), to: "cifar-10-binary.tar.gz")
        let incomplete = #expect(throws: DatasetError.self) { try Self.load(packed.url) }
        #expect(incomplete?.kind == .malformedFile)
        #expect(incomplete?.description.contains("cifar-10-binary.tar.gz: it has no file data_batch_1.bin") == true)
    }

    /// Folders of pictures are often called so.
    @Test func otherDataCalledTrainAndTestIsNotCIFAR100() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "train/0/a.png")
        try folder.write([1], to: "test/0/a.png")
        try folder.write([1], to: "train.bin")
        let error = #expect(throws: DatasetError.self) { try Self.load(folder.url, "cifar-100") }
        #expect(error?.kind == .unavailable)
    }

    @Test func theFallbackSaysWhichFilesAreWantedWhere() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "cifar10.zip")
        try folder.write([1], to: "cifar100.zip")
        let reports = Reports()
        let path = folder.url.path
        _ = try DatasetLibrary(
            TestFiles.sources, folder: folder.url, cacheFolder: folder.url.appendingPathComponent("cache"), mirrors: []
        )
        .load(name: "cifar-10", fallback: "synthetic-digits", seed: 1, report: reports.add)
        #expect(
            reports.messages == [
                """
                cifar-10 is neither in \(path)/cifar-10-batches-bin nor in \(path)/cache/cifar-10-batches-bin, \
                nor is it downloaded. \(path)/cifar10.zip is there, but is in no form that is read. \
                Using synthetic-digits in its place. To use cifar-10, put the files data_batch_1.bin, \
                data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin of its binary \
                version into \(path)/cifar-10-batches-bin, or cifar-10-binary.tar.gz or cifar-10-python.tar.gz into \
                \(path), before an experiment is begun: it goes on only with the data that it began with.
                """
            ])
    }

    /// Some files are a data set of their own, in every form.
    @Test func someOfTheFilesAreReadAlone() throws {
        func load(_ folder: TemporaryFolder, _ files: [Int]?) throws -> Dataset {
            try DatasetLibrary(TestFiles.sources, folder: folder.url, cacheFolder: folder.url, mirrors: []).load(
                name: "cifar-10", files: files, seed: 1)
        }
        let batches = CIFARFiles.ten
        let parts = [batches[3], batches[4], batches[5]]
        for style in [nil, PickleWriter.Style.allCases.first] {
            let folder = try TemporaryFolder()
            let path = style == nil ? "cifar-10-batches-bin/" : "cifar-10-batches-py/"
            try Self.write(batches, to: path, as: style, in: folder)
            let part = try load(folder, [4, 5])
            #expect(part.checksum == Self.sum(parts))
            #expect(part.training.labels == [6, 7, 8, 9] && part.test.labels == [0, 1, 2])
            #expect(part.name == "cifar-10")
            #expect(part.note?.hasPrefix("training files 4, 5 alone; ") == true)
            #expect(try load(folder, nil).checksum == Self.sum(batches))
            #expect(try load(folder, [1, 2, 3, 4, 5]).checksum == Self.sum(batches))
        }
        let folder = try TemporaryFolder()
        try folder.write(Self.tar(batches), to: "cifar-10-binary.tar")
        #expect(try load(folder, [4, 5]).checksum == Self.sum(parts))
    }
}
