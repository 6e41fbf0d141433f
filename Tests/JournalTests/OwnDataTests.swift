import Foundation
import Testing

/// Data of one's own as a person uses it: files beside a spec.
@Suite struct OwnDataTests {
    let program = try! Program()

    private func write(_ bytes: [UInt8], to name: String) throws {
        let file = program.folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    private func writeSpec(_ dataset: String, student: String = #"{"hidden": [2]}"#, to name: String = "mine/own.json")
        throws
    {
        try program.write(
            """
            {"name": "own", "problem": {"kind": "classification", "dataset": \(dataset), "batchSize": 4,
                "student": \(student)},
             "metaTraining": {"optimizer": {"kind": "lstm", "layers": [3]}, "epochs": 2, "steps": 4, "unrollLength": 2,
                 "evaluation": {"every": 1, "epochs": 1}},
             "evaluation": {"steps": 3, "repeats": 2, "optimizers": [{"kind": "trained"}, {"kind": "sgd"}]}}
            """, to: name)
    }

    private func writePictures() throws {
        for place in ["train/cat", "train/dog", "test/cat", "test/dog"] {
            for index in 0..<4 {
                let brightness = UInt8(place.utf8.count * 10 + index)
                try write(
                    Array("P5 3 3 255 ".utf8) + [UInt8](repeating: brightness, count: 9),
                    to: "mine/pictures/\(place)/\(index).pgm")
            }
        }
    }

    private func writeTable(_ rows: Int = 20) throws {
        let lines = (0..<rows).map { "\($0),\($0 * $0 % 7),\($0 % 2 == 0 ? "even" : "odd")\n" }
        try program.write("a,b,species\n" + lines.joined(), to: "mine/table.csv")
    }

    /// Runs, and says what data the journal has of each kind of trials.
    private func expectRun(_ dataset: String, called name: String, origin: String) throws {
        try writeSpec(dataset)
        let run = try program.call("run", "mine/own.json")
        #expect(run.code == 0, "\(run.messages)")
        let data = try program.call(
            "query", "--sql", "SELECT DISTINCT dataset, datasetOrigin FROM trials", "--format", "csv")
        #expect(
            data.lines.dropFirst() == [
                "\(name),read from \(program.folder.resolvingSymlinksInPath().path)/mine/\(origin)"
            ])
    }

    @Test func aTableIsLearned() throws {
        try writeTable()
        try expectRun(
            #"{"kind": "csv", "path": "table.csv", "label": "species", "test": 0.2}"#, called: "table.csv",
            origin: "table.csv")
    }

    @Test func picturesAreLearned() throws {
        try writePictures()
        try expectRun(
            #"{"kind": "folder", "path": "pictures", "size": [4, 5], "classes": [1, 0]}"#, called: "pictures",
            origin: "pictures")
    }

    @Test func arraysAreLearned() throws {
        try write(Arrays.archive, to: "mine/arrays.npz")
        try expectRun(
            #"{"kind": "files", "path": "../mine/arrays.npz"}"#, called: "../mine/arrays.npz", origin: "arrays.npz")
    }

    /// A run goes on from wherever it is called, and not on other data.
    @Test func theWorkingFolderMakesNoDifference() throws {
        try writeTable()
        try writeSpec(#"{"kind": "csv", "path": "table.csv", "label": "species"}"#)
        #expect(try program.call("run", "mine/own.json", "--quiet").code == 0)
        let journal = program.folder.appendingPathComponent("journal.sqlite").path
        let again = try program.shell("cd mine && \"$JOURNAL_PROGRAM\" run own.json --journal '\(journal)'")
        #expect(again.code == 0 && again.messages.contains("nothing left to do"), "\(again.messages)")
        try writeTable(30)
        #expect(try program.call("run", "mine/own.json").messages.contains("nothing left to do"))
        let more = try program.call("run", "mine/own.json", "--fresh")
        #expect(more.code == 0 && more.messages.contains("5 of 5 trials"), "\(more.messages)")
    }

    @Test func whatIsWrongIsToldBeforeAnythingRuns() throws {
        func expectRefusal(_ dataset: String, code: Int32 = 65, student: String = #"{"hidden": [2]}"#, _ words: String)
            throws
        {
            try writeSpec(dataset, student: student)
            let run = try program.call("run", "mine/own.json")
            #expect(run.code == code, "\(run.messages)")
            #expect(run.messages.contains(words), "\(run.messages)")
            #expect(!program.has("journal.sqlite"))
        }
        let pictures = #"{"kind": "folder", "path": "pictures"}"#
        try expectRefusal(pictures, code: 66, "mine/pictures")
        try expectRefusal(#"{"kind": "files", "path": "arrays.npz"}"#, code: 66, "There is no file ")
        try writePictures()
        try write(Array("P5 3 3 255 ".utf8) + [1, 2], to: "mine/pictures/train/cat/broken.pgm")
        try expectRefusal(pictures, "mine/pictures/train/cat/broken.pgm: a broken PPM picture")
        try FileManager.default.removeItem(
            at: program.folder.appendingPathComponent("mine/pictures/train/cat/broken.pgm"))
        try write([1], to: "mine/pictures/train/cat/notes.txt")
        try expectRefusal(pictures, "mine/pictures/train/cat/notes.txt: no picture by its name")
        try FileManager.default.removeItem(
            at: program.folder.appendingPathComponent("mine/pictures/train/cat/notes.txt"))
        try FileManager.default.createDirectory(
            at: program.folder.appendingPathComponent("mine/pictures/train/cow"), withIntermediateDirectories: true)
        try expectRefusal(pictures, "mine/pictures/train/cow: a class without pictures")
        try writeTable()
        let table = #"{"kind": "csv", "path": "table.csv", "label": "species"}"#
        try expectRefusal(
            table, student: #"{"convolutions": [{"kernel": 3, "channels": 2}], "hidden": [2]}"#,
            "problem.dataset: found table.csv with examples of 2; allowed: pictures")
        try program.write("a,species\n1,x\n,y\n", to: "mine/table.csv")
        try expectRefusal(table, "line 3, column 1 (a): a value is missing")
    }

    @Test func whatIsNotThereHasAFallback() throws {
        try writeSpec(#"{"kind": "folder", "path": "pictures", "fallback": "synthetic-digits"}"#)
        let run = try program.call("run", "mine/own.json")
        #expect(run.code == 0)
        #expect(run.messages.contains("Using synthetic-digits in its place."))
        #expect(run.output.contains("stands in for pictures"))
    }

    /// Chen et al. 2018: learned on three files of CIFAR-10, and used on the other two.
    @Test func filesOfCIFARAreDivided() throws {
        for (index, name) in [
            "data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch",
        ].enumerated() {
            let records = (0..<4).flatMap { [UInt8($0)] + [UInt8](repeating: UInt8(index * 20 + $0), count: 3072) }
            try write(records, to: "data/cifar-10-batches-bin/\(name).bin")
        }
        try writeSpec(#"{"name": "cifar-10", "batches": {"metaTraining": [1, 2, 3], "training": [4, 5]}}"#)
        let run = try program.call("run", "mine/own.json", "--data-dir", "data")
        #expect(run.code == 0, "\(run.messages)")
        let uses = try program.call(
            "query", "--sql",
            "SELECT kind, datasetNote FROM trials GROUP BY kind, datasetChecksum ORDER BY kind", "--format", "csv"
        ).lines.dropFirst()
        #expect(uses.count == 2)
        #expect(uses.first?.contains("training files 4, 5 alone") == true)
        #expect(uses.last?.contains("training files 1, 2, 3 alone") == true)
        let comparison = try program.call("compare", "own")
        #expect(comparison.code == 0, "\(comparison.messages)")

        // The same question of the journal's optimizer, and another one: neither is on changed data.
        for (name, batches) in [
            ("same", #"{"metaTraining": [1, 2, 3], "training": [4, 5]}"#), ("other", #"{"training": [1, 2, 3]}"#),
        ] {
            try program.write(
                """
                {"name": "\(name)", "problem": {"kind": "classification", "batchSize": 4, "student": {"hidden": [2]},
                    "dataset": {"name": "cifar-10", "batches": \(batches)}},
                 "evaluation": {"steps": 3, "repeats": 1, "optimizers": [{"kind": "stored", "name": "own"}]}}
                """, to: "\(name).json")
            let run = try program.call("run", "\(name).json", "--data-dir", "data")
            #expect(run.code == 0, "\(run.messages)")
        }
        try write([UInt8](repeating: 0, count: 3073), to: "data/cifar-10-batches-bin/data_batch_1.bin")
        try program.write(
            """
            {"name": "changed", "problem": {"kind": "classification", "batchSize": 4, "student": {"hidden": [2]},
                "dataset": {"name": "cifar-10", "batches": {"training": [1, 2, 3]}}},
             "evaluation": {"steps": 3, "repeats": 1, "optimizers": [{"kind": "stored", "name": "own"}]}}
            """, to: "changed.json")
        let changed = try program.call("run", "changed.json", "--data-dir", "data")
        #expect(changed.code == 65 && changed.messages.contains("learned on other data"), "\(changed.messages)")
    }
}

/// What `numpy.savez` writes, but that nothing checks its dates.
private enum Arrays {
    static let archive: [UInt8] = {
        let pixels = (0..<80).map { UInt8($0 * 3) }
        return zip([
            ("x_train.npy", array("|u1", "20, 2, 2", pixels)),
            ("y_train.npy", array("|u1", "20,", (0..<20).map { UInt8($0 % 2) })),
            ("x_test.npy", array("|u1", "4, 2, 2", Array(pixels.prefix(16)))),
            ("y_test.npy", array("|u1", "4,", [0, 1, 0, 1])),
        ])
    }()

    private static func array(_ type: String, _ shape: String, _ elements: [UInt8]) -> [UInt8] {
        let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0] + little(header.utf8.count, 2) + Array(header.utf8) + elements
    }

    /// Files that are stored as they are.
    private static func zip(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var (archive, directory) = ([UInt8](), [UInt8]())
        for (name, bytes) in files {
            let common =
                little(20, 2) + little(0, 8) + little(checksum(bytes), 4) + little(bytes.count, 4)
                + little(bytes.count, 4) + little(name.utf8.count, 2)
            directory += little(0x0201_4B50, 4) + little(20, 2) + common + little(0, 12) + little(archive.count, 4)
            directory += Array(name.utf8)
            archive += little(0x0403_4B50, 4) + common + little(0, 2) + Array(name.utf8) + bytes
        }
        let counts = little(files.count, 2) + little(files.count, 2)
        return archive + directory + little(0x0605_4B50, 4) + little(0, 4) + counts + little(directory.count, 4)
            + little(archive.count, 4) + little(0, 2)
    }

    private static func little(_ number: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> (8 * $0)) : 0 }
    }

    /// CRC-32, bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> Int {
        let register = bytes.reduce(UInt32.max) { register, byte in
            (0..<8).reduce(register ^ UInt32(byte)) { register, _ in
                register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1
            }
        }
        return Int(~register)
    }
}
