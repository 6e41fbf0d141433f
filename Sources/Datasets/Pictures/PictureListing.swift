import Foundation
import Wording

/// The pictures of a folder with their classes, before any is looked at.
struct PictureListing {
    /// A picture that is an example.
    struct Entry: Sendable {
        let path: String
        let label: UInt8
    }

    let classes: ClassNames
    let training: [Entry]
    let test: [Entry]

    private static let folders = ["train", "test"]

    /// Lists `train/CLASS/` and `test/CLASS/`, or, with a share, `CLASS/`. Hidden files are passed over.
    ///
    /// - Parameter testShare: of each class, where the folder has the classes itself.
    /// - Throws: `DatasetError`: `unavailable` where there is no such folder, `malformedFile` where something in it is not
    ///   as it should be.
    init(_ folder: URL, testShare: Double?) throws {
        guard folder.exists else { throw DatasetError.absent(folder, "folder") }
        guard !folder.isPlainFile else {
            throw DatasetError.fault(in: folder.path, "a file, where a folder is expected")
        }
        let names = try Self.entries(of: folder.path)
        if let testShare {
            guard !Self.folders.allSatisfy(names.contains) else {
                throw DatasetError.fault(
                    in: folder.path,
                    "it has train and test, and the spec asks for a share by \"test\"; allowed: one of the two")
            }
            let (classes, entries) = try Self.classes(in: folder.path)
            self.classes = classes
            let held = try HeldBack(testShare, of: entries.map(\.label), path: folder.path)
            training = held.training.map { entries[$0] }
            test = held.test.map { entries[$0] }
            return
        }
        for part in Self.folders where !names.contains(part) {
            throw DatasetError.fault(
                in: folder.path,
                "it has no folder \(part); allowed: train and test with a folder for each class, or, with \"test\": 0.2 in "
                    + "the spec, the folders of the classes themselves")
        }
        (classes, training) = try Self.classes(in: "\(folder.path)/train")
        let test = try Self.classes(in: "\(folder.path)/test", among: classes).entries
        self.test = HeldBack.shuffled(Array(test.indices)).map { test[$0] }
    }

    /// Classes are sorted by their names, pictures by theirs in each.
    ///
    /// - Parameter known: those that there may be; nil for all that there are.
    private static func classes(
        in folder: String, among known: ClassNames? = nil
    ) throws -> (classes: ClassNames, entries: [Entry]) {
        let names = try entries(of: folder)
        let classes = try known ?? ClassNames(names, path: folder)
        let entries = try names.flatMap { name in
            let path = "\(folder)/\(name)"
            guard !URL(fileURLWithPath: path).isPlainFile else {
                throw DatasetError.fault(in: path, "a file, where only the folders of classes are expected")
            }
            guard let label = classes.names.firstIndex(of: name) else {
                throw DatasetError.fault(in: path, "a class to test on that there is no folder of in train")
            }
            return try pictures(in: path).map { Entry(path: $0, label: UInt8(label)) }
        }
        guard !entries.isEmpty else { throw DatasetError.fault(in: folder, "it has no folders of classes") }
        return (classes, entries)
    }

    private static func pictures(in folder: String) throws -> [String] {
        let paths = try entries(of: folder).map { "\(folder)/\($0)" }
        for path in paths {
            let file = URL(fileURLWithPath: path)
            guard file.isPlainFile else {
                throw DatasetError.fault(in: path, "no file; allowed in the folder of a class: pictures alone")
            }
            guard PictureFile.endings.contains(file.pathExtension.lowercased()) else {
                throw DatasetError.fault(
                    in: path,
                    "no picture by its name; allowed in the folder of a class: files that end with "
                        + PictureFile.endings.map { ".\($0)" }.joined(by: "or"))
            }
        }
        guard !paths.isEmpty else {
            throw DatasetError.fault(in: folder, "a class without pictures. Put some there, or take the folder away")
        }
        return paths
    }

    /// The names of what is in a folder and not hidden, sorted.
    private static func entries(of folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw DatasetError(.inputOutput, "\(folder) cannot be read: \(reason(error)).")
        }
    }
}
