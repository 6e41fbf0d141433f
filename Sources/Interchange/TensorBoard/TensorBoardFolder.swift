import Foundation
import JournalStore
import Nouns

/// A folder of TensorBoard's runs: each folder below it that has event files is one.
public struct TensorBoardFolder {
    public let experiment: ImportedExperiment

    /// Looks for the runs of a folder; none is read yet.
    ///
    /// - Throws: `JournalError` of kind `missing` where there is no event file.
    public init(_ path: String) throws {
        let root = URL(fileURLWithPath: path).standardizedFileURL.path
        var files: [String: [String]] = [:]
        for name in (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).sorted() {
            let parts = name.split(separator: "/")
            guard let last = parts.last, last.contains("tfevents"), !last.hasPrefix(".") else { continue }
            files[parts.dropLast().joined(separator: "/"), default: []].append("\(root)/\(name)")
        }
        guard !files.isEmpty else {
            throw JournalError(.missing, "\(path) has no event files of TensorBoard (*tfevents*)")
        }
        let name = URL(fileURLWithPath: root).lastPathComponent
        experiment = ImportedExperiment(
            name: name, source: "tensorboard",
            runs: files.sorted { $0.key < $1.key }.map { run, files in
                { try Self.read(files, called: run.isEmpty ? name : run) }
            })
    }

    private static func read(_ files: [String], called name: String) throws -> ImportedRun {
        var curves: [String: ImportedCurve] = [:]
        for file in files {
            try RecordFile.forEachRecord(of: file) { record in
                do {
                    for event in try ScalarEvent.all(in: record) {
                        curves[event.tag, default: ImportedCurve()].add(step: event.step, event.value)
                    }
                } catch is MessageReader.Fault {
                    throw JournalError(.badData, "\(file) holds a record that is no event")
                }
            }
        }
        return ImportedRun(identity: name, name: name, curves: curves)
    }
}
