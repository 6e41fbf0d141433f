import Foundation
import Nouns
import Testing

@testable import Datasets

@Suite struct IDXDatasetTests {
    private func load(_ folders: TemporaryFolder...) throws -> Dataset {
        try TestFiles.source().load(
            DatasetRequest(folders: folders.map(\.url), mirrors: [], timeout: 1, seed: 1, report: { _ in }))
    }

    /// Writes the official files, one of them replaced, and returns the error that loading gives.
    private func error(replacing name: String, with bytes: [UInt8]?) throws -> DatasetError? {
        let folder = try TemporaryFolder()
        for part in TestFiles.parts() {
            guard let content = part.name == name ? bytes : part.bytes else { continue }
            try folder.write(content, to: "small/\(part.name)")
        }
        return #expect(throws: DatasetError.self) { try load(folder) }
    }

    @Test(arguments: ["", ".gz"]) func filesAreReadPlainOrCompressed(ending: String) throws {
        let folder = try TemporaryFolder()
        for part in TestFiles.parts() {
            let bytes = ending.isEmpty ? part.bytes : TestFiles.gzip(part.bytes)
            try folder.write(bytes, to: "small/\(part.name)\(ending)")
        }
        let dataset = try load(folder)
        #expect(dataset.name == "small")
        #expect(dataset.shape == [2, 3])
        #expect(dataset.features == 6)
        #expect(dataset.origin == .officialFiles(folder.url.appendingPathComponent("small", isDirectory: true)))
        #expect(dataset.note == nil)
        #expect(dataset.training.labels == [3, 1, 4, 1, 9])
        #expect(dataset.test.count == 3)
        #expect(dataset.training.withImages { Array($0[12..<18]) } == [20, 21, 22, 23, 24, 25])
        #expect(dataset.checksum == sha256(ImmutableBytes(TestFiles.parts().flatMap(\.bytes))))
    }

    /// Of a data set whose sums are those of the compressed files.
    @Test func onlyCompressedFilesAreComparedWithArchives() throws {
        func origin(_ ending: String, spoiling spoiled: String = "") throws -> Dataset.Origin {
            let folder = try TemporaryFolder()
            for part in TestFiles.parts() {
                let bytes = part.name == spoiled ? TestFiles.idx([5], [0, 0, 0, 0, 0]) : part.bytes
                try folder.write(ending.isEmpty ? bytes : TestFiles.gzip(bytes), to: "small/\(part.name)\(ending)")
            }
            return try TestFiles.source(archives: true).load(
                DatasetRequest(folders: [folder.url], mirrors: [], timeout: 1, seed: 1, report: { _ in })
            ).origin
        }
        guard case .officialFiles = try origin(".gz") else {
            Issue.record("official archives are")
            return
        }
        guard case .uncheckedFiles = try origin("") else {
            Issue.record("nothing is known of these")
            return
        }
        guard case .otherFiles = try origin(".gz", spoiling: "train-labels-idx1-ubyte") else {
            Issue.record("one of these is another")
            return
        }
    }

    /// The folder and the files that the format is known for.
    @Test func fashionMNISTLiesBesideMNIST() throws {
        let folder = try TemporaryFolder()
        for part in TestFiles.parts() { try folder.write(part.bytes, to: "fashion-mnist/\(part.name)") }
        let dataset = try DatasetLibrary(TestFiles.sources, folder: folder.url, cacheFolder: folder.url, mirrors: [])
            .load(name: "fashion-mnist", seed: 1)
        #expect(dataset.training.labels == [3, 1, 4, 1, 9])
        #expect(dataset.classes == 10)
    }

    @Test func theCacheFolderIsLookedIntoNext() throws {
        let empty = try TemporaryFolder()
        let cache = try TemporaryFolder()
        for part in TestFiles.parts() { try cache.write(part.bytes, to: "small/\(part.name)") }
        #expect(try load(empty, cache).training.count == 5)
    }

    @Test func otherBytesThanTheOfficialOnesAreUsedAndNoted() throws {
        let folder = try TemporaryFolder()
        for part in TestFiles.parts() { try folder.write(part.bytes, to: "small/\(part.name)") }
        try folder.write(TestFiles.idx([5], [0, 0, 0, 0, 0]), to: "small/train-labels-idx1-ubyte")
        let dataset = try load(folder)
        #expect(dataset.origin == .otherFiles(folder.url.appendingPathComponent("small", isDirectory: true)))
        #expect(dataset.note == "not the official bytes: train-labels-idx1-ubyte")
    }

    @Test func aMissingFileIsNamed() throws {
        let error = try error(replacing: "t10k-labels-idx1-ubyte", with: nil)
        #expect(error?.kind == .missingFile)
        #expect(error?.description.contains("only some of the 4 files of small: t10k-labels-idx1-ubyte") == true)
    }

    @Test func filesThatDoNotAgreeAreRefused() throws {
        let badLabel = try error(replacing: "train-labels-idx1-ubyte", with: TestFiles.idx([5], [0, 1, 10, 3, 4]))
        #expect(badLabel?.kind == .malformedFile)
        #expect(badLabel?.description.contains("label 10 at offset 10: labels are 0 to 9") == true)

        let fewerLabels = try error(replacing: "t10k-labels-idx1-ubyte", with: TestFiles.idx([2], [0, 1]))
        #expect(fewerLabels?.description.contains("2 labels for the 3 images of") == true)

        let otherShape = try error(replacing: "t10k-images-idx3-ubyte", with: TestFiles.idx([3, 1, 1], [1, 2, 3]))
        #expect(otherShape?.description.contains("its images are [1, 1] and those of") == true)
    }

    @Test func whatIsNoPlainFileIsRefused() throws {
        let folder = try TemporaryFolder()
        for part in TestFiles.parts() { try folder.write(part.bytes, to: "small/\(part.name)") }
        let folderInPlaceOfFile = folder.url.appendingPathComponent("small/train-images-idx3-ubyte.gz")
        try FileManager.default.createDirectory(at: folderInPlaceOfFile, withIntermediateDirectories: false)
        let error = #expect(throws: DatasetError.self) { try load(folder) }
        #expect(error?.kind == .inputOutput)
        #expect(error?.description.contains("is not a plain file") == true)
    }
}

@Suite struct DatasetLibraryTests {
    private func library(_ folder: TemporaryFolder, cache: TemporaryFolder) -> DatasetLibrary {
        DatasetLibrary(TestFiles.sources, folder: folder.url, cacheFolder: cache.url, mirrors: [])
    }

    @Test func unknownNamesAreRefusedWithTheKnownOnes() throws {
        let folder = try TemporaryFolder()
        let library = library(folder, cache: folder)
        for (name, fallback) in [("minst", nil), ("mnist", "minst")] {
            let error = #expect(throws: DatasetError.self) { try library.load(name: name, fallback: fallback, seed: 1) }
            #expect(error?.kind == .unknownName)
            #expect(
                error?.description
                    == "There is no data set \"minst\"; there are \(TestFiles.sources.map(\.name).joined(separator: ", "))."
            )
        }
    }

    @Test func withoutDataAndFallbackTheErrorSaysWhatWasTried() throws {
        let folder = try TemporaryFolder()
        let cache = try TemporaryFolder()
        let error = #expect(throws: DatasetError.self) {
            try library(folder, cache: cache).load(name: "mnist", seed: 1)
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.description.contains("\(folder.url.path)/mnist nor in \(cache.url.path)/mnist") == true)
        #expect(error?.description.contains("no mirror to fetch from") == true)
    }

    @Test func theFallbackStepsInAndSaysSo() throws {
        let folder = try TemporaryFolder()
        let reports = Reports()
        let dataset = try library(folder, cache: folder)
            .load(name: "mnist", fallback: "synthetic-digits", seed: 1, report: reports.add)
        #expect(dataset.name == "synthetic-digits")
        #expect(dataset.origin == .synthetic(seed: 1))
        #expect(dataset.note?.hasPrefix("stands in for mnist") == true)
        #expect(reports.messages.count == 1)
        #expect(
            reports.messages[0] == """
                mnist is neither in \(folder.url.path)/mnist nor in \(folder.url.path)/mnist, nor could it be fetched \
                (there is no mirror to fetch from). Using synthetic-digits in its place. To use mnist, put the files \
                train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (plain \
                or with .gz) into \(folder.url.path)/mnist, before an experiment is begun: it goes on only with the data \
                that it began with.
                """)
    }

    @Test func theFallbackDoesNotHideMalformedOrMissingFiles() throws {
        let malformed = try TemporaryFolder()
        try malformed.write([1, 2, 3], to: "mnist/t10k-labels-idx1-ubyte")
        let incomplete = try TemporaryFolder()
        try incomplete.write(TestFiles.idx([1], [5]), to: "mnist/t10k-labels-idx1-ubyte")
        for (folder, kind) in [(malformed, DatasetError.Kind.malformedFile), (incomplete, .missingFile)] {
            let error = #expect(throws: DatasetError.self) {
                try library(folder, cache: folder).load(name: "mnist", fallback: "synthetic-digits", seed: 1)
            }
            #expect(error?.kind == kind)
        }
    }

    @Test func theUsersCacheFolderFollowsTheXDGSpecification() {
        func folder(_ environment: [String: String]) -> String {
            DatasetLibrary.userCacheFolder(environment: environment).path
        }
        #expect(folder(["XDG_CACHE_HOME": "/caches", "HOME": "/home/ada"]) == "/caches/journal/data")
        #if !os(macOS)
            #expect(folder(["HOME": "/home/ada"]) == "/home/ada/.cache/journal/data")
            #expect(folder(["XDG_CACHE_HOME": "relative", "HOME": "/home/ada"]) == "/home/ada/.cache/journal/data")
        #endif
    }

    @Test(.enabled(if: realData != nil, "needs JOURNAL_DATA with MNIST")) func realMNISTIsOfficial() throws {
        let folder = try #require(realData)
        let dataset = try DatasetLibrary(TestFiles.sources, folder: folder, cacheFolder: folder, mirrors: []).load(
            name: "mnist", seed: 1)
        #expect(dataset.origin == .officialFiles(folder.appendingPathComponent("mnist", isDirectory: true)))
        #expect(dataset.note == nil)
        #expect(dataset.training.count == 60_000)
        #expect(dataset.test.count == 10_000)
        #expect(dataset.shape == [28, 28])
    }
}

private let realData: URL? = ProcessInfo.processInfo.environment["JOURNAL_DATA"]
    .map { URL(fileURLWithPath: $0, isDirectory: true) }
    .flatMap { FileManager.default.fileExists(atPath: $0.appendingPathComponent("mnist").path) ? $0 : nil }
