import Foundation
import JournalStore

/// MLflow's files: a folder an experiment, in it a folder a run, with a file for each parameter, tag and metric.
struct MLflowFolder {
    private let root: String

    init(_ path: String) { root = path }

    func experiments() throws -> [ImportedExperiment] {
        try Self.folders(in: root).compactMap { folder in
            guard let facts = try Self.facts(of: folder), facts["lifecycle_stage"] != "deleted" else { return nil }
            let runs = try Self.folders(in: folder).compactMap { folder -> (facts: [String: String], folder: String)? in
                guard let facts = try Self.facts(of: folder), facts["run_id"] ?? facts["run_uuid"] != nil,
                    facts["lifecycle_stage"] != "deleted"
                else { return nil }
                return (facts, folder)
            }.sorted { ($0.facts["start_time"] ?? "", $0.folder) < ($1.facts["start_time"] ?? "", $1.folder) }
            guard !runs.isEmpty else { return nil }
            let name = facts["name"] ?? URL(fileURLWithPath: folder).lastPathComponent
            return ImportedExperiment(
                name: name, source: "mlflow", runs: runs.map { facts, folder in { try Self.run(facts, folder) } })
        }
    }

    private static func run(_ facts: [String: String], _ folder: String) throws -> ImportedRun {
        let identity = facts["run_id"] ?? facts["run_uuid"] ?? folder
        let tags = try texts(in: "\(folder)/tags")
        var curves: [String: ImportedCurve] = [:]
        for (name, text) in try texts(in: "\(folder)/metrics") {
            curves[name] = try ImportedCurve(points(text, file: "\(folder)/metrics/\(name)"))
        }
        var run = ImportedRun(
            identity: identity, name: facts["run_name"] ?? tags["mlflow.runName"] ?? identity, curves: curves)
        run.parameters = try texts(in: "\(folder)/params")
        run.tags = tags.filter { !$0.key.hasPrefix("mlflow.") }
        run.status = MLflowStatus.trialStatus(facts["status"] ?? "")
        if let start = facts["start_time"].flatMap(Double.init), let end = facts["end_time"].flatMap(Double.init) {
            run.seconds = (end - start) / 1000
        }
        return run
    }

    /// Lines of an instant, a value and a step.
    private static func points(_ text: String, file: String) throws -> [(step: Int, value: Double)] {
        try text.split(separator: "\n").enumerated().map { number, line in
            let parts = line.split(separator: " ")
            guard parts.count >= 2, let value = Double(parts[1]), let step = parts.count > 2 ? Int(parts[2]) : 0 else {
                throw JournalError(
                    .badData, "\(file), line \(number + 1): found \"\(line)\"; allowed: an instant, a value and a step")
            }
            return (step, value)
        }
    }

    private static func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }
            .filter { (try? FileManager.default.contentsOfDirectory(atPath: $0)) != nil }
    }

    /// The texts of all files of a folder, by their names; a name with slashes is a file in folders.
    private static func texts(in folder: String) throws -> [String: String] {
        var texts: [String: String] = [:]
        for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            if let data = FileManager.default.contents(atPath: "\(folder)/\(name)") {
                texts[name] = String(decoding: data, as: UTF8.self)
            }
        }
        return texts
    }

    /// The lines `key: value` of a folder's `meta.yaml`; nil where it has none.
    private static func facts(of folder: String) throws -> [String: String]? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/meta.yaml") else { return nil }
        var facts: [String: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"), line.first != " " else { continue }
            var value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            for quote in ["'", "\""] where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
                value = value.dropFirst().dropLast().replacingOccurrences(of: quote + quote, with: quote)
            }
            facts[String(line[..<colon])] = value
        }
        return facts
    }
}

enum MLflowStatus {
    /// Words of the database, and numbers of the files.
    static func trialStatus(_ status: String) -> TrialStatus {
        switch status {
        case "FINISHED", "3", "": .completed
        case "FAILED", "4", "KILLED", "5": .failed
        default: .interrupted
        }
    }
}
