import Foundation
import JournalStore

/// The experiments that MLflow keeps: in a folder of files (`mlruns`) or in an SQLite database (`mlflow.db`).
public struct MLflowStore {
    public let experiments: [ImportedExperiment]

    /// Looks for experiments with runs; what was deleted in MLflow is left out.
    ///
    /// - Throws: `JournalError` where there is no such thing, or nothing in it.
    public init(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw JournalError(.missing, "there is no folder or database of MLflow at \(path)")
        }
        experiments = try isFolder.boolValue ? MLflowFolder(path).experiments() : MLflowDatabase(path).experiments()
        guard !experiments.isEmpty else { throw JournalError(.missing, "\(path) has no runs of MLflow") }
    }
}
