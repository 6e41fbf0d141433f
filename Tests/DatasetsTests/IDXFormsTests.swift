import Foundation
import Nouns
import Testing

@testable import Datasets

/// MNIST and Fashion-MNIST as people have them.
@Suite struct IDXFormsTests {
    private static let sum = sha256(ImmutableBytes(TestFiles.parts().flatMap(\.bytes)))

    private static func load(_ folder: URL, _ name: String = "mnist") throws -> Dataset {
        try DatasetLibrary(
            TestFiles.sources, folder: folder, cacheFolder: folder.appendingPathComponent("cache"), mirrors: []
        )
        .load(name: name, seed: 1)
    }

    private static func write(
        to path: String, in folder: TemporaryFolder, name: (String) -> String = { $0 },
        packing: ([UInt8]) -> [UInt8] = { $0 }
    ) throws {
        for part in TestFiles.parts() { try folder.write(packing(part.bytes), to: path + name(part.name)) }
    }

    private static func dotted(_ name: String) -> String { name.replacing("-idx", with: ".idx") }

    @Test(arguments: [
        "mnist/", "MNIST/raw/", "MNIST/", "mnist/MNIST/raw/", "mnist/raw/", "mnist/mnist/", "raw/", "",
    ]) func theFolderMayBeOneThatPeopleHave(path: String) throws {
        let folder = try TemporaryFolder()
        try Self.write(to: path, in: folder)
        let dataset = try Self.load(folder.url)
        #expect(dataset.checksum == Self.sum)
        #expect(dataset.training.labels == [3, 1, 4, 1, 9])
        #expect(
            dataset.origin == .otherFiles(URL(fileURLWithPath: "\(folder.url.path)/\(path)", isDirectory: true)))
    }

    @Test func theFilesMayHaveOtherNamesAndWrappings() throws {
        let plain = try TemporaryFolder()
        try Self.write(to: "mnist/", in: plain, name: Self.dotted)
        let dottedGzip = try TemporaryFolder()
        try Self.write(to: "mnist/", in: dottedGzip, name: { Self.dotted($0) + ".gz" }, packing: TestFiles.gzip)
        let plainCalledGzip = try TemporaryFolder()
        try Self.write(to: "mnist/", in: plainCalledGzip, name: { $0 + ".gz" })
        let gzipCalledPlain = try TemporaryFolder()
        try Self.write(to: "mnist/", in: gzipCalledPlain, packing: TestFiles.gzip)
        let folders = try TemporaryFolder()
        try Self.write(to: "mnist/", in: folders, name: { "\($0)/\($0)" })
        for folder in [plain, dottedGzip, plainCalledGzip, gzipCalledPlain, folders] {
            #expect(try Self.load(folder.url).checksum == Self.sum)
        }
    }

    @Test func anotherLabelIsAnotherSum() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "mnist/", in: folder)
        try folder.write(TestFiles.idx([5], [3, 1, 4, 1, 8]), to: "mnist/train-labels-idx1-ubyte")
        #expect(try Self.load(folder.url).checksum != Self.sum)
    }

    @Test func theOfficialPlaceIsTheFirst() throws {
        let folder = try TemporaryFolder()
        for path in ["MNIST/raw/", "mnist/", ""] { try Self.write(to: path, in: folder) }
        try folder.write(TestFiles.idx([5], [0, 0, 0, 0, 0]), to: "mnist/train-labels-idx1-ubyte.gz")
        #expect(try Self.load(folder.url).training.labels == [0, 0, 0, 0, 0])
    }

    @Test func filesThatArePartlyThereAreRefusedWhereverTheyAre() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "MNIST/raw/", in: folder)
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("MNIST/raw/t10k-labels-idx1-ubyte"))
        let error = #expect(throws: DatasetError.self) { try Self.load(folder.url) }
        #expect(error?.kind == .missingFile)
        #expect(
            error?.description.contains("raw has only some of the 4 files of mnist: t10k-labels-idx1-ubyte") == true
        )
    }

    /// Both data sets have files of the same names.
    @Test func theFolderTellsMNISTFromFashionMNIST() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "FashionMNIST/raw/", in: folder)
        #expect(throws: DatasetError.self) { try Self.load(folder.url) }
        for itself in ["", "FashionMNIST", "FashionMNIST/raw"] {
            let dataset = try Self.load(folder.url.appendingPathComponent(itself), "fashion-mnist")
            #expect(dataset.checksum == Self.sum)
        }
        let error = #expect(throws: DatasetError.self) {
            try Self.load(folder.url.appendingPathComponent("FashionMNIST/raw"))
        }
        #expect(error?.kind == .unavailable)

        let loose = try TemporaryFolder()
        try Self.write(to: "", in: loose)
        let mistakable = #expect(throws: DatasetError.self) { try Self.load(loose.url, "fashion-mnist") }
        #expect(mistakable?.kind == .unavailable)
        #expect(
            mistakable?.description.contains(
                "Files of these names are in \(loose.url.path), but nothing says that they are those of fashion-mnist.")
                == true)
    }

    @Test func officialLabelsTellWhereTheFolderDoesNot() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "", in: folder)
        var source = TestFiles.source()
        source.borrowsNames = true
        let request = DatasetRequest(folders: [folder.url], mirrors: [], timeout: 1, seed: 1, report: { _ in })
        #expect(try source.load(request).origin == .officialFiles(folder.url))
        try folder.write(TestFiles.idx([5], [0, 0, 0, 0, 0]), to: "train-labels-idx1-ubyte")
        try folder.write(TestFiles.idx([3], [0, 0, 0]), to: "t10k-labels-idx1-ubyte")
        #expect(throws: DatasetError.self) { try source.load(request) }
    }

    @Test func whatIsInNoFormThatIsReadIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "mnist/README")
        try folder.write([1, 2], to: "mnist/mnist.npz")
        try folder.write([1], to: "MNIST.zip")
        try folder.write([1], to: "fashion-mnist.zip")
        try folder.write([1], to: "emnist.zip")
        let error = #expect(throws: DatasetError.self) { try Self.load(folder.url) }
        #expect(error?.kind == .unavailable)
        #expect(
            error?.description.contains(
                """
                 \(folder.url.path)/mnist/mnist.npz and 2 others are there, but are in no form that is read. Arrays of \
                NumPy are read as {"kind": "files", "path": "\(folder.url.path)/mnist/mnist.npz"}. Put\u{20}
                """)
                == true)
    }
}
