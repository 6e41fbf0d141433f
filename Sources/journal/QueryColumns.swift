import JournalStore
import Report

extension JournalQuery.Subject {
    /// Columns that a table leaves out, unless they are asked for: settings in full, and where from.
    var detailColumns: Set<String> {
        switch self {
        case .trials:
            [
                "replicate", "depth", "weights", "finishedAt", "precision", "architecture", "dataset", "datasetOrigin",
                "datasetChecksum", "datasetNote", "problemSettings", "optimizerSettings", "kernelTable",
                "programVersion", "host", "pid", "note", "standsFor", "takenFrom", "identity",
            ]
        case .results: ["replicate"]
        case .experiments, .points, .snapshots, .notes: []
        }
    }

    /// Those of them that a table shows where any trial has them.
    static let columnsOfSome = ["replicate"]

    /// What stays in a table where there is no room for all. Names and sentences may be cut; what is cut of a time or a
    /// version says nothing.
    var columnPriorities: ColumnPriorities {
        switch self {
        case .trials:
            ColumnPriorities(
                order: [
                    "finalLoss", "optimizer", "trial", "problem", "seed", "status", "diverged", "bestLoss", "testLoss",
                    "accuracy", "replicate", "experiment", "kind", "layers", "steps", "error", "seconds", "startedAt",
                    "version",
                ],
                uncut: ["version", "kind", "status", "startedAt", "finishedAt", "precision"])
        case .experiments:
            ColumnPriorities(
                order: [
                    "experiment", "trials", "completed", "version", "failed", "running", "interrupted", "queued",
                    "tags", "createdAt", "archivedAt", "programVersion", "question",
                ],
                uncut: ["version", "createdAt", "archivedAt", "programVersion"])
        case .results:
            ColumnPriorities(
                order: [
                    "value", "metric", "optimizer", "trial", "problem", "seed", "replicate", "kind", "status",
                    "experiment",
                ],
                uncut: ["version", "kind", "status"])
        case .points:
            ColumnPriorities(order: ["value", "step", "metric", "trial"])
        case .snapshots:
            ColumnPriorities(order: ["value", "element", "tensor", "step", "trial"])
        case .notes:
            ColumnPriorities(
                order: ["text", "experiment", "kind", "createdAt", "note", "trial", "version"],
                uncut: ["createdAt", "kind", "version"])
        }
    }
}
