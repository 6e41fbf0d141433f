import ArgumentParser

/// What is measured of recorded runs: in whole processes, as a person waits for them.
enum RecordingWork: String, CaseIterable, ExpressibleByArgument {
    case points, listing, curve

    var title: String {
        switch self {
        case .points: "`points`: 100,000 points recorded, 10 runs of 10,000 steps"
        case .listing: "`listing`: 1,000 runs listed, each with its last value and its parameters"
        case .curve: "`curve`: a curve of 10,000 points fetched by name from among 1,000 runs"
        }
    }

    /// Those that do it, in order.
    var contestants: [RecordingContestant] {
        RecordingContestant.allCases.filter { self != .points || $0 != .journalFile }
    }

    /// Of whom the work alone is what that of the others is held against. Python reads a journal's file by itself, and what
    /// it takes for that is what compares with libraries of Python.
    var aloneReference: RecordingContestant { self == .points ? .journal : .journalFile }

    /// How many times a process repeats the work alone; 0 where a first time says as much, because it is long.
    var repeats: Int { self == .points ? 0 : 5 }
}

/// A program that keeps runs.
enum RecordingContestant: String, CaseIterable, ExpressibleByArgument {
    case journal
    /// A journal's file, read by Python with nothing of ours.
    case journalFile = "journal-file"
    case mlflow, tensorboard, trackio, aim
    /// Rows that a script of Python writes and reads.
    case sqlite

    var name: String {
        switch self {
        case .journal: "`journal`"
        case .journalFile: "the journal's file, by Python's `sqlite3`"
        case .mlflow: "MLflow, SQLite"
        case .tensorboard: "TensorBoard"
        case .trackio: "trackio"
        case .aim: "Aim"
        case .sqlite: "bare rows, by Python's `sqlite3`"
        }
    }

    /// The program in `Benchmarks/peers/recording`; nil for ours.
    var script: String? {
        switch self {
        case .journal: nil
        case .journalFile: "journal_file.py"
        case .mlflow, .tensorboard, .trackio, .aim, .sqlite: "record_\(rawValue).py"
        }
    }

    /// What a Python must have for it.
    var modules: [String] {
        switch self {
        case .journal: []
        case .journalFile, .sqlite: ["sqlite3"]
        case .tensorboard: ["tensorboard", "tensorboardX"]
        case .mlflow, .trackio, .aim: [rawValue]
        }
    }
}
