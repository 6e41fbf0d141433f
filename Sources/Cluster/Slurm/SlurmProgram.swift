import Foundation
import JournalStore

/// A program of Slurm's, such as `sbatch`: the one place where another program is called for the queue.
struct SlurmProgram: Sendable {
    let name: String

    /// Whether the program is found where a shell would look.
    var isThere: Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Calls it, and waits until it has ended.
    ///
    /// - Parameter input: what it reads from standard input.
    /// - Returns: what it wrote to standard output.
    /// - Throws: ``JournalError`` of kind `unavailable` with its own words, where it isn't there or says that it failed.
    func call(_ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let (sent, told, complaint) = (Pipe(), Pipe(), Pipe())
        process.standardInput = sent
        process.standardOutput = told
        process.standardError = complaint
        do {
            try process.run()
        } catch {
            throw JournalError(.unavailable, "\(name) cannot be started: \(error)")
        }
        try? sent.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? sent.fileHandleForWriting.close()
        // Both are read to the end at once: a pipe that nobody reads would hold the program up.
        let words = DispatchQueue(label: "journal.slurm")
        nonisolated(unsafe) var said = Data()
        words.async { said = complaint.fileHandleForReading.readDataToEndOfFile() }
        let output = told.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        words.sync {}
        guard process.terminationStatus == 0, process.terminationReason == .exit else {
            let lines = String(decoding: said, as: UTF8.self).split(separator: "\n").map { line in
                line.hasPrefix("\(name): error: ") ? String(line.dropFirst(name.count + 9)) : String(line)
            }
            let reason =
                lines.isEmpty ? "it ended with code \(process.terminationStatus)" : lines.joined(separator: "; ")
            throw JournalError(.unavailable, "\(name): \(reason)")
        }
        return String(decoding: output, as: UTF8.self)
    }
}
