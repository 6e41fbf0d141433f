import Foundation
import Testing

/// The Slurm that answers here, if one does: a real one, as `Tests/Slurm/start` sets one up.
enum SlurmSite {
    static let environment: [String: String] = {
        ProcessInfo.processInfo.environment.filter { $0.key == "SLURM_CONF" }
    }()

    static let answers: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sinfo", "-h"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// The files of the one that `Tests/Slurm/start` has set up, whose nodes may be killed; nil of any other.
    static let ownFolder: String? = {
        guard answers, let file = environment["SLURM_CONF"] else { return nil }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        return FileManager.default.fileExists(atPath: "\(folder)/slurmd-node1.pid") ? folder : nil
    }()

    static let absence: Comment = "no Slurm answers here; eval \"$(sudo Tests/Slurm/start)\" sets one up"
}

/// A working folder in which the program's runs on a cluster lie, and the processes that its tasks are.
extension Program {
    func slurm(_ arguments: String...) throws -> Outcome { try startSlurm(arguments).outcome() }

    func startSlurm(_ arguments: [String]) throws -> Call {
        try start(arguments, environment: SlurmSite.environment)
    }

    /// All results of a journal, times left out, in an order that depends on them alone.
    func results(_ journal: String) throws -> [Substring] {
        let queries = [
            "SELECT identity, status, steps, finalLoss, bestLoss, diverged, optimizerSettings, content FROM trials ORDER BY 1",
            """
            SELECT identity, metric, chunk, pointValues FROM curves JOIN trialRecords AS t ON t.id = trial
            WHERE metric NOT LIKE '%Seconds' ORDER BY 1, 2, 3
            """,
            "SELECT problem, optimizer, candidate, meanFinalLoss, trials, chosen FROM tuningChoices ORDER BY 1, 2, 3",
            """
            SELECT identity, w.name, hex(bytes) FROM learnedOptimizerWeights AS w
            JOIN learnedOptimizers AS o ON o.id = learnedOptimizer JOIN trialRecords AS t ON t.id = trial ORDER BY 1, 2
            """,
        ]
        return try queries.flatMap { sql in
            try call("query", "--journal", journal, "--format", "csv", "--sql", sql).lines
        }
    }

    /// The folder of its only run on a cluster; nil before there is one.
    var clusterRun: URL? {
        let place = folder.appendingPathComponent("journal.sqlite-slurm")
        let runs = try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
        return runs?.first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("run.json").path) }
    }

    /// The tasks that compute at this moment, each with its process and its share.
    func tasks() throws -> [(process: pid_t, share: Int)] {
        guard let run = clusterRun else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.compactMap {
            process in
            guard let line = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline")) else { return nil }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 5, words[1] == "work", words[2].hasSuffix(run.lastPathComponent),
                words[2].contains(folder.lastPathComponent), words[3] == "--share", let share = Int(words[4])
            else { return nil }
            return (process, share)
        }
    }

    /// The reports of tasks so far.
    func reports() throws -> [[String: Any]] {
        guard let folder = clusterRun?.appendingPathComponent("reports") else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .compactMap { try? JSONSerialization.jsonObject(with: Data(contentsOf: $0)) as? [String: Any] }
    }

    /// Waits until something is so, for a minute and a half at most.
    func wait(_ what: Comment, until isSo: () throws -> Bool) throws {
        for _ in 0..<900 {
            if try isSo() { return }
            usleep(100_000)
        }
        Issue.record(what)
    }
}
