import Foundation
import Locking
import Testing

@testable import Datasets

/// Folders of pictures.
@Suite struct PictureFolderTests {
    private let folder = try! TemporaryFolder()

    private func load(
        testShare: Double? = nil, size: PictureSize? = nil, channels: Int? = nil, cacheSize: Int = 1 << 20
    ) throws -> Dataset {
        try PictureFolder(
            name: "pictures", folder: folder.url, testShare: testShare, size: size, channels: channels,
            cacheSize: cacheSize
        ).load(DatasetRequest(folders: [folder.url], mirrors: [], timeout: 1, seed: 1, report: { _ in }))
    }

    private func refusal(testShare: Double? = nil) -> String {
        let error = #expect(throws: DatasetError.self) { try load(testShare: testShare) }
        #expect(error?.kind == .malformedFile)
        return error.map { $0.description.replacingOccurrences(of: folder.url.path, with: "") } ?? ""
    }

    /// A picture in grey of 2 × 3 pixels, all of one brightness.
    private static func pgm(_ brightness: Int, width: Int = 3) -> [UInt8] {
        Array("P5 \(width) 2 255 ".utf8) + [UInt8](repeating: UInt8(brightness), count: 2 * width)
    }

    /// Two classes of so many pictures each; picture `i` of class `c` is of brightness 100 c + i.
    private func write(_ place: String, _ count: Int, classes: [String] = ["cat", "dog"]) throws {
        for (label, name) in classes.enumerated() {
            for index in 0..<count {
                try folder.write(Self.pgm(100 * label + index), to: "\(place)\(name)/\(100 + index).pgm")
            }
        }
    }

    private static func brightness(_ split: Split, _ indices: [Int]? = nil) -> [Int] {
        let indices = indices ?? Array(0..<split.count)
        var numbers = [Float](repeating: 0, count: indices.count * split.features)
        var labels = [Float](repeating: 0, count: indices.count * 2)
        split.fill(indices: indices, images: &numbers, oneHot: &labels, classes: 2)
        return indices.indices.map { Int((numbers[$0 * split.features] * 255).rounded()) }
    }

    @Test func picturesAreExamplesOfTheClassOfTheirFolder() throws {
        try write("train/", 3)
        try write("test/", 2)
        try folder.write([1], to: "train/.hidden")
        try folder.write([1], to: "train/cat/.DS_Store")
        try folder.write([1], to: "README")
        let dataset = try load()
        #expect(dataset.shape == [2, 3] && dataset.classes == 2 && dataset.note == "classes cat, dog")
        #expect(dataset.training.labels == [0, 0, 0, 1, 1, 1])
        #expect(Self.brightness(dataset.training) == [0, 1, 2, 100, 101, 102])
        #expect(Self.brightness(dataset.test).sorted() == [0, 1, 100, 101])
        #expect(Self.brightness(dataset.test).map { UInt8($0 / 100) } == dataset.test.labels)
        let swapped = try dataset.restricted(toClasses: [1, 0])
        #expect(swapped.training.labels == [1, 1, 1, 0, 0, 0])
    }

    @Test func aShareIsHeldBackWhereThereIsOneLevel() throws {
        try write("", 10)
        let dataset = try load(testShare: 0.2)
        #expect(dataset.training.count == 16 && dataset.test.count == 4)
        let all = Self.brightness(dataset.training) + Self.brightness(dataset.test)
        #expect(all.sorted() == (0..<10).map { $0 } + (100..<110).map { $0 })
        #expect(try load(testShare: 0.2).checksum == dataset.checksum)
    }

    /// A picture is what its pixels are.
    @Test func theChecksumIsThatOfThePixels() throws {
        let pixels: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90]
        var checksums: Set<String> = []
        let files = [("png", Fixtures.colours), ("png", Fixtures.palette), ("PPM", Array("P6 3 2 255 ".utf8) + pixels)]
        for (ending, bytes) in files {
            let own = try TemporaryFolder()
            for place in ["train/a", "train/b", "test/a"] { try own.write(bytes, to: "\(place)/1.\(ending)") }
            let request = DatasetRequest(folders: [own.url], mirrors: [], timeout: 1, seed: 1, report: { _ in })
            let dataset = try PictureFolder(name: "own", folder: own.url, testShare: nil).load(request)
            #expect(dataset.shape == [2, 3, 3])
            checksums.insert(dataset.checksum)
        }
        #expect(checksums.count == 1)
    }

    @Test func coloursAndSizesAreAsAskedFor() throws {
        try write("train/", 2)
        try write("test/", 2)
        try folder.write(Fixtures.colours, to: "train/cat/1.png")
        #expect(try load().shape == [2, 3, 3])
        #expect(try load(channels: 1).shape == [2, 3])
        #expect(try load(size: PictureSize(height: 5, width: 4)).shape == [5, 4, 3])
        try folder.write(Self.pgm(5, width: 4), to: "test/dog/2.pgm")
        #expect(refusal().contains("/test/dog/2.pgm: it has the size 2 × 4, and /train/cat/1.png has 2 × 3"))
        #expect(try load(size: PictureSize(height: 1, width: 2)).test.count == 5)
    }

    /// However little of it may stay in memory, and whichever thread asks.
    @Test func picturesAreNeverAllInMemory() async throws {
        try write("train/", 50)
        try write("test/", 10)
        let few = try load(cacheSize: 6 * 7)
        let all = try load()
        guard case .pictures(let store, _) = few.training.inputs, case .pictures(let whole, _) = all.training.inputs
        else {
            Issue.record("they are kept in another form")
            return
        }
        #expect(few.checksum == all.checksum)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for step in 0..<50 {
                        let indices = (0..<20).map { ($0 * 37 + step * 11 + task * 5) % 100 }
                        #expect(
                            Self.brightness(few.training, indices) == indices.map { $0 < 50 ? $0 : 50 + $0 })
                        #expect(store.cached <= 7)
                    }
                }
            }
        }
        #expect(store.cached == 7)
        #expect(whole.cached == 120)
    }

    @Test func whatIsWrongIsToldWithItsPath() throws {
        let bare = try TemporaryFolder()
        let error = #expect(throws: DatasetError.self) {
            try PictureFolder(name: "none", folder: bare.url.appendingPathComponent("none"), testShare: nil).load(
                DatasetRequest(folders: [bare.url], mirrors: [], timeout: 1, seed: 1, report: { _ in }))
        }
        #expect(error?.kind == .unavailable)
        try write("test/", 2)
        #expect(refusal().hasPrefix(": it has no folder train; allowed: "))
        try write("train/", 2)
        #expect(refusal(testShare: 0.2).hasPrefix(": it has train and test, and the spec asks for a share"))
        func expectRefusal(_ words: String, writing bytes: [UInt8], to name: String) throws {
            try folder.write(bytes, to: name)
            #expect(refusal().hasPrefix(words), "\(refusal())")
            try FileManager.default.removeItem(at: folder.url.appendingPathComponent(name))
        }
        try expectRefusal(
            "/train/cat/notes.txt: no picture by its name; allowed", writing: [1], to: "train/cat/notes.txt")
        try expectRefusal("/train/cat/x.png: an empty file", writing: [], to: "train/cat/x.png")
        try expectRefusal(
            "/train/cat/x.pgm: a broken PPM picture (its header promises 6 bytes of pixels, and it has 1)",
            writing: Array("P5 3 2 255 ".utf8) + [1], to: "train/cat/x.pgm")
        try expectRefusal("/train/list.csv: a file, where only the folders", writing: [1], to: "train/list.csv")
        try expectRefusal("/train/cat/deeper: no file", writing: [1], to: "train/cat/deeper/x.png")
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("train/cat/deeper"))
        try expectRefusal("/test/cow: a class to test on", writing: Self.pgm(1), to: "test/cow/x.pgm")
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("test/cow"))
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("train/cow"), withIntermediateDirectories: true)
        #expect(refusal().hasPrefix("/train/cow: a class without pictures"))
    }
}
